//! `Set-Cookie` lines of sessions.

use cookie::{Cookie, Expiration};
use http::HeaderValue;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use time::{Duration, OffsetDateTime};

use super::super::recipe::{CookiePrefix, SameSite, SessionConfig, TokenType, names::is_token};
use crate::{Context, Error, Result, http::SetCookie};

/// What `encodeURIComponent` leaves alone (ECMA-262 section 19.2.6.4): clients decode with its
/// counterpart.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// How large a cookie may be, name and value together, for browsers to keep it (RFC 6265bis
/// section 5.6).
const COOKIE_LIMIT_BYTES: usize = 4096;

/// Writes a token's cookie; an empty value with expiry 0 clears it.
pub(crate) fn set_token_cookie(
    cx: &Context,
    config: &SessionConfig,
    token: TokenType,
    value: &str,
    expires_ms: i64,
) -> Result<()> {
    let name = config.cookie_name(cx, token);
    let domain = config.cookie_domain.as_deref();
    if name.len() + 1 + value.len() > COOKIE_LIMIT_BYTES {
        config.browser.warn_of_size(&name, value, COOKIE_LIMIT_BYTES);
    }
    set_cookie(cx, config, &name, value, expires_ms, path_of(config, token), domain)
}

/// Clears a token's cookie under every domain and path that another site under the same domain, or
/// this application before its settings changed, may have set it for.
pub(crate) fn clear_token_cookie_elsewhere(
    cx: &Context,
    config: &SessionConfig,
    token: TokenType,
) -> Result<()> {
    let name = config.cookie_name(cx, token);
    let (own_domain, own_path) = (config.cookie_domain.as_deref(), path_of(config, token));
    let paths = [own_path, "/"];
    let paths = if own_path == "/" { &paths[..1] } else { &paths[..] };
    let own = own_domain.map(|domain| domain.trim_start_matches('.'));
    let is_own = |domain: Option<&str>| domain == own;
    let others = config.browser.cookie_domains();
    for domain in others.iter().map(Option::as_deref).filter(|domain| !is_own(*domain)) {
        for path in paths {
            set_cookie(cx, config, &name, "", 0, path, domain)?;
        }
    }
    if own_path != "/" {
        set_cookie(cx, config, &name, "", 0, "/", own_domain)?;
    }
    Ok(())
}

/// Clears a token's cookie as it was set under another domain; an empty one stands for host-only.
pub(crate) fn clear_token_cookie_of_domain(
    cx: &Context,
    config: &SessionConfig,
    token: TokenType,
    domain: &str,
) -> Result<()> {
    let name = config.cookie_name(cx, token);
    let domain = Some(domain).filter(|domain| !domain.is_empty());
    set_cookie(cx, config, &name, "", 0, path_of(config, token), domain)
}

/// Clears a token's cookie of the name that it had before, as this application set it: another one
/// under the same domain may have that name today.
pub(crate) fn clear_older_token_cookie(
    cx: &Context,
    config: &SessionConfig,
    token: TokenType,
) -> Result<()> {
    let Some(name) = config.older_cookie_name(cx, token) else { return Ok(()) };
    let path = match token {
        TokenType::Access => &config.access_token_path,
        TokenType::Refresh => &config.older_refresh_token_path,
    };
    let older_domain = config.older_cookie_domain.as_deref();
    let older_domain = older_domain.map(|domain| Some(domain).filter(|it| !it.is_empty()));
    let domains = [Some(config.cookie_domain.as_deref()), older_domain];
    let domains = match config.older_cookie_prefix {
        // Such a cookie has none.
        Some(CookiePrefix::Host) => [Some(None), None],
        _ => domains,
    };
    domains
        .into_iter()
        .flatten()
        .try_for_each(|domain| set_cookie(cx, config, &name, "", 0, path, domain))
}

/// Clears a cookie that stands under the access token's path.
pub(crate) fn clear_cookie(cx: &Context, config: &SessionConfig, name: &str) -> Result<()> {
    let domain = config.cookie_domain.as_deref();
    set_cookie(cx, config, name, "", 0, &config.access_token_path, domain)
}

/// Writes a cookie that is no token's, for this host alone.
pub(crate) fn set_host_cookie(
    cx: &Context,
    config: &SessionConfig,
    name: &str,
    value: &str,
    expires_ms: i64,
    path: &str,
) -> Result<()> {
    set_cookie(cx, config, name, value, expires_ms, path, None)
}

fn path_of(config: &SessionConfig, token: TokenType) -> &str {
    match token {
        TokenType::Access => &config.access_token_path,
        TokenType::Refresh => &config.refresh_token_path,
    }
}

