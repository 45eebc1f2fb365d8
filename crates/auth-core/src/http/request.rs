//! The neutral request.

use std::{borrow::Cow, fmt, net::IpAddr, str};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use memchr::memchr;
use percent_encoding::percent_decode_str;

use super::head::Head;

/// An HTTP request, as much of it as sign-in needs.
#[derive(Clone)]
pub struct Request {
    method: Method,
    head: Head,
    body: Bytes,
    peer_address: Option<IpAddr>,
}

impl Request {
    /// A request without a body, from its method, request target (path and query) and headers,
    /// which are copied.
    ///
    /// ```
    /// use auth_core::Request;
    /// use http::{HeaderMap, HeaderValue, Method, header};
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.insert(header::ORIGIN, HeaderValue::from_static("https://example.com"));
    /// let request = Request::new(Method::GET, "/greeting?lang=en", &headers);
    /// assert_eq!(request.path(), "/greeting");
    /// assert_eq!(request.query_param("lang").as_deref(), Some("en"));
    /// assert_eq!(request.header("origin"), Some("https://example.com"));
    /// ```
    pub fn new<N, V>(
        method: Method,
        target: &str,
        headers: impl IntoIterator<Item = (N, V)>,
    ) -> Self
    where
        N: AsRef<[u8]>,
        V: AsRef<[u8]>,
    {
        Self { method, head: Head::new(target, headers), body: Bytes::new(), peer_address: None }
    }

    /// As [`Self::new`], where the method is another library's. `None` where it is no token (RFC
    /// 9110 section 9.1).
    pub fn from_raw<N, V>(
        method: &str,
        target: &str,
        headers: impl IntoIterator<Item = (N, V)>,
    ) -> Option<Self>
    where
        N: AsRef<[u8]>,
        V: AsRef<[u8]>,
    {
        Some(Self::new(method.parse().ok()?, target, headers))
    }

    /// The same request with its body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// The same request with the address at the other end of its socket, where the framework knows
    /// it: the client's or a proxy's. [`Context::client_address`](crate::Context::client_address) is
    /// made from it.
    #[must_use]
    pub fn with_peer_address(mut self, address: Option<IpAddr>) -> Self {
        self.peer_address = address.map(|address| address.to_canonical());
        self
    }

    /// The address at the other end of the socket; a version 4 one never within version 6.
    pub fn peer_address(&self) -> Option<IpAddr> {
        self.peer_address
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path, as it was sent.
    pub fn path(&self) -> &str {
        self.head.path()
    }

    /// Whether the path begins with another.
    pub(crate) fn is_under(&self, base_path: &str) -> bool {
        self.head.path_bytes().starts_with(base_path.as_bytes())
    }

    /// The headers, as a map that is made for each call; what isn't a header is left out.
    /// [`Self::header`] finds a single one at less cost.
    pub fn headers(&self) -> HeaderMap {
        raw_headers(self.head.lines())
    }

    /// Every header line's name and value, in the order sent.
    pub(crate) fn header_lines(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.head.lines()
    }

    /// Every value of a header, in the order sent.
    pub(crate) fn header_values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.head.values(name)
    }

    /// The body; empty unless the request reached one of this crate's routes.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The first value of a header, where it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.values(name).next().and_then(|value| str::from_utf8(value).ok())
    }

    /// The first value of a query parameter, decoded.
    pub fn query_param(&self, name: &str) -> Option<String> {
        let query = self.head.query()?;
        url::form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    /// Every cookie's name and value in the order sent, over all `Cookie` headers, still encoded;
    /// without those that are no text.
    pub fn raw_cookie_pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.head.values(header::COOKIE.as_str()).flat_map(cookie_pairs)
    }

    /// Every value of a cookie in the order sent, over all `Cookie` headers, still encoded.
    pub fn raw_cookies<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.raw_cookie_pairs().filter(move |(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The first value of a cookie, percent-decoded.
    pub fn cookie<'a>(&'a self, name: &str) -> Option<Cow<'a, str>> {
        self.raw_cookies(name).next().map(decode_cookie)
    }
}

/// The names and values in a `Cookie` header. A pair that is no text is left out and hides no other:
/// any site under the same domain can set one.
fn cookie_pairs(line: &[u8]) -> impl Iterator<Item = (&str, &str)> {
    cookie_bytes(line)
        .filter_map(|(name, value)| Some((str::from_utf8(name).ok()?, str::from_utf8(value).ok()?)))
}

