//! The attributes of session cookies: `SameSite`, domain and path (FDI §2.1).

use std::net::Ipv4Addr;

use arc_swap::ArcSwapOption;
use url::Url;

use super::SameSite;
use crate::{
    ConfigError, Context, Error, NormalisedAppInfo, Result, app_info, normalise::top_level_site,
};

/// Which `SameSite` attribute session cookies get (FDI §2.1).
pub(crate) struct SameSiteRule {
    fixed: Option<SameSite>,
    api_site: String,
    api_is_https: bool,
    /// The last website origin seen with what followed from it: there is hardly ever a second.
    last: ArcSwapOption<Website>,
}

struct Website {
    origin: String,
    same_site: SameSite,
    is_local: bool,
}

impl SameSiteRule {
    pub(super) fn new(
        fixed: Option<SameSite>,
        app_info: &NormalisedAppInfo,
    ) -> Result<Self, ConfigError> {
        Ok(Self {
            fixed,
            api_site: site_of("app_info.api_domain", &app_info.api_domain)?,
            api_is_https: app_info.api_domain.starts_with("https"),
            last: ArcSwapOption::empty(),
        })
    }

    /// The attribute for a response in this context: as configured, or `None` where the website
    /// is on another site or scheme than the API, else `Lax`.
    pub(crate) fn resolve(&self, cx: &Context) -> Result<SameSite> {
        match self.fixed {
            Some(same_site) => Ok(same_site),
            None => self.with_website(cx, |website| website.same_site),
        }
    }

    /// The attribute for a website whose origin is always the same.
    pub(super) fn for_website(&self, origin: &str) -> Option<SameSite> {
        let same = top_level_site(origin).ok()? == self.api_site
            && origin.starts_with("https") == self.api_is_https;
        Some(self.fixed.unwrap_or(if same { SameSite::Lax } else { SameSite::None }))
    }

    /// Whether API and website both are on this machine, where cookies need no `Secure`.
    pub(crate) fn is_local(&self, cx: &Context) -> Result<bool> {
        Ok(self.api_site == "localhost" && self.with_website(cx, |website| website.is_local)?)
    }

    fn with_website<T>(&self, cx: &Context, read: impl FnOnce(&Website) -> T) -> Result<T> {
        let origin = cx.auth().app_info().website_origin(cx)?;
        let last = self.last.load();
        if let Some(website) = last.as_ref().filter(|website| website.origin == origin) {
            return Ok(read(website));
        }
        let website_site = site_of("app_info.origin", &origin).map_err(Error::other)?;
        let same =
            website_site == self.api_site && origin.starts_with("https") == self.api_is_https;
        let website = Website {
            same_site: if same { SameSite::Lax } else { SameSite::None },
            is_local: website_site == "localhost",
            origin,
        };
        let result = read(&website);
        self.last.store(Some(website.into()));
        Ok(result)
    }
}

fn site_of(field: &'static str, domain: &str) -> Result<String, ConfigError> {
    top_level_site(domain).map_err(|_| {
        ConfigError::new(
            field,
            format!("{domain:?} belongs to no site"),
            "a domain below a public suffix, localhost, or an address",
        )
    })
}

/// Lower case, without scheme and port; one leading dot is kept where it was given, but never
/// before `localhost` or an address.
pub(super) fn normalise_cookie_domain(
    field: &'static str,
    text: &str,
) -> Result<String, ConfigError> {
    let invalid = || {
        ConfigError::new(
            field,
            format!("{text:?} is no domain"),
            "a domain such as example.com or .example.com",
        )
    };
    let lower = text.trim().to_ascii_lowercase();
    let (dot, rest) = match lower.strip_prefix('.') {
        Some(rest) => (".", rest),
        None => ("", lower.as_str()),
    };
    let url = if rest.starts_with("http://") || rest.starts_with("https://") {
        Url::parse(rest)
    } else {
        Url::parse(&format!("https://{rest}"))
    };
    let url = url.map_err(|_| invalid())?;
    let has_more = url.path() != "/" || url.query().is_some() || url.fragment().is_some();
    if has_more || !url.username().is_empty() || url.password().is_some() {
        return Err(invalid());
    }
    let host = url.host_str().filter(|host| is_attribute_text(host)).ok_or_else(invalid)?;
    let bare = host == "localhost" || host.parse::<Ipv4Addr>().is_ok();
    Ok(if bare { host.to_owned() } else { format!("{dot}{host}") })
}

/// Letters, digits, and what else host names are made of: nothing that could end the attribute.
fn is_attribute_text(host: &str) -> bool {
    !host.is_empty()
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
}

/// A path as it stands in a cookie: with a leading slash, without a trailing one unless it is
/// the root.
pub(super) fn cookie_path(path: &str) -> Result<String, ConfigError> {
    let path = app_info::path("session.access_token_path", path)?;
    Ok(if path.is_empty() { "/".into() } else { path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_domain_loses_scheme_port_path_and_upper_case_but_keeps_a_leading_dot() {
        for (given, normalised) in [
            ("example.com", "example.com"),
            (" .Example.com ", ".example.com"),
            ("https://api.example.com:3000", "api.example.com"),
            (".localhost", "localhost"),
            ("http://localhost:3000", "localhost"),
            (".127.0.0.1", "127.0.0.1"),
        ] {
            assert_eq!(normalise_cookie_domain("f", given).unwrap(), normalised, "{given}");
        }
    }

    #[test]
    fn a_cookie_path_has_a_leading_slash_and_no_trailing_one() {
        for (given, normalised) in [("/", "/"), ("", "/"), ("api/", "/api"), ("/a/b", "/a/b")] {
            assert_eq!(cookie_path(given).unwrap(), normalised, "{given}");
        }
        for given in ["/a; Domain=evil.example", "/a?b", "/a#b", "/a\r\nb"] {
            assert!(cookie_path(given).is_err(), "{given:?}");
        }
    }

    #[test]
    fn a_cookie_domain_can_carry_no_further_attribute() {
        for given in [
            "",
            "exa mple.com",
            "a.com; Secure",
            "a.com\r\nX: y",
            "[::1]",
            "a.com/x",
            "a.com?x",
            "b@a.com",
        ] {
            let domain = normalise_cookie_domain("f", given);
            assert!(domain.is_err(), "{given:?} became {domain:?}");
        }
    }
}
