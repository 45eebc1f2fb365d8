//! What options may be asked for.

use url::{Origin, Url};

/// The reference's default, in milliseconds.
const DEFAULT_TIMEOUT_MS: i64 = 6000;
/// What a browser waits for is minutes; the longest that anybody has a use for.
const LONGEST_TIMEOUT_MS: i64 = 24 * 60 * 60 * 1000;

const LONGEST_RP: usize = 256;
const LONGEST_ORIGIN: usize = 512;
const MOST_RELATED_ORIGINS: usize = 32;

/// An app on Android has the SHA-256 of its signing key for an origin.
const ANDROID: &str = "android:apk-key-hash:";
const BASE64_SHA_256: usize = 43;

pub(super) const PREFERENCES: [&str; 3] = ["required", "preferred", "discouraged"];
pub(super) const ATTESTATIONS: [&str; 4] = ["none", "indirect", "direct", "enterprise"];

/// Why options can't be made, for people.
pub(super) type Reason = String;

/// How long options are good, in milliseconds.
pub(super) fn timeout(asked: Option<i64>) -> Result<i64, Reason> {
    let timeout = asked.unwrap_or(DEFAULT_TIMEOUT_MS);
    if !(0..=LONGEST_TIMEOUT_MS).contains(&timeout) {
        return Err("timeout must be from 0 to 86400000 milliseconds".to_owned());
    }
    Ok(timeout)
}

/// One of several words.
pub(super) fn one_of<'a>(
    field: &str,
    asked: Option<&'a str>,
    default: &'a str,
    words: &[&str],
) -> Result<&'a str, Reason> {
    let word = asked.unwrap_or(default);
    match words.contains(&word) {
        true => Ok(word),
        false => Err(format!("{field} must be one of {}", words.join(", "))),
    }
}

/// The site and its page: the page's host is the site's domain or below it, or the page is one of the
/// related ones. A site of the same letters at the end isn't.
pub(super) fn site(id: &str, name: &str, origin: &str, related: &[String]) -> Result<(), Reason> {
    if id.is_empty() || id.chars().count() > LONGEST_RP {
        return Err("relyingPartyId is not a domain".to_owned());
    }
    if name.is_empty() || name.chars().count() > LONGEST_RP {
        return Err("relyingPartyName must have from 1 to 256 characters".to_owned());
    }
    let fits = origin.chars().count() <= LONGEST_ORIGIN
        && match origin.strip_prefix(ANDROID) {
            Some(digest) => is_android_digest(digest),
            None => is_page_of(origin, id) || related.contains(&as_clients_write(origin)),
        };
    match fits {
        true => Ok(()),
        false => Err("origin must be a page of relyingPartyId".to_owned()),
    }
}

/// The origins of other sites that may show the page, as clients write them (WebAuthn Level 3,
/// section 5.11).
pub(super) fn related_origins(asked: Option<&[String]>) -> Result<Vec<String>, Reason> {
    let asked = asked.unwrap_or_default();
    if asked.len() > MOST_RELATED_ORIGINS {
        return Err(format!("relatedOrigins must be no more than {MOST_RELATED_ORIGINS}"));
    }
    asked.iter().map(|origin| related_origin(origin)).collect()
}

fn related_origin(origin: &str) -> Result<String, Reason> {
    let url = Url::parse(origin).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let is_bare = url.is_some_and(|url| {
        let serialised = url.origin().ascii_serialization();
        // A parser of addresses takes a `*` for part of a name; nobody would mean that.
        url.as_str().strip_suffix('/') == Some(&serialised) && !serialised.contains('*')
    });
    match is_bare && origin.chars().count() <= LONGEST_ORIGIN {
        true => Ok(as_clients_write(origin)),
        false => Err("relatedOrigins must be origins such as https://example.org".to_owned()),
    }
}

fn is_android_digest(digest: &str) -> bool {
    let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    digest.len() == BASE64_SHA_256 && digest.bytes().all(is_base64url)
}

fn is_page_of(origin: &str, id: &str) -> bool {
    let Ok(url) = Url::parse(origin) else { return false };
    let Some(host) = url.host_str() else { return false };
    matches!(url.scheme(), "http" | "https")
        && (host == id || host.strip_suffix(id).is_some_and(|above| above.ends_with('.')))
}

/// An origin as clients write it.
pub(super) fn as_clients_write(origin: &str) -> String {
    match Url::parse(origin).map(|url| url.origin()) {
        Ok(origin @ Origin::Tuple(..)) => origin.ascii_serialization(),
        _ => origin.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_of_its_host_s_domain_or_one_above() {
        let android = format!("android:apk-key-hash:{}", "aA0-_".repeat(8) + "abc");
        for (id, origin, fits) in [
            ("example.com", "https://example.com", true),
            ("example.com", "https://example.com/", true),
            ("example.com", "https://app.example.com:8443", true),
            ("localhost", "http://localhost:3000", true),
            ("example.com", android.as_str(), true),
            ("example.com", "https://notexample.com", false),
            ("app.example.com", "https://example.com", false),
            ("example.com", "https://example.com.evil.org", false),
            ("example.com", "example.com", false),
            ("example.com", "ftp://example.com", false),
            ("example.com", "", false),
            ("", "https://example.com", false),
            ("example.com", "android:apk-key-hash:short", false),
            ("example.com", &android.replace('-', "+"), false),
        ] {
            assert_eq!(site(id, "Example", origin, &[]).is_ok(), fits, "{id} {origin}");
        }
        assert!(site("example.com", "", "https://example.com", &[]).is_err());
    }

    #[test]
    fn a_page_may_be_one_of_the_related_origins() {
        let related = ["https://example.org", "https://shop.example.net:8443"].map(String::from);
        for (origin, fits) in [
            ("https://example.org/", true),
            ("https://shop.example.net:8443", true),
            ("https://app.example.com", true),
            ("https://shop.example.net", false),
            ("http://example.org", false),
            ("https://www.example.org", false),
        ] {
            assert_eq!(site("example.com", "Example", origin, &related).is_ok(), fits, "{origin}");
        }
    }

    #[test]
    fn related_origins_are_origins_and_nothing_more() {
        let asked = ["https://Example.org:443/", "http://localhost:3000"].map(String::from);
        let kept = ["https://example.org", "http://localhost:3000"].map(String::from);
        assert_eq!(related_origins(Some(&asked)), Ok(kept.into()));
        assert_eq!(related_origins(None), Ok(Vec::new()));
        for origin in [
            "https://example.org/page",
            "https://example.org/?a",
            "https://ada@example.org",
            "example.org",
            "ftp://example.org",
            "https://*.example.org",
            "",
        ] {
            assert!(related_origins(Some(&[origin.to_owned()])).is_err(), "{origin}");
        }
        let many: Vec<String> = (0..33).map(|n| format!("https://{n}.example.org")).collect();
        assert!(related_origins(Some(&many)).is_err());
        assert!(related_origins(many.get(..32)).is_ok());
    }

    #[test]
    fn an_origin_is_compared_as_browsers_write_it() {
        for (given, written) in [
            ("https://Example.com:443/", "https://example.com"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("android:apk-key-hash:abc", "android:apk-key-hash:abc"),
        ] {
            assert_eq!(as_clients_write(given), written);
        }
    }
}