/// The names and values in a `Cookie` header, be they text or not.
pub(crate) fn cookie_bytes(line: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = Some(line);
    let pairs = std::iter::from_fn(move || {
        let line = rest?;
        let end = memchr(b';', line);
        rest = end.and_then(|end| line.get(end + 1..));
        Some(end.and_then(|end| line.get(..end)).unwrap_or(line))
    });
    pairs.filter_map(|pair| {
        let (name, value) = pair.split_at(memchr(b'=', pair)?);
        Some((name.trim_ascii(), value.get(1..)?.trim_ascii()))
    })
}

/// A cookie's value without quotes and percent-encoding; what doesn't decode to text stays as it
/// is.
pub(crate) fn decode_cookie(raw: &str) -> Cow<'_, str> {
    let raw = raw.strip_prefix('"').and_then(|unquoted| unquoted.strip_suffix('"')).unwrap_or(raw);
    if memchr(b'%', raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw);
    }
    percent_decode_str(raw).decode_utf8().unwrap_or(Cow::Borrowed(raw))
}

/// Headers of another library's types; what is no header is left out.
pub(super) fn raw_headers<N, V>(headers: impl IntoIterator<Item = (N, V)>) -> HeaderMap
where
    N: AsRef<[u8]>,
    V: AsRef<[u8]>,
{
    let headers = headers.into_iter().filter_map(|(name, value)| {
        let name = HeaderName::from_bytes(name.as_ref()).ok()?;
        Some((name, HeaderValue::from_bytes(value.as_ref()).ok()?))
    });
    headers.collect()
}

impl fmt::Debug for Request {
    /// Leaves out the query, the headers and the body: they carry secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.path())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::Request;

    #[test]
    fn another_library_s_head_is_taken_over_without_what_is_no_header() {
        let headers: [(&str, &[u8]); 4] =
            [("Cookie", b"a=1"), ("cookie", b"b=2"), ("no header", b"x"), ("x-bytes", b"\xe9")];
        let request = Request::from_raw("PATCH", "/a%20b?c=d", headers).expect("a method");
        assert_eq!(request.path(), "/a%20b");
        assert_eq!(request.query_param("c").as_deref(), Some("d"));
        assert_eq!(request.raw_cookie_pairs().collect::<Vec<_>>(), [("a", "1"), ("b", "2")]);
        assert_eq!(request.header("cookie"), Some("a=1"));
        assert_eq!(request.headers().len(), 3);
        assert_eq!(request.headers()["x-bytes"].as_bytes(), b"\xe9");
        assert!(Request::from_raw("NO METHOD", "/", headers).is_none());
    }

    #[test]
    fn a_cookie_that_is_no_text_hides_no_other() {
        for line in [
            &b"name=Jos\xe9; sAccessToken=a; x=1"[..],
            b"sAccessToken=a; \xff=\xfe",
            b"\xff; sAccessToken=a;;",
            b"other=\xc3; sAccessToken=a; last=\x80",
        ] {
            let request = Request::from_raw("GET", "/", [("cookie", line)]).expect("a method");
            assert_eq!(request.raw_cookies("sAccessToken").collect::<Vec<_>>(), ["a"], "{line:?}");
        }
        let line = &b"sAccessToken=\xe9; sAccessToken=b"[..];
        let request = Request::from_raw("GET", "/", [("cookie", line)]).expect("a method");
        assert_eq!(request.raw_cookies("sAccessToken").collect::<Vec<_>>(), ["b"]);
    }

    proptest! {
        #[test]
        fn a_head_is_read_as_it_was_given(
            target in ".*",
            headers in vec(("[a-zA-Z-]{1,40}", vec(any::<u8>(), 0..300)), 0..12),
        ) {
            let request = Request::from_raw("GET", &target, headers.iter().cloned()).expect("GET");
            let (path, query) = match target.split_once('?') {
                Some((path, query)) => (path, Some(query)),
                None => (target.as_str(), None),
            };
            prop_assert_eq!(request.path(), path);
            prop_assert_eq!(request.head.query(), query);
            let lines: Vec<_> = request.header_lines().collect();
            let given: Vec<_> = headers.iter().map(|(n, v)| (n.as_bytes(), v.as_slice())).collect();
            prop_assert_eq!(lines, given);
            for (name, _) in &headers {
                let first = headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
                let first = first.and_then(|(_, value)| std::str::from_utf8(value).ok());
                prop_assert_eq!(request.header(&name.to_lowercase()), first);
            }
        }
    }
}
