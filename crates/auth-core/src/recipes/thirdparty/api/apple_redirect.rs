//! `POST /callback/apple`
//!
//! Apple's page posts its answer as a form, which a website can't read; so it is posted to the API,
//! and the browser is sent on to the website with the same fields in its address.

use auth_protocol::JsonObject;
use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use url::{Url, form_urlencoded};

use super::{super::ThirdPartyInstance, AppleRedirect, AppleRedirectHandlerPostInput};
use crate::{ApiCall, Context, Error, Response, Result};

/// As front ends write the state.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let body = cx.request().map(|request| request.body().clone()).unwrap_or_default();
    let fields: Vec<_> = form_urlencoded::parse(&body).into_owned().collect();
    let input = AppleRedirectHandlerPostInput::new(fields);
    let redirect = ThirdPartyInstance::of(cx)?.apis.apple_redirect_handler_post(cx, input).await?;
    let location = HeaderValue::try_from(redirect.location)
        .map_err(|_| Error::other("the address that Apple's form is sent on to is no header"))?;
    let mut headers = HeaderMap::new();
    headers.insert(header::LOCATION, location);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    // The address holds a code.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(Response { status: StatusCode::SEE_OTHER, headers, body: Bytes::new() })
}

pub(super) fn base(cx: &Context, input: &AppleRedirectHandlerPostInput) -> Result<AppleRedirect> {
    let fields = &input.form_post_info;
    let state = fields.iter().rfind(|(name, _)| name == "state").map(|(_, value)| value.as_str());
    let mut url = state
        .and_then(front_end_of)
        .ok_or_else(|| Error::bad_input("the form's state doesn't name a frontendRedirectURI"))?;
    // Whoever posts the form chooses the state: only the application's own pages get a code.
    if !cx.auth().app_info().is_known_origin(cx, &origin_of(&url)) {
        tracing::warn!(
            origin = origin_of(&url),
            "refused to send Apple's answer to a page of an unknown origin; if it is a website of \
             this application, name it in app_info.trusted_origins"
        );
        return Err(Error::bad_input(
            "the form's frontendRedirectURI isn't one of this application",
        ));
    }
    let others: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| fields.iter().all(|(field, _)| field != name))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    // Each field once, as the last one has it.
    let last = |index: usize| fields[index + 1..].iter().all(|(name, _)| *name != fields[index].0);
    let fields = fields.iter().enumerate().filter(|(index, _)| last(*index)).map(|(_, it)| it);
    url.query_pairs_mut().clear().extend_pairs(others).extend_pairs(fields);
    Ok(AppleRedirect { location: url.into() })
}

/// The page that the state names.
fn front_end_of(state: &str) -> Option<Url> {
    let state: JsonObject = serde_json::from_slice(&BASE64.decode(state).ok()?).ok()?;
    let url = Url::parse(state.get("frontendRedirectURI")?.as_str()?).ok()?;
    let is_plain = url.has_host() && url.username().is_empty() && url.password().is_none();
    is_plain.then_some(url)
}

/// As browsers name it; pages of applications on a device have one as well, such as
/// `capacitor://localhost`.
fn origin_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{}://{host}:{port}", url.scheme()),
        None => format!("{}://{host}", url.scheme()),
    }
}
