//! Tokens in a request.

use std::borrow::Cow;

use http::header;

use super::{
    super::config::{SessionConfig, TokenTransferMethod, TokenType},
    names,
};
use crate::{Context, Request, http::decode_cookie};

/// A token of the request, where it isn't empty. In header mode both tokens travel in the same
/// header: which one it is depends on the route.
pub(crate) fn token_from_request<'r>(
    cx: &Context,
    config: &SessionConfig,
    request: &'r Request,
    token: TokenType,
    method: TokenTransferMethod,
) -> Option<Cow<'r, str>> {
    match method {
        TokenTransferMethod::Header => bearer(request).map(Cow::Borrowed),
        TokenTransferMethod::Cookie => request.cookie(&config.cookie_name(cx, token)),
    }
    .filter(|text| !text.is_empty())
}

fn bearer(request: &Request) -> Option<&str> {
    let value = request.headers().get(header::AUTHORIZATION)?.as_bytes();
    let token = value.strip_prefix(b"Bearer ")?.trim_ascii();
    std::str::from_utf8(token).ok()
}

/// What a session check reads of a request, read in one pass: this stands in front of every
/// protected route.
pub(crate) struct Incoming<'r> {
    /// The bearer token, where it isn't empty.
    pub(crate) bearer: Option<&'r str>,
    /// The access token's cookie, where it isn't empty.
    pub(crate) cookie: Option<Cow<'r, str>>,
    /// How often the access token's cookie is there.
    pub(crate) cookies: usize,
    /// Whether the cookie of old versions is there.
    pub(crate) has_legacy_cookie: bool,
}

impl<'r> Incoming<'r> {
    pub(crate) fn read(cx: &Context, config: &SessionConfig, request: &'r Request) -> Self {
        let mut incoming = Self {
            bearer: bearer(request).filter(|token| !token.is_empty()),
            cookie: None,
            cookies: 0,
            has_legacy_cookie: false,
        };
        let access_name = config.cookie_name(cx, TokenType::Access);
        for (name, value) in request.raw_cookie_pairs() {
            if name == access_name {
                if incoming.cookies == 0 {
                    incoming.cookie = Some(decode_cookie(value)).filter(|it| !it.is_empty());
                }
                incoming.cookies += 1;
            } else if name == names::LEGACY_ID_COOKIE {
                incoming.has_legacy_cookie = true;
            }
        }
        incoming
    }

    /// The access token that came in one way.
    pub(crate) fn token(&self, method: TokenTransferMethod) -> Option<&str> {
        match method {
            TokenTransferMethod::Header => self.bearer,
            TokenTransferMethod::Cookie => self.cookie.as_deref(),
        }
    }
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
