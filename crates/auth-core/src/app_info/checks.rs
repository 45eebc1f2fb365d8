//! What an application may write for its name, its domains and its paths. Normalising drops much of
//! what was meant otherwise; here it is refused, and the setting is named as it is written in Rust.

use url::{Host, Url};

use crate::{ConfigError, normalise};

pub(super) const DOMAIN_EXPECTED: &str =
    "a domain such as `https://example.com` or `http://localhost:3000`";
const PATH_EXPECTED: &str = "a path such as `/auth`";
const NAME_EXPECTED: &str = "the application's name, for mails";
const SITE_EXPECTED: &str = "a name below a public suffix, such as `https://api.example.com`; for \
                             development `localhost`, an IPv4 address, or a name that ends in \
                             `.local`";
/// `supertokens` is the reference's, for websites that are no websites.
const SCHEMES: [&str; 3] = ["http", "https", "supertokens"];

pub(super) fn name(name: &str) -> Result<(), ConfigError> {
    let problem = if name.trim().is_empty() {
        "it is empty"
    } else if name.chars().any(char::is_control) {
        "it contains control characters"
    } else {
        return Ok(());
    };
    Err(ConfigError::new("app_info.app_name", problem, NAME_EXPECTED))
}

/// A scheme and a host that browsers know a site for, and nothing after them.
pub(crate) fn domain(field: &str, text: &str) -> Result<String, ConfigError> {
    let refuse = |problem: String| ConfigError::new(field, problem, DOMAIN_EXPECTED);
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(refuse("it is empty".to_owned()));
    }
    let (scheme, rest) = match trimmed.split_once("://") {
        Some((scheme, rest)) => (Some(scheme.to_lowercase()), rest),
        None => (None, trimmed),
    };
    if let Some(scheme) = scheme.filter(|scheme| !SCHEMES.contains(&scheme.as_str())) {
        return Err(refuse(format!("`{text}` has the scheme `{scheme}`, which is no website's")));
    }
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, after) = rest.split_at(end);
    if !matches!(after, "" | "/") {
        let expected = format!("{DOMAIN_EXPECTED}; paths are settings of their own");
        return Err(ConfigError::new(
            field,
            format!("`{text}` has `{after}` behind the domain"),
            expected,
        ));
    }
    if authority.contains('@') {
        // It may be a password.
        return Err(refuse("it names a user".to_owned()));
    }
    let is_host = |c: char| c.is_alphanumeric() || "-._:[]".contains(c);
    if let Some(wrong) = authority.chars().find(|c| !is_host(*c)) {
        return Err(refuse(format!("`{text}` holds {wrong:?}, which is part of no domain")));
    }
    let normalised =
        normalise::domain(text).map_err(|_| refuse(format!("`{text}` is no domain")))?;
    if normalise::top_level_site(&normalised).is_err() {
        return Err(ConfigError::new(field, without_site(&normalised), SITE_EXPECTED));
    }
    Ok(normalised)
}

/// A website, or the page of an application on a device, such as `capacitor://localhost`.
pub(super) fn trusted_origin(text: &str) -> Result<String, ConfigError> {
    const FIELD: &str = "app_info.trusted_origins";
    let trimmed = text.trim().trim_end_matches('/');
    if trimmed.contains('*') {
        return Err(ConfigError::new(
            FIELD,
            format!("`{text}` has a wildcard"),
            "each origin by itself; `app_info.origin` decides for each request",
        ));
    }
    let is_host = |host: &str| !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']);
    match trimmed.split_once("://") {
        Some((scheme, host))
            if is_host(host)
                && !scheme.is_empty()
                && scheme.bytes().all(|byte| byte == b'-' || byte.is_ascii_alphanumeric())
                && !scheme.to_ascii_lowercase().starts_with("http") =>
        {
            Ok(trimmed.to_ascii_lowercase())
        }
        _ => domain(FIELD, trimmed),
    }
}

