//! `GET /authorisationurl`

use http::{HeaderValue, header};
use serde_json::json;

use super::{super::ThirdPartyInstance, AuthorisationUrlGetInput, provider_of};
use crate::{ApiCall, Error, Response, Result};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let ApiCall { cx, tenant_id } = &call;
    let param = |name: &str| {
        cx.request().and_then(|request| request.query_param(name)).filter(|it| !it.is_empty())
    };
    let required = |name: &str| {
        let missing = || Error::bad_input(format!("Please provide the {name} as a GET param"));
        param(name).ok_or_else(missing)
    };
    let third_party_id = required("thirdPartyId")?;
    let redirect_uri = required("redirectURIOnProviderDashboard")?;
    let provider = provider_of(cx, third_party_id, tenant_id, param("clientType")).await?;
    let input = AuthorisationUrlGetInput::new(provider, redirect_uri).tenant_id(tenant_id);
    let there = ThirdPartyInstance::of(cx)?.apis.authorisation_url_get(cx, input).await?;
    let mut body = json!({ "status": "OK", "urlWithQueryParams": there.url });
    if let Some(verifier) = &there.verifier {
        body["pkceCodeVerifier"] = verifier.expose_secret().into();
    }
    let mut response = Response::ok(&body);
    // The verifier is one browser's.
    response.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