fn set_cookie(
    cx: &Context,
    config: &SessionConfig,
    name: &str,
    value: &str,
    expires_ms: i64,
    path: &str,
    domain: Option<&str>,
) -> Result<()> {
    let attributes = Attributes {
        path,
        domain,
        secure: config.cookie_secure,
        same_site: config.same_site(cx)?,
        expires_ms,
    };
    let line = line(name, value, &attributes)?;
    cx.changes().set_cookie(SetCookie {
        name: name.to_owned(),
        domain: domain.map(str::to_owned),
        path: path.to_owned(),
        line,
    });
    Ok(())
}

struct Attributes<'a> {
    path: &'a str,
    domain: Option<&'a str>,
    secure: bool,
    same_site: SameSite,
    expires_ms: i64,
}

/// The whole line. The value is percent-encoded, and the name must be a token (RFC 6265 section
/// 4.1.1), so that neither can add attributes or headers.
fn line(name: &str, value: &str, attributes: &Attributes<'_>) -> Result<HeaderValue> {
    if !is_token(name) {
        return Err(Error::other(format!("{name:?} can't be the name of a cookie")));
    }
    let value = utf8_percent_encode(value, ENCODED).to_string();
    let same_site = match attributes.same_site {
        SameSite::Strict => cookie::SameSite::Strict,
        SameSite::Lax => cookie::SameSite::Lax,
        SameSite::None => cookie::SameSite::None,
    };
    let expires = OffsetDateTime::UNIX_EPOCH
        .checked_add(Duration::milliseconds(attributes.expires_ms))
        .map_or(Expiration::Session, Expiration::DateTime);
    let cookie = Cookie::build((name, value))
        .path(attributes.path)
        .http_only(true)
        .secure(attributes.secure)
        .same_site(same_site)
        .expires(expires);
    let mut line = cookie.to_string();
    // Written here, for `Cookie` drops a leading dot.
    if let Some(domain) = attributes.domain {
        line.push_str("; Domain=");
        line.push_str(domain);
    }
    HeaderValue::try_from(line).map_err(Error::other)
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, Method, header};
    use proptest::prelude::*;

    use super::*;
    use crate::Request;

    fn attributes() -> Attributes<'static> {
        Attributes {
            path: "/auth/session/refresh",
            domain: Some(".example.com"),
            secure: true,
            same_site: SameSite::None,
            expires_ms: 1_700_000_000_000,
        }
    }

    #[test]
    fn a_cookie_line_has_every_attribute_and_an_http_date() {
        let line = line("sRefreshToken", "a+b/c=", &attributes()).unwrap();
        assert_eq!(
            line.to_str().unwrap(),
            "sRefreshToken=a%2Bb%2Fc%3D; HttpOnly; SameSite=None; Secure; \
             Path=/auth/session/refresh; Expires=Tue, 14 Nov 2023 22:13:20 GMT; \
             Domain=.example.com"
        );
    }

    #[test]
    fn clearing_expires_at_the_epoch() {
        let attributes = Attributes {
            path: "/",
            domain: None,
            secure: false,
            same_site: SameSite::Lax,
            expires_ms: 0,
        };
        assert_eq!(
            line("sAccessToken", "", &attributes).unwrap().to_str().unwrap(),
            "sAccessToken=; HttpOnly; SameSite=Lax; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"
        );
    }

    #[test]
    fn a_cookie_name_from_the_application_can_add_no_attribute() {
        for name in ["", "a;b", "a=b", "a b", "a\r\nSet-Cookie: x", "ü"] {
            assert!(line(name, "v", &attributes()).is_err(), "{name:?}");
        }
    }

    fn sent_back(name: &str, value: &str) -> Option<String> {
        let line = line(name, value, &attributes()).unwrap();
        let pair = line.to_str().unwrap().split(';').next().unwrap().to_owned();
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::try_from(format!("x=1; {pair}; y=2")).unwrap());
        let request = Request::new(Method::GET, "/", &headers);
        request.cookie(name).map(std::borrow::Cow::into_owned)
    }

    proptest! {
        #[test]
        fn any_value_comes_back_as_it_was_set(value in ".*") {
            prop_assert_eq!(sent_back("sAccessToken", &value), Some(value));
        }

        #[test]
        fn no_value_can_start_another_attribute_or_line(value in any::<String>()) {
            let line = line("n", &value, &attributes()).unwrap();
            let attributes = line.to_str().unwrap().split("; ").count();
            prop_assert_eq!(attributes, 7);
        }

        #[test]
        fn reading_cookies_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                let mut headers = HeaderMap::new();
                headers.insert(header::COOKIE, value);
                let request = Request::new(Method::GET, "/", &headers);
                let _ = request.cookie("sAccessToken");
                prop_assert!(request.raw_cookies("sAccessToken").count() <= bytes.len());
            }
        }
    }
}
