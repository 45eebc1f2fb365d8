//! The cookie domain and path, normalised (FDI: session configuration).

use std::net::Ipv4Addr;

use url::Url;

use crate::{ConfigError, app_info};

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
