//! What a session check or a recipe writes to a response that somebody else makes.

use std::{fmt, sync::Arc};

use http::{HeaderMap, HeaderName, HeaderValue, header};
use parking_lot::Mutex;

/// A `Set-Cookie` line with what tells it apart from others of the same name.
#[derive(Clone)]
pub struct SetCookie {
    /// The cookie's name.
    pub name: String,
    /// The cookie's `Domain`, or `None` for a host-only cookie.
    pub domain: Option<String>,
    /// The whole line.
    pub line: HeaderValue,
}

#[derive(Default)]
struct Changes {
    headers: Vec<(HeaderName, Option<HeaderValue>)>,
    exposed: Vec<HeaderName>,
    cookies: Vec<SetCookie>,
}

/// Headers and cookies for a response that isn't there yet.
///
/// A session check writes into it; the adapter applies it after the application's handler has
/// run, whatever the handler answered. Clones share the same changes.
#[derive(Clone, Default)]
pub struct ResponseChanges(Arc<Mutex<Changes>>);

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

    /// Sets a cookie, in place of one with the same name and domain set here before.
    pub fn set_cookie(&self, cookie: SetCookie) {
        let mut changes = self.0.lock();
        changes.cookies.retain(|other| other.name != cookie.name || other.domain != cookie.domain);
        changes.cookies.push(cookie);
    }

    /// Whether there is anything to apply.
    pub fn is_empty(&self) -> bool {
        let changes = self.0.lock();
        changes.headers.is_empty() && changes.exposed.is_empty() && changes.cookies.is_empty()
    }

    /// Writes the changes to a response's headers. Cookies that the application set are kept,
    /// and exposed headers are added to those that it exposes.
    pub fn apply_to(&self, headers: &mut HeaderMap) {
        let changes = std::mem::take(&mut *self.0.lock());
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
    }
}

/// Adds names to `Access-Control-Expose-Headers`, comma-space joined, each once.
fn expose(headers: &mut HeaderMap, names: &[HeaderName]) {
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
