//! Sites: what browsers compare to decide `SameSite`.

use url::Url;

use super::{NormaliseError, is_local};

const INVALID: NormaliseError =
    NormaliseError("Please make sure that the apiDomain and websiteDomain have correct values");

/// The registrable domain of a URL's host by the public suffix list, private suffixes included;
/// `localhost` for `localhost…` and IPv4 addresses.
///
/// ```
/// use auth_core::normalise::top_level_site;
///
/// assert_eq!(top_level_site("https://api.example.co.uk").unwrap(), "example.co.uk");
/// assert_eq!(top_level_site("http://127.0.0.1:3000").unwrap(), "localhost");
/// ```
///
/// # Errors
/// [`NormaliseError`] where the text is no URL or its host belongs to nobody, such as `co.uk`.
pub fn top_level_site(url: &str) -> Result<String, NormaliseError> {
    let url = Url::parse(url).map_err(|_| INVALID)?;
    let host = url.host_str().filter(|host| !host.starts_with('[')).ok_or(INVALID)?;
    if is_local(host) {
        return Ok("localhost".to_owned());
    }
    // Local is no suffix of the list: hosts on a local network are sites of their own.
    if host.rsplit_once('.').is_some_and(|(_, last)| last == "local") {
        return Ok(host.to_owned());
    }
    match psl::domain_str(host) {
        Some(domain) => Ok(domain.to_owned()),
        None if host.ends_with(".amazonaws.com") => Ok(host.to_owned()),
        None => Err(INVALID),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_site_is_the_registrable_domain_by_the_public_suffix_list() {
        for (input, wanted) in [
            ("https://example.com", "example.com"),
            ("https://a.b.example.com:3000", "example.com"),
            ("https://api.example.co.uk", "example.co.uk"),
            // Private suffixes count.
            ("https://one.github.io", "one.github.io"),
            ("https://a.one.github.io", "one.github.io"),
            ("https://app.herokuapp.com", "app.herokuapp.com"),
            ("https://www.example.dev", "example.dev"),
        ] {
            assert_eq!(top_level_site(input).as_deref(), Ok(wanted), "{input}");
        }
    }

    #[test]
    fn localhost_and_ipv4_addresses_are_one_site() {
        for input in [
            "http://localhost:3000",
            "http://localhost.example",
            "http://127.0.0.1",
            "https://10.0.0.7:1",
        ] {
            assert_eq!(top_level_site(input).as_deref(), Ok("localhost"), "{input}");
        }
    }

    #[test]
    fn a_host_that_is_itself_a_suffix_is_a_site_only_at_amazonaws() {
        assert_eq!(top_level_site("https://s3.amazonaws.com").as_deref(), Ok("s3.amazonaws.com"));
        assert_eq!(top_level_site("https://co.uk"), Err(INVALID));
        assert_eq!(top_level_site("https://com"), Err(INVALID));
    }

    #[test]
    fn hosts_of_a_local_network_are_sites_of_their_own() {
        assert_eq!(top_level_site("http://printer.local").as_deref(), Ok("printer.local"));
        assert_eq!(top_level_site("http://a.printer.local").as_deref(), Ok("a.printer.local"));
    }

    #[test]
    fn a_text_that_is_no_url_has_no_site() {
        for input in ["", "example.com", "mailto:a@example.com", "http://[::1]"] {
            assert_eq!(top_level_site(input), Err(INVALID), "{input}");
        }
    }

    proptest! {
        #[test]
        fn the_site_of_a_site_is_the_site(host in "[a-z]{1,8}(\\.[a-z]{1,8}){0,4}") {
            if let Ok(site) = top_level_site(&format!("https://{host}")) {
                prop_assert_eq!(top_level_site(&format!("https://{site}")), Ok(site));
            }
        }

        #[test]
        fn any_text_is_answered(input in ".{0,60}") {
            drop(top_level_site(&input));
        }
    }
}