/// Why browsers know no site for a domain, so that no `SameSite` can be told.
fn without_site(domain: &str) -> String {
    let url = Url::parse(domain).ok();
    let why = match url.as_ref().and_then(Url::host) {
        Some(Host::Ipv6(_)) => "is an IPv6 address".to_owned(),
        Some(Host::Domain(host)) if !host.contains('.') => format!("`{host}` has no dot in it"),
        Some(Host::Domain(host)) => format!("`{host}` is a public suffix, or below none"),
        _ => "has no host".to_owned(),
    };
    format!("`{domain}` belongs to no site that browsers know: {why}")
}

/// A path that routes can lie below, and that can stand in a cookie.
pub(crate) fn path(field: &str, text: &str) -> Result<String, ConfigError> {
    let refuse = |problem: String| Err(ConfigError::new(field, problem, PATH_EXPECTED));
    if let Some(wrong) = text.trim().chars().find(|c| "?#;\\".contains(*c) || c.is_control()) {
        return refuse(format!("`{}` holds {wrong:?}", text.escape_debug()));
    }
    let Ok(path) = normalise::path(text) else { return refuse(format!("`{text}` is no path")) };
    if path.contains("//") {
        return refuse(format!("`{text}` has an empty part"));
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(checked: Result<String, ConfigError>) -> String {
        checked.expect_err("refused").to_string()
    }

    #[test]
    fn a_domain_is_a_scheme_and_a_host_that_has_a_site() {
        for (text, wanted) in [
            (" API.example.com/ ", "https://api.example.com"),
            ("https://example.com:8443", "https://example.com:8443"),
            ("localhost:3000", "http://localhost:3000"),
            ("http://192.168.0.7:3000", "http://192.168.0.7:3000"),
            ("http://printer.local", "http://printer.local"),
            ("https://müller.example.com", "https://xn--mller-kva.example.com"),
            ("supertokens://localhost", "supertokens://localhost"),
        ] {
            assert_eq!(domain("f", text).expect(text), wanted);
        }
        for (text, why) in [
            ("", "it is empty"),
            (" ", "it is empty"),
            ("ftp://example.com", "the scheme `ftp`"),
            ("file:///x", "the scheme `file`"),
            ("https://example.com/x", "`/x` behind the domain"),
            ("example.com/x", "`/x` behind the domain"),
            ("https://example.com?x=1", "`?x=1` behind the domain"),
            ("https://example.com/#x", "`/#x` behind the domain"),
            ("https://ada:pass@example.com", "it names a user"),
            ("https://exa mple.com", "holds ' '"),
            ("https://*.example.com", "holds '*'"),
            ("https://a.example.com,https://b.example.com", "`//b.example.com` behind"),
            ("https://example.com:99999", "is no domain"),
            ("https://", "is no domain"),
            ("example", "is no domain"),
            ("http://my-server:3000", "`my-server` has no dot in it"),
            ("http://[::1]:3000", "is an IPv6 address"),
            ("https://co.uk", "`co.uk` is a public suffix"),
        ] {
            let problem = problem(domain("app_info.api_domain", text));
            assert!(problem.contains(why), "{text}: {problem}");
            assert!(problem.starts_with("`app_info.api_domain`: "), "{problem}");
            assert!(!problem.contains("apiDomain") && !problem.contains("pass"), "{problem}");
        }
    }

    #[test]
    fn a_path_has_neither_query_nor_hash_nor_what_ends_a_cookie_s_path() {
        for (text, wanted) in [("/", ""), ("", ""), ("auth/", "/auth"), ("/a/b", "/a/b")] {
            assert_eq!(path("f", text).expect(text), wanted);
        }
        for text in ["/auth?x=1", "/auth#x", "/#/auth", "/auth;x", "/a\\b", "/a\nb", "/a//b", "//a"]
        {
            problem(path("f", text));
        }
    }
}
