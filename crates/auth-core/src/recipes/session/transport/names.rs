//! The names of session cookies and headers (FDI: cookies and headers).

use http::HeaderName;

use super::super::config::{TokenTransferMethod, TokenType};
use crate::Context;

/// Tells a client its user, the access token's expiry and payload.
pub(crate) const FRONT_TOKEN: HeaderName = HeaderName::from_static("front-token");
/// The anti-CSRF token, in requests and responses.
pub(crate) const ANTI_CSRF: HeaderName = HeaderName::from_static("anti-csrf");
/// The cookie of versions before `front-token`; never set any more.
pub(crate) const LEGACY_ID_COOKIE: &str = "sIdRefreshToken";

const ACCESS_TOKEN: HeaderName = HeaderName::from_static("st-access-token");
const REFRESH_TOKEN: HeaderName = HeaderName::from_static("st-refresh-token");
const AUTH_MODE: &str = "st-auth-mode";

pub(crate) fn cookie(token: TokenType) -> &'static str {
    match token {
        TokenType::Access => "sAccessToken",
        TokenType::Refresh => "sRefreshToken",
    }
}

pub(crate) fn response_header(token: TokenType) -> HeaderName {
    match token {
        TokenType::Access => ACCESS_TOKEN,
        TokenType::Refresh => REFRESH_TOKEN,
    }
}

/// The way of transfer that the client asks for in `st-auth-mode`.
pub(crate) fn auth_mode(cx: &Context) -> Option<TokenTransferMethod> {
    let mode = cx.request()?.header(AUTH_MODE)?;
    if mode.eq_ignore_ascii_case("cookie") {
        Some(TokenTransferMethod::Cookie)
    } else if mode.eq_ignore_ascii_case("header") {
        Some(TokenTransferMethod::Header)
    } else {
        None
    }
}
