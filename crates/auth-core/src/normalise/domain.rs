//! Domains: a scheme and an authority, nothing after it.

use url::Url;

use super::{NormaliseError, is_local};

const INVALID: NormaliseError = NormaliseError("Please provide a valid domain name");
const SCHEMES: [&str; 3] = ["http://", "https://", "supertokens://"];

/// Brings a domain into the form `scheme://host[:port]`, lower-cased, without a trailing slash.
///
/// Without a scheme, `localhost…` and IPv4 addresses get `http`, everything else `https`.
///
/// ```
/// use auth_core::normalise::domain;
///
/// assert_eq!(domain("API.example.com/path").unwrap(), "https://api.example.com");
/// assert_eq!(domain("localhost:8080").unwrap(), "http://localhost:8080");
/// ```
///
/// # Errors
/// [`NormaliseError`] where the text names no host.
pub fn domain(input: &str) -> Result<String, NormaliseError> {
    let input = input.trim().to_lowercase();
    if SCHEMES.iter().any(|scheme| input.starts_with(scheme))
        && let Some(domain) =
            Url::parse(&input).ok().and_then(|url| with_scheme(&url, url.scheme()))
    {
        return Ok(domain);
    }
    // Another scheme would be taken for the host.
    if input.starts_with('/') || input.contains("://") {
        return Err(INVALID);
    }
    let bare = input.strip_prefix('.').unwrap_or(&input);
    if !(bare.contains('.') || bare.starts_with("localhost")) {
        return Err(INVALID);
    }
    // The scheme is a guess: it decides only which port is the default while parsing.
    let url = Url::parse(&format!("https://{bare}")).map_err(|_| INVALID)?;
    let host = url.host_str().ok_or(INVALID)?;
    let scheme = if is_local(host) { "http" } else { "https" };
    let guessed = with_scheme(&url, scheme).ok_or(INVALID)?;
    // Once more, for the default port of the scheme that was chosen.
    let url = Url::parse(&guessed).map_err(|_| INVALID)?;
    with_scheme(&url, scheme).ok_or(INVALID)
}

fn with_scheme(url: &Url, scheme: &str) -> Option<String> {
    let host = url.host_str().filter(|host| !host.is_empty())?;
    Some(match url.port() {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn domains_are_trimmed_lower_cased_and_cut_after_the_port() {
        for (input, wanted) in [
            ("http://api.example.com", "http://api.example.com"),
            ("https://api.example.com", "https://api.example.com"),
            ("  HTTPS://API.Example.com/one/two?three#four ", "https://api.example.com"),
            ("http://api.example.com?hello=1", "http://api.example.com"),
            ("http://api.example.com/", "http://api.example.com"),
            ("supertokens://localhost", "supertokens://localhost"),
            ("https://api.example.com:4000/auth", "https://api.example.com:4000"),
            ("http://127.0.0.1:3000/x", "http://127.0.0.1:3000"),
            ("https://localhost:3000", "https://localhost:3000"),
        ] {
            assert_eq!(domain(input).as_deref(), Ok(wanted), "{input}");
        }
    }

    #[test]
    fn default_ports_are_dropped() {
        assert_eq!(domain("http://example.com:80").as_deref(), Ok("http://example.com"));
        assert_eq!(domain("https://example.com:443").as_deref(), Ok("https://example.com"));
        assert_eq!(domain("example.com:443").as_deref(), Ok("https://example.com"));
        assert_eq!(domain("http://example.com:443").as_deref(), Ok("http://example.com:443"));
    }

    #[test]
    fn a_missing_scheme_is_http_for_localhost_and_ipv4_and_https_for_the_rest() {
        for (input, wanted) in [
            ("localhost", "http://localhost"),
            ("localhost.org", "http://localhost.org"),
            ("localhost:4000/auth", "http://localhost:4000"),
            ("127.0.0.1", "http://127.0.0.1"),
            ("127.0.0.1:80", "http://127.0.0.1"),
            ("api.example.com", "https://api.example.com"),
            ("api.example.com:8080/x", "https://api.example.com:8080"),
            (".example.com", "https://example.com"),
            ("example.com?dfdf=1", "https://example.com"),
        ] {
            assert_eq!(domain(input).as_deref(), Ok(wanted), "{input}");
        }
    }

    #[test]
    fn a_text_that_names_no_host_is_refused_with_what_to_provide() {
        for input in ["", "/", "/one/two", "/127.0.0.1", "example", "http://", "https://", "a b.c"]
            .into_iter()
            .chain(["ftp://example.com", "example.com?to=https://example.com"])
        {
            assert_eq!(domain(input), Err(INVALID), "{input}");
        }
        assert_eq!(INVALID.to_string(), "Please provide a valid domain name");
    }

    proptest! {
        #[test]
        fn normalising_twice_is_normalising_once(input in ".{0,40}|[a-z.:/0-9]{0,24}|localhost[a-z.:/0-9]{0,8}") {
            if let Ok(once) = domain(&input) {
                prop_assert!(!once.ends_with('/'));
                prop_assert_eq!(domain(&once), Ok(once));
            }
        }
    }
}
