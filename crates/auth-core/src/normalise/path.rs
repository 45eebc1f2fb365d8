//! Paths: empty, or with a leading slash.

use url::Url;

use super::NormaliseError;

const INVALID: NormaliseError = NormaliseError("Please provide a valid URL path");

/// Brings a path, or the path of a URL, into the form `/a/b`: percent-encoded, without query and
/// hash, and without one trailing slash, so that `/` becomes the empty text.
///
/// ```
/// use auth_core::normalise::path;
///
/// assert_eq!(path("https://api.example.com/auth/?x=1").unwrap(), "/auth");
/// assert_eq!(path("auth").unwrap(), "/auth");
/// assert_eq!(path("/").unwrap(), "");
/// ```
///
/// # Errors
/// [`NormaliseError`] where no URL can be made of the text.
pub fn path(input: &str) -> Result<String, NormaliseError> {
    let input = input.trim();
    if let Some(path) = path_of_url(input) {
        return Ok(path);
    }
    if !has_http(input)
        && (names_domain(input) || input.starts_with("localhost"))
        && let Some(path) = path_of_url(&format!("http://{input}"))
    {
        return Ok(path);
    }
    let slash = if input.starts_with('/') { "" } else { "/" };
    path_of_url(&format!("http://example.com{slash}{input}")).ok_or(INVALID)
}

/// Joins two normalised paths.
///
/// # Errors
/// [`NormaliseError`] where no URL can be made of the result.
pub fn append_path(base: &str, rest: &str) -> Result<String, NormaliseError> {
    path(&format!("{base}{rest}"))
}

fn has_http(input: &str) -> bool {
    input.starts_with("http://") || input.starts_with("https://")
}

fn path_of_url(input: &str) -> Option<String> {
    if !has_http(input) {
        return None;
    }
    let url = Url::parse(input).ok()?;
    let path = url.path();
    Some(path.strip_suffix('/').unwrap_or(path).to_owned())
}

/// Whether the text starts with a host that has a dot in it.
fn names_domain(input: &str) -> bool {
    if !input.contains('.') || input.starts_with('/') {
        return false;
    }
    Url::parse(&format!("http://{input}"))
        .is_ok_and(|url| url.host_str().is_some_and(|host| host.contains('.')))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_path_of_a_url_is_kept_without_query_hash_and_one_trailing_slash() {
        for (input, wanted) in [
            ("http://api.example.com", ""),
            ("https://api.example.com/", ""),
            ("http://api.example.com/one/two/?hello=1#top", "/one/two"),
            ("http://localhost:4000/One/", "/One"),
            ("http://127.0.0.1:4000/one", "/one"),
            ("http://example.com/a b", "/a%20b"),
        ] {
            assert_eq!(path(input).as_deref(), Ok(wanted), "{input}");
        }
    }

    #[test]
    fn a_text_that_starts_with_a_host_loses_it() {
        for (input, wanted) in [
            ("api.example.com/one", "/one"),
            ("api.example.com", ""),
            ("localhost:4000/one", "/one"),
            ("localhost", ""),
            ("127.0.0.1/one/two", "/one/two"),
            ("one/two.com", "/one/two.com"),
            ("/one.two/com", "/one.two/com"),
            ("api.example.com:4000/one?x=1", "/one"),
        ] {
            assert_eq!(path(input).as_deref(), Ok(wanted), "{input}");
        }
    }

    #[test]
    fn any_other_text_gets_a_leading_slash_and_keeps_its_case() {
        for (input, wanted) in [
            ("", ""),
            ("/", ""),
            (" /auth/ ", "/auth"),
            ("auth", "/auth"),
            ("/Auth/Email", "/Auth/Email"),
            ("/auth/email/exists?email=john.doe%40gmail.com", "/auth/email/exists"),
            ("exists?email=john.doe%40gmail.com", "/exists"),
            ("/a/../b", "/b"),
        ] {
            assert_eq!(path(input).as_deref(), Ok(wanted), "{input}");
        }
    }

    #[test]
    fn appending_concatenates_and_normalises_again() {
        assert_eq!(append_path("/gateway", "/auth").as_deref(), Ok("/gateway/auth"));
        assert_eq!(append_path("", "/auth/").as_deref(), Ok("/auth"));
        assert_eq!(append_path("", "").as_deref(), Ok(""));
    }

    proptest! {
        #[test]
        fn a_path_is_empty_or_starts_with_a_slash_and_normalises_to_itself(
            input in ".{0,40}|[a-z./?#%:]{0,24}"
        ) {
            if let Ok(once) = path(&input) {
                prop_assert!(once.is_empty() || once.starts_with('/'));
                // One slash goes at a time: only several trailing ones take several rounds.
                if !once.ends_with('/') {
                    prop_assert_eq!(path(&once), Ok(once));
                }
            }
        }
    }
}
