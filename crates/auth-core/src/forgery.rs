//! Requests that another site makes a browser send (RFC 6265bis section 8.2; the Fetch standard's
//! `Origin`, W3C's Fetch Metadata).
//!
//! Where a cookie speaks for the client, or one will be set, two things must be right: the page that
//! the request comes from, where the browser names it, and, on sign-in's own routes, a content type
//! or header that pages of other sites can't send without CORS.

use http::{Method, header};

use crate::{
    Context, Error, Request, Result,
    recipes::session::{
        AllowedTransferMethod, SessionInstance, TokenType, bearer_token, has_cookie,
    },
};

/// Any of them makes a browser ask by CORS first, and every front end on the SDK sends some.
const SDK_HEADERS: [&str; 4] = ["rid", "st-auth-mode", "fdi-version", "anti-csrf"];

const FETCH_SITE: &str = "sec-fetch-site";

/// In the user context: the route takes requests from pages of any site, such as a form by which a
/// provider sends its answer.
#[derive(Clone, Copy)]
pub(crate) struct FromAnySite;

/// Checks a request to one of sign-in's own routes.
pub(crate) fn check_route(cx: &Context) -> Result<()> {
    let Some(request) = cx.request().filter(|request| !is_safe(request.method())) else {
        return Ok(());
    };
    if !is_about_cookies(cx, request) {
        return Ok(());
    }
    check_origin(cx, request)?;
    if has_sdk_header(request) || is_json_or_empty(request) || is_open(cx) {
        return Ok(());
    }
    Err(Error::Forged("a content type of application/json, or the header `rid`, is needed here"))
}

/// Checks a request that is answered with a new session's cookies.
pub(crate) fn check_sign_in(cx: &Context) -> Result<()> {
    match cx.request() {
        Some(request) if !is_safe(request.method()) => check_origin(cx, request),
        _ => Ok(()),
    }
}

/// Refuses a request of a page whose origin isn't known. Clients other than browsers name none.
pub(crate) fn check_origin(cx: &Context, request: &Request) -> Result<()> {
    if comes_from_known_page(cx, request) || is_open(cx) {
        return Ok(());
    }
    tracing::warn!(
        origin = request.header(header::ORIGIN.as_str()).unwrap_or("-"),
        fetch_site = request.header(FETCH_SITE).unwrap_or("-"),
        "refused a request with cookies from a page of an unknown origin; if it is a website of \
         this application, name it in app_info.trusted_origins"
    );
    Err(Error::Forged("the request comes from a page of an unknown origin"))
}

fn is_open(cx: &Context) -> bool {
    cx.get::<FromAnySite>().is_some()
}

fn comes_from_known_page(cx: &Context, request: &Request) -> bool {
    let fetch_site = request.header_values(FETCH_SITE).next();
    let mut origins = request.header_values(header::ORIGIN.as_str()).peekable();
    if origins.peek().is_none() {
        return matches!(fetch_site, None | Some(b"same-origin" | b"none"));
    }
    let is_own_page = |origin: &[u8]| match fetch_site {
        Some(site) => site == b"same-origin",
        // Browsers tell it over https only, and older ones don't.
        None => is_origin_of_host(origin, request),
    };
    origins.all(|origin| {
        let text = str::from_utf8(origin).unwrap_or_default();
        cx.auth().app_info().is_known_origin(cx, text) || is_own_page(origin)
    })
}

fn is_origin_of_host(origin: &[u8], request: &Request) -> bool {
    let Some(host) = request.header_values(header::HOST.as_str()).next() else { return false };
    let origin_host = origin.strip_prefix(b"https://").or_else(|| origin.strip_prefix(b"http://"));
    !host.is_empty() && origin_host.is_some_and(|it| it.eq_ignore_ascii_case(host))
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether a cookie authenticates the request, or the answer may set one.
fn is_about_cookies(cx: &Context, request: &Request) -> bool {
    let Some(config) = cx.auth().session_recipe().map(SessionInstance::config) else {
        return false;
    };
    // A bearer token can't be sent without CORS either.
    if bearer_token(request).is_some() {
        return false;
    }
    let carries = |token| has_cookie(cx, config, request, token);
    let is_read = config.allowed_transfer_method(cx, false) != AllowedTransferMethod::Header;
    (is_read && (carries(TokenType::Access) || carries(TokenType::Refresh)))
        || config.allowed_transfer_method(cx, true) == AllowedTransferMethod::Cookie
}

fn has_sdk_header(request: &Request) -> bool {
    SDK_HEADERS.iter().any(|name| request.header_values(name).next().is_some())
}

/// Without a body nothing needs a type: a page that sends none is told by its origin.
fn is_json_or_empty(request: &Request) -> bool {
    let mut types = request.header_values(header::CONTENT_TYPE.as_str()).peekable();
    if types.peek().is_none() {
        return request.body().is_empty();
    }
    types.all(is_json)
}

fn is_json(content_type: &[u8]) -> bool {
    let essence = content_type.split(|byte| *byte == b';').next().unwrap_or_default();
    let essence = essence.trim_ascii().to_ascii_lowercase();
    match essence.strip_prefix(b"application/") {
        Some(subtype) => subtype == b"json" || subtype.ends_with(b"+json"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_types_that_a_form_cannot_have_are_json() {
        for json in [
            "application/json",
            "Application/JSON; charset=utf-8",
            " application/json ;x",
            "application/vnd.api+json",
        ] {
            assert!(is_json(json.as_bytes()), "{json}");
        }
        for other in [
            "",
            "text/plain",
            "text/plain; application/json",
            "text/plain;charset=application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=application/json",
            "application/json-seq",
            "application/json, text/plain",
            "json",
        ] {
            assert!(!is_json(other.as_bytes()), "{other}");
        }
    }
}
