//! Tokens in a request.

use std::borrow::Cow;

use http::header;

use super::{
    super::config::{SessionConfig, TokenTransferMethod, TokenType},
    names,
};
use crate::{Context, Request};

/// A token of the request, where it isn't empty. In header mode both tokens travel in the same
/// header: which one it is depends on the route.
pub(crate) fn token_from_request<'r>(
    cx: &Context,
    config: &SessionConfig,
    request: &'r Request,
    token: TokenType,
    method: TokenTransferMethod,
) -> Option<Cow<'r, str>> {
    let text = match method {
        TokenTransferMethod::Header => {
            let value = request.header(header::AUTHORIZATION.as_str())?;
            Cow::Borrowed(value.strip_prefix("Bearer ")?.trim())
        }
        TokenTransferMethod::Cookie => request.cookie(&config.cookie_name(cx, token))?,
    };
    Some(text).filter(|text| !text.is_empty())
}

/// How often the request carries a token's cookie.
pub(crate) fn count_cookies(
    cx: &Context,
    config: &SessionConfig,
    request: &Request,
    token: TokenType,
) -> usize {
    request.raw_cookies(&config.cookie_name(cx, token)).count()
}

/// The anti-CSRF token of the request.
pub(crate) fn anti_csrf_token(request: &Request) -> Option<&str> {
    request.header(names::ANTI_CSRF.as_str())
}
