//! Keeping a response out of every cache.

use http::{HeaderMap, HeaderName, HeaderValue, header};

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// What caches in front of an application listen to before `Cache-Control` (RFC 9213, and the
/// Edge Architecture Specification).
const TARGETED: [HeaderName; 4] = [
    HeaderName::from_static("cdn-cache-control"),
    HeaderName::from_static("cloudflare-cdn-cache-control"),
    HeaderName::from_static("vercel-cdn-cache-control"),
    HeaderName::from_static("surrogate-control"),
];

/// Says that nobody may store the response; a value that says it already stays.
pub(super) fn apply(headers: &mut HeaderMap) {
    if !forbids(headers, &header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, NO_STORE);
    }
    for name in TARGETED {
        if headers.contains_key(&name) && !forbids(headers, &name) {
            headers.insert(name, NO_STORE);
        }
    }
}

fn forbids(headers: &HeaderMap, name: &HeaderName) -> bool {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    // Within quotes the words are no directives.
    let plain = lines.filter(|line| !line.contains('"'));
    plain.flat_map(|line| line.split(',')).any(|it| it.trim().eq_ignore_ascii_case("no-store"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(lines: &[(&'static str, &'static str)]) -> Vec<(String, String)> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_static(value));
        }
        apply(&mut headers);
        let text = |value: &HeaderValue| value.to_str().expect("text").to_owned();
        headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
    }

    #[test]
    fn what_may_be_stored_may_not_any_more() {
        for value in [
            "public, max-age=600",
            "private",
            "no-cache",
            "max-age=0",
            "no-store=1",
            "no-cache=\"a, no-store, b\"",
            "",
        ] {
            let headers = applied(&[("cache-control", value)]);
            assert_eq!(headers, [("cache-control".to_owned(), "no-store".to_owned())], "{value}");
        }
        assert_eq!(applied(&[]), [("cache-control".to_owned(), "no-store".to_owned())]);
    }

    #[test]
    fn a_stricter_value_stays() {
        for value in ["no-store", "private, No-Store, max-age=0", "no-transform,no-store"] {
            let headers = applied(&[("cache-control", value)]);
            assert_eq!(headers, [("cache-control".to_owned(), value.to_owned())]);
        }
        let headers = applied(&[("cache-control", "private"), ("cache-control", "no-store")]);
        assert_eq!(headers.len(), 2);
    }

    #[test]
    fn a_value_for_one_cache_does_not_let_it_store() {
        let headers = applied(&[("cdn-cache-control", "max-age=600")]);
        assert!(headers.contains(&("cdn-cache-control".to_owned(), "no-store".to_owned())));
        let headers = applied(&[("surrogate-control", "no-store, content=\"x\"")]);
        assert!(headers.contains(&("surrogate-control".to_owned(), "no-store".to_owned())));
    }
}
