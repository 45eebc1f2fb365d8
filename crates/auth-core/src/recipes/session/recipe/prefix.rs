//! Names of cookies by which browsers see to their attributes (RFC 6265bis section 4.1.3).

use std::net::IpAddr;

use super::{SessionConfig, TokenType, browser::host_of, names};
use crate::{ConfigError, NormalisedAppInfo};

/// What the names of the session's cookies begin with. Only browsers look at it: a cookie of such a
/// name that lacks what the name promises is not kept.
///
/// Front ends needn't know: they never read these cookies, which are `HttpOnly`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CookiePrefix {
    /// Nothing: `sAccessToken`, `sRefreshToken`, the wire's own names.
    #[default]
    None,
    /// `__Secure-`: set by https alone. For cookies that several hosts share by
    /// [`cookie_domain`](super::SessionRecipe::cookie_domain).
    Secure,
    /// `__Host-`: set by https, by the very host that they go back to, for all of its paths. No
    /// other host of the domain can set or overwrite such a cookie, or hide it by another.
    ///
    /// It holds for both tokens, so the refresh token travels with every request to the API's host
    /// and not to the refresh route alone. A path keeps it from nobody: whoever runs on the host can
    /// have it sent. What keeps it is `HttpOnly`, and that a token is good once. Who lets one host
    /// write `Cookie` lines to a log, and can't change that, takes [`Self::Secure`].
    Host,
}

impl CookiePrefix {
    fn as_str(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Secure => "__Secure-",
            Self::Host => "__Host-",
        }
    }

    /// The wire's name behind the prefix.
    pub(super) fn usual_name(self, token: TokenType) -> &'static str {
        match (self, token) {
            (Self::None, token) => names::cookie(token),
            (Self::Secure, TokenType::Access) => "__Secure-sAccessToken",
            (Self::Secure, TokenType::Refresh) => "__Secure-sRefreshToken",
            (Self::Host, TokenType::Access) => "__Host-sAccessToken",
            (Self::Host, TokenType::Refresh) => "__Host-sRefreshToken",
        }
    }

    /// A name of the application's own behind the prefix.
    pub(super) fn before(self, name: String) -> String {
        match self {
            Self::None => name,
            _ => format!("{}{name}", self.as_str()),
        }
    }

    /// The path of the refresh token's cookie.
    pub(super) fn refresh_path(self, route: &str) -> &str {
        match self {
            Self::None | Self::Secure => route,
            Self::Host => "/",
        }
    }
}

/// Whether browsers see to the attributes of a cookie of this name, in small letters.
pub(super) fn has_prefix(name: &str) -> bool {
    ["__host-", "__secure-", "__http-"].iter().any(|prefix| name.starts_with(prefix))
}

/// Whom browsers trust without https (W3C's Secure Contexts section 3.1).
fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost"
        || host.ends_with(".localhost")
        || address.is_ok_and(|address| address.is_loopback())
}

/// Refuses a prefix by which browsers would drop every cookie.
pub(super) fn check(
    config: &SessionConfig,
    app_info: &NormalisedAppInfo,
) -> Result<(), ConfigError> {
    let prefix = config.cookie_prefix;
    let wrong = |problem: String, expected: &str| {
        let problem = format!("browsers drop a cookie named `{}…` {problem}", prefix.as_str());
        Err(ConfigError::new("session.cookie_prefix", problem, expected))
    };
    if config.older_cookie_prefix == Some(prefix) {
        let problem = "it is the one that cookies have now";
        let expected = "the prefix that they had before, or none of this setting";
        return Err(ConfigError::new("session.older_cookie_prefix", problem, expected));
    }
    if prefix == CookiePrefix::None {
        return Ok(());
    }
    let (api, host) = (&app_info.api_domain, host_of(&app_info.api_domain));
    if !api.starts_with("https") && !is_this_machine(&host) {
        let problem = format!("that `{api}` sets, which isn't https");
        return wrong(problem, "an `api_domain` with https, or `CookiePrefix::None`");
    }
    if !config.cookie_secure {
        let expected = "an `api_domain` with https, or for development `cookie_secure(true)`, by \
                        which Chromium keeps such cookies of this machine";
        return wrong("that isn't `Secure`".to_owned(), expected);
    }
    if prefix == CookiePrefix::Secure {
        return Ok(());
    }
    if let Some(domain) = &config.cookie_domain {
        let expected = "no `cookie_domain` (what it was is the `older_cookie_domain`), or \
                        `CookiePrefix::Secure`";
        return wrong(format!("with the domain `{domain}`"), expected);
    }
    if config.access_token_path != "/" {
        let problem = format!("with the path `{}`", config.access_token_path);
        return wrong(problem, "`/` as `access_token_path`, or `CookiePrefix::Secure`");
    }
    Ok(())
}
