//! Cookies as a strict browser sees them (RFC 6265).

use time::{OffsetDateTime, PrimitiveDateTime, macros::format_description};

/// A `Set-Cookie` line, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    /// The name.
    pub name: String,
    /// The value, as sent.
    pub value: String,
    /// `Path`.
    pub path: Option<String>,
    /// `Domain`.
    pub domain: Option<String>,
    /// `Expires`, in milliseconds since the epoch.
    pub expires_ms: Option<i64>,
    /// `SameSite`, in lower case.
    pub same_site: Option<String>,
    /// `HttpOnly`.
    pub http_only: bool,
    /// `Secure`.
    pub secure: bool,
}

impl Cookie {
    /// Reads a line. An attribute that this library never sets fails the case, as does one that
    /// comes twice.
    pub fn parse(line: &str) -> Self {
        let mut parts = line.split("; ");
        let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).expect("a pair");
        let mut cookie = Self {
            name: name.to_owned(),
            value: value.to_owned(),
            path: None,
            domain: None,
            expires_ms: None,
            same_site: None,
            http_only: false,
            secure: false,
        };
        let set = |slot: &mut Option<String>, value: &str| {
            assert_eq!(slot.replace(value.to_owned()), None, "an attribute comes twice: {line}");
        };
        for attribute in parts {
            match attribute.split_once('=').unwrap_or((attribute, "")) {
                ("Path", path) => set(&mut cookie.path, path),
                ("Domain", domain) => set(&mut cookie.domain, domain),
                ("SameSite", value) => set(&mut cookie.same_site, &value.to_ascii_lowercase()),
                ("Expires", date) => cookie.expires_ms = Some(parse_date_ms(date)),
                ("HttpOnly", "") => cookie.http_only = true,
                ("Secure", "") => cookie.secure = true,
                _ => panic!("unexpected attribute {attribute:?} in {line:?}"),
            }
        }
        cookie
    }

    /// Whether the line removes the cookie: no value, and expired since the epoch.
    pub fn is_cleared(&self) -> bool {
        self.value.is_empty() && self.expires_ms == Some(0)
    }
}

/// Reads `Thu, 01 Jan 1970 00:00:00 GMT`.
fn parse_date_ms(date: &str) -> i64 {
    let format = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    let date = PrimitiveDateTime::parse(date, format)
        .unwrap_or_else(|error| panic!("{date:?} is no cookie date: {error}"));
    (date.assume_utc() - OffsetDateTime::UNIX_EPOCH).whole_seconds() * 1000
}

/// A browser's cookies for one host.
#[derive(Clone, Debug)]
pub struct Jar {
    host: String,
    cookies: Vec<Cookie>,
}

impl Jar {
    /// An empty jar of a browser that only talks to this host, by https.
    pub fn new(host: &str) -> Self {
        Self { host: host.to_owned(), cookies: Vec::new() }
    }

    /// Takes what a response sets. Cookies are told apart by name, domain and path.
    pub fn keep(&mut self, set: Vec<Cookie>, now_ms: i64) {
        for cookie in set {
            let domain = cookie.domain.as_deref().map(|domain| domain.trim_start_matches('.'));
            let is_own = domain.is_none_or(|domain| {
                self.host == domain || self.host.ends_with(&format!(".{domain}"))
            });
            assert!(is_own, "a browser refuses this cookie: {cookie:?}");
            assert!(
                cookie.same_site.as_deref() != Some("none") || cookie.secure,
                "a browser refuses SameSite=None without Secure: {cookie:?}"
            );
            assert!(
                !cookie.name.starts_with("__") || cookie.secure,
                "a browser refuses such a name without Secure: {cookie:?}"
            );
            assert!(
                !cookie.name.starts_with("__Host-")
                    || (cookie.domain.is_none() && cookie.path.as_deref() == Some("/")),
                "a browser refuses such a name for a part of the host, or beyond it: {cookie:?}"
            );
            self.cookies.retain(|other| {
                (&other.name, &other.domain, &other.path)
                    != (&cookie.name, &cookie.domain, &cookie.path)
            });
            if cookie.expires_ms.is_none_or(|expires_ms| expires_ms > now_ms) {
                self.cookies.push(cookie);
            }
        }
    }

    /// The `Cookie` header for a path; longer paths come first (RFC 6265 section 5.4).
    pub fn line(&self, path: &str, now_ms: i64) -> Option<String> {
        let mut matching: Vec<&Cookie> = self
            .cookies
            .iter()
            .filter(|cookie| cookie.expires_ms.is_none_or(|expires_ms| expires_ms > now_ms))
            .filter(|cookie| path_matches(cookie.path.as_deref().unwrap_or("/"), path))
            .collect();
        matching.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.as_ref().map(String::len)));
        let pairs: Vec<String> =
            matching.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Drops every cookie of a name.
    pub fn forget(&mut self, name: &str) {
        self.cookies.retain(|cookie| cookie.name != name);
    }

    /// A cookie's value, as sent.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|cookie| cookie.name == name).map(|cookie| cookie.value.as_str())
    }
}

/// RFC 6265 section 5.1.4.
fn path_matches(cookie_path: &str, path: &str) -> bool {
    path.strip_prefix(cookie_path)
        .is_some_and(|rest| rest.is_empty() || cookie_path.ends_with('/') || rest.starts_with('/'))
}
