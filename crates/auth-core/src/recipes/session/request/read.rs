//! Tokens in a request.

use std::{borrow::Cow, str};

use super::super::recipe::{SessionConfig, TokenTransferMethod, TokenType, names};
use crate::{
    Context, Request,
    http::{cookie_bytes, decode_cookie},
};

const AUTHORIZATION: &[u8; 13] = b"authorization";
const COOKIE: &[u8; 6] = b"cookie";

/// The tokens of a kind in the request that aren't empty, each once. In header mode both kinds
/// travel in the same header: which one it is depends on the route. There may be several cookies
/// of one name, as any site under the same domain can set one.
pub(crate) fn tokens_from_request<'r>(
    cx: &Context,
    config: &SessionConfig,
    request: &'r Request,
    token: TokenType,
    method: TokenTransferMethod,
) -> Vec<Cow<'r, str>> {
    let mut found = Vec::new();
    match method {
        TokenTransferMethod::Header => found.extend(bearer_token(request).map(Cow::Borrowed)),
        TokenTransferMethod::Cookie => {
            find_cookies(request, &config.cookie_name(cx, token), &mut found);
            // A cookie of the new name speaks alone.
            if found.is_empty()
                && let Some(older) = config.older_cookie_name(cx, token)
            {
                find_cookies(request, &older, &mut found);
            }
        }
    }
    found
}

fn find_cookies<'r>(request: &'r Request, name: &str, found: &mut Vec<Cow<'r, str>>) {
    for value in request.raw_cookies(name).map(decode_cookie) {
        if !value.is_empty() && !found.contains(&value) {
            found.push(value);
        }
    }
}

/// The bearer token of the request, where it isn't empty.
pub(crate) fn bearer_token(request: &Request) -> Option<&str> {
    let mut lines = request.header_lines();
    let (_, value) = lines.find(|(name, _)| is(name, AUTHORIZATION))?;
    str::from_utf8(bearer(value)?).ok().filter(|text| !text.is_empty())
}

#[inline]
fn is<const N: usize>(name: &[u8], wanted: &[u8; N]) -> bool {
    // The lengths tell most apart, and most servers give names in small letters.
    name.len() == N && (name == wanted || name.eq_ignore_ascii_case(wanted))
}

fn bearer(authorization: &[u8]) -> Option<&[u8]> {
    Some(authorization.strip_prefix(b"Bearer ")?.trim_ascii())
}

/// What a session check reads of a request, read in one pass: this stands in front of every
/// protected route.
pub(crate) struct Incoming<'r> {
    /// The bearer token, where it isn't empty.
    pub(crate) bearer: Option<&'r [u8]>,
    /// The access token's cookie, where it isn't empty.
    pub(crate) cookie: Option<Cow<'r, str>>,
    /// Further cookies of that name, each once, which aren't empty.
    pub(crate) more_cookies: Vec<Cow<'r, str>>,
    /// Whether the cookie of old versions is there.
    pub(crate) has_legacy_cookie: bool,
}

impl<'r> Incoming<'r> {
    pub(crate) fn read(cx: &Context, config: &SessionConfig, request: &'r Request) -> Self {
        let mut incoming =
            Self { bearer: None, cookie: None, more_cookies: Vec::new(), has_legacy_cookie: false };
        let access_name = config.cookie_name(cx, TokenType::Access);
        incoming.read_lines(request, &access_name);
        if incoming.cookie.is_none()
            && let Some(older) = config.older_cookie_name(cx, TokenType::Access)
        {
            incoming.read_lines(request, &older);
        }
        incoming
    }

    fn read_lines(&mut self, request: &'r Request, access_name: &str) {
        let mut is_authorization_read = false;
        for (name, value) in request.header_lines() {
            if is(name, COOKIE) {
                self.read_cookies(value, access_name);
            } else if !is_authorization_read && is(name, AUTHORIZATION) {
                is_authorization_read = true;
                self.bearer = bearer(value).filter(|token| !token.is_empty());
            }
        }
    }

    fn read_cookies(&mut self, line: &'r [u8], access_name: &str) {
        for (name, value) in cookie_bytes(line) {
            if name == access_name.as_bytes() {
                // What is no text hides no other.
                let Ok(value) = str::from_utf8(value) else { continue };
                let value = decode_cookie(value);
                match &self.cookie {
                    _ if value.is_empty() => {}
                    None => self.cookie = Some(value),
                    Some(first) if *first == value || self.more_cookies.contains(&value) => {}
                    Some(_) => self.more_cookies.push(value),
                }
            } else if name == names::LEGACY_ID_COOKIE.as_bytes() {
                self.has_legacy_cookie = true;
            }
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

/// Whether the request carries a cookie of this kind, under its name or the one that it had.
pub(crate) fn has_cookie(
    cx: &Context,
    config: &SessionConfig,
    request: &Request,
    token: TokenType,
) -> bool {
    count_cookies(cx, config, request, token) > 0 || has_older_cookie(cx, config, request, token)
}

/// Whether the request carries a token's cookie under the name that it had.
pub(crate) fn has_older_cookie(
    cx: &Context,
    config: &SessionConfig,
    request: &Request,
    token: TokenType,
) -> bool {
    let older = config.older_cookie_name(cx, token);
    older.is_some_and(|name| request.raw_cookies(&name).next().is_some())
}

/// The anti-CSRF token of the request.
pub(crate) fn anti_csrf_token(request: &Request) -> Option<&str> {
    request.header(names::ANTI_CSRF.as_str())
}
