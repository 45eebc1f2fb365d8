//! What a session check or a recipe writes to a response that somebody else makes.

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue, header};
use parking_lot::Mutex;

use super::{no_store, request::raw_headers};

/// A `Set-Cookie` line with what tells it apart from others of the same name.
#[derive(Clone)]
pub struct SetCookie {
    /// The cookie's name.
    pub name: String,
    /// The cookie's `Domain`, or `None` for a host-only cookie.
    pub domain: Option<String>,
    /// The cookie's `Path`.
    pub path: String,
    /// The whole line.
    pub line: HeaderValue,
}

#[derive(Default)]
struct Changes {
    headers: Vec<(HeaderName, Option<HeaderValue>)>,
    exposed: Vec<HeaderName>,
    cookies: Vec<SetCookie>,
    must_not_be_stored: bool,
}

impl Changes {
    fn is_empty(&self) -> bool {
        self.headers.is_empty()
            && self.exposed.is_empty()
            && self.cookies.is_empty()
            && !self.must_not_be_stored
    }
}

/// Headers and cookies for a response that isn't there yet.
///
/// A session check writes into it; the adapter applies it after the application's handler has
/// run, whatever the handler answered.
#[derive(Default)]
pub struct ResponseChanges(Mutex<Changes>);

impl ResponseChanges {
    /// Sets a header, in place of any value set here before.
    pub fn set_header(&self, name: HeaderName, value: HeaderValue) {
        let mut changes = self.0.lock();
        changes.headers.retain(|(other, _)| *other != name);
        changes.headers.push((name, Some(value)));
    }

    /// Removes a header that was set here or by the application.
    pub fn remove_header(&self, name: HeaderName) {
        let mut changes = self.0.lock();
        changes.headers.retain(|(other, _)| *other != name);
        changes.headers.push((name, None));
    }

    /// Lists a header in `Access-Control-Expose-Headers`.
    pub fn expose_header(&self, name: HeaderName) {
        let mut changes = self.0.lock();
        if !changes.exposed.contains(&name) {
            changes.exposed.push(name);
        }
    }

    /// Sets a cookie, in place of one with the same name, domain and path set here before. The
    /// response must not be stored then.
    pub fn set_cookie(&self, cookie: SetCookie) {
        let mut changes = self.0.lock();
        changes.cookies.retain(|other| {
            (&other.name, &other.domain, &other.path)
                != (&cookie.name, &cookie.domain, &cookie.path)
        });
        changes.cookies.push(cookie);
        changes.must_not_be_stored = true;
    }

    /// Keeps the response out of every cache, as it is for one client: what the application says in
    /// `Cache-Control` stays where it says `no-store` too.
    pub fn forbid_storing(&self) {
        self.0.lock().must_not_be_stored = true;
    }

    /// Whether there is anything to apply.
    pub fn is_empty(&self) -> bool {
        self.0.lock().is_empty()
    }

    /// Writes the changes to a response's headers. Cookies that the application set are kept,
    /// and exposed headers are added to those that it exposes.
    pub fn apply_to(&self, headers: &mut HeaderMap) {
        let changes = {
            let mut changes = self.0.lock();
            // As most sessions are checked without a new token.
            if changes.is_empty() {
                return;
            }
            std::mem::take(&mut *changes)
        };
        for (name, value) in changes.headers {
            match value {
                Some(value) => {
                    headers.insert(name, value);
                }
                None => {
                    headers.remove(name);
                }
            }
        }
        for cookie in changes.cookies {
            headers.append(header::SET_COOKIE, cookie.line);
        }
        if !changes.exposed.is_empty() {
            expose(headers, &changes.exposed);
        }
        if changes.must_not_be_stored {
            no_store::apply(headers);
        }
    }

    /// The headers of a response, of another library's types, with the changes made. `None` where
    /// there is nothing to change.
    pub fn applied_to<N, V>(&self, headers: impl IntoIterator<Item = (N, V)>) -> Option<HeaderMap>
    where
        N: AsRef<[u8]>,
        V: AsRef<[u8]>,
    {
        if self.is_empty() {
            return None;
        }
        let mut headers = raw_headers(headers);
        self.apply_to(&mut headers);
        Some(headers)
    }
}

/// Adds names to `Access-Control-Expose-Headers`, comma-space joined, each once.
pub(super) fn expose(headers: &mut HeaderMap, names: &[HeaderName]) {
    let mut list: Vec<String> = headers
        .get_all(header::ACCESS_CONTROL_EXPOSE_HEADERS)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect();
    for name in names {
        if !list.iter().any(|listed| listed.eq_ignore_ascii_case(name.as_str())) {
            list.push(name.as_str().to_owned());
        }
    }
    if let Ok(value) = HeaderValue::try_from(list.join(", ")) {
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, value);
    }
}

impl fmt::Debug for ResponseChanges {
    /// Names only: the values are tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let changes = self.0.lock();
        f.debug_struct("ResponseChanges")
            .field("headers", &changes.headers.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .field("cookies", &changes.cookies.iter().map(|c| &c.name).collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, HeaderValue, header};

    use super::{ResponseChanges, SetCookie};

    fn cookie(name: &str, line: &'static str) -> SetCookie {
        let (name, path) = (name.to_owned(), "/".to_owned());
        SetCookie { name, domain: None, path, line: HeaderValue::from_static(line) }
    }

    #[test]
    fn the_application_s_cookies_and_exposed_headers_are_kept() {
        let changes = ResponseChanges::default();
        changes.set_cookie(cookie("a", "a=1"));
        changes.set_cookie(cookie("b", "b=1"));
        changes.set_cookie(cookie("a", "a=2"));
        changes.expose_header(HeaderName::from_static("front-token"));
        changes.expose_header(HeaderName::from_static("x-own"));
        changes.remove_header(header::AGE);
        let mut headers = HeaderMap::new();
        headers.insert(header::AGE, HeaderValue::from_static("5"));
        headers.insert(header::SET_COOKIE, HeaderValue::from_static("theme=dark"));
        let exposed = HeaderValue::from_static("X-Own, x-other");
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        let headers = changes.applied_to(&headers).unwrap_or_default();
        let cookies: Vec<_> = headers.get_all(header::SET_COOKIE).iter().collect();
        assert_eq!(cookies, ["theme=dark", "b=1", "a=2"]);
        let exposed = &headers[header::ACCESS_CONTROL_EXPOSE_HEADERS];
        assert_eq!(exposed, "X-Own, x-other, front-token");
        assert!(!headers.contains_key(header::AGE));
        assert!(changes.is_empty());
        assert_eq!(changes.applied_to(&headers), None);
    }
}
