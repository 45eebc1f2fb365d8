//! CORS, for frameworks that have no middleware for it.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use super::{Request, Response, changes::expose, request::raw_headers};
use crate::Auth;

/// Lets websites use this API with credentials (FDI §5.4).
///
/// ```
/// # fn cors(auth: &auth_core::Auth) -> auth_core::http::Cors {
/// use auth_core::http::Cors;
///
/// Cors::new(auth, ["https://www.example.com"])
///     .allow_headers(["x-request-id"])
///     .expose_headers(["x-rate-limit"])
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Cors {
    origins: Vec<String>,
    allowed: Vec<HeaderName>,
    exposed: Vec<HeaderName>,
}

impl Cors {
    /// Allows these origins, such as `https://www.example.com`.
    pub fn new(auth: &Auth, website_origins: impl IntoIterator<Item: Into<String>>) -> Self {
        let mut allowed = auth.get_all_cors_headers();
        allowed.push(header::CONTENT_TYPE);
        let origins = website_origins.into_iter().map(Into::into).collect();
        Self { origins, allowed, exposed: Vec::new() }
    }

    /// Lets websites send these headers too, beside those of sign-in. A text that is no header's
    /// name is left out, and logged.
    #[must_use]
    pub fn allow_headers<N: AsRef<str>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        add(&mut self.allowed, names);
        self
    }

    /// Lets websites read these headers of responses too, beside those of sign-in. A text that is
    /// no header's name is left out, and logged.
    #[must_use]
    pub fn expose_headers<N: AsRef<str>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        add(&mut self.exposed, names);
        self
    }

    /// Whether a browser asks by this request what it may do. It is answered with 204, and with
    /// what [`Self::apply_to`] adds.
    pub fn is_preflight(request: &Request) -> bool {
        *request.method() == Method::OPTIONS
            && request.header("origin").is_some()
            && request.header("access-control-request-method").is_some()
    }

    /// The answer to a preflight request; `None` for every other.
    pub fn preflight_response(&self, request: &Request) -> Option<Response> {
        if !Self::is_preflight(request) {
            return None;
        }
        let mut headers = HeaderMap::new();
        self.apply_to(request, &mut headers);
        Some(Response { status: StatusCode::NO_CONTENT, headers, body: Bytes::new() })
    }

    /// Adds to a response's headers those that let the request's origin read it, where that is
    /// allowed.
    pub fn apply_to(&self, request: &Request, headers: &mut HeaderMap) {
        // Whatever the answer: a cache must not give one origin's to another.
        headers.append(header::VARY, HeaderValue::from_static("origin"));
        let value = |name| request.header(name).and_then(|it| HeaderValue::try_from(it).ok());
        let origin = request.header("origin");
        if !origin.is_some_and(|sent| self.origins.iter().any(|allowed| allowed == sent)) {
            return;
        }
        let credentials = HeaderValue::from_static("true");
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, credentials);
        let mut allow = vec![(header::ACCESS_CONTROL_ALLOW_ORIGIN, value("origin"))];
        if Self::is_preflight(request) {
            let method = value("access-control-request-method");
            allow.push((header::ACCESS_CONTROL_ALLOW_METHODS, method));
            allow.push((header::ACCESS_CONTROL_ALLOW_HEADERS, list(&self.allowed)));
        } else if !self.exposed.is_empty() {
            expose(headers, &self.exposed);
        }
        for (name, value) in allow {
            value.and_then(|value| headers.insert(name, value));
        }
    }

    /// As [`Self::apply_to`], for headers of another library's types.
    pub fn applied_to<N, V>(
        &self,
        request: &Request,
        headers: impl IntoIterator<Item = (N, V)>,
    ) -> HeaderMap
    where
        N: AsRef<[u8]>,
        V: AsRef<[u8]>,
    {
        let mut headers = raw_headers(headers);
        self.apply_to(request, &mut headers);
        headers
    }
}

fn add<N: AsRef<str>>(list: &mut Vec<HeaderName>, names: impl IntoIterator<Item = N>) {
    for name in names {
        match HeaderName::from_bytes(name.as_ref().as_bytes()) {
            Ok(name) if list.contains(&name) => {}
            Ok(name) => list.push(name),
            Err(_) => tracing::error!(name = name.as_ref(), "CORS: this is no header's name"),
        }
    }
}

fn list(names: &[HeaderName]) -> Option<HeaderValue> {
    let names: Vec<&str> = names.iter().map(HeaderName::as_str).collect();
    HeaderValue::try_from(names.join(", ")).ok()
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, Method, header};

    use super::{Cors, Request};

    const WEBSITE: &str = "https://www.example.com";

    fn request(method: &Method, headers: &[(&str, &str)]) -> Request {
        Request::from_raw(method.as_str(), "/", headers.iter().copied()).expect("a method")
    }

    fn cors() -> Cors {
        let allowed = vec![HeaderName::from_static("rid"), header::CONTENT_TYPE];
        Cors { origins: vec![WEBSITE.to_owned()], allowed, exposed: Vec::new() }
    }

    fn answered(request: &Request) -> HeaderMap {
        cors().applied_to(request, [("vary", "accept")])
    }

    #[test]
    fn only_an_allowed_origin_may_read_the_response() {
        let headers = answered(&request(&Method::GET, &[("origin", WEBSITE)]));
        assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], WEBSITE);
        assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_CREDENTIALS], "true");
        assert!(!headers.contains_key(header::ACCESS_CONTROL_ALLOW_HEADERS));
        for sent in
            [&[][..], &[("origin", "https://www.example.com.evil.example")], &[("origin", "null")]]
        {
            let headers = answered(&request(&Method::GET, sent));
            let names: Vec<_> = headers.keys().collect();
            assert_eq!(names, [header::VARY]);
            let vary: Vec<_> = headers.get_all(header::VARY).iter().collect();
            assert_eq!(vary, ["accept", "origin"]);
        }
    }

    #[test]
    fn a_preflight_request_learns_which_method_and_headers_it_may_use() {
        let asked = [("origin", WEBSITE), ("access-control-request-method", "PUT")];
        let preflight = request(&Method::OPTIONS, &asked);
        assert!(Cors::is_preflight(&preflight));
        let headers = answered(&preflight);
        assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_METHODS], "PUT");
        assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_HEADERS], "rid, content-type");
        assert!(!Cors::is_preflight(&request(&Method::GET, &asked)));
        assert!(!Cors::is_preflight(&request(&Method::OPTIONS, &asked[..1])));
    }

    #[test]
    fn headers_of_the_application_s_own_may_be_sent_and_read() {
        let cors = cors()
            .allow_headers(["X-Request-Id", "rid", "no header"])
            .expose_headers(["x-rate-limit"]);
        let asked = [("origin", WEBSITE), ("access-control-request-method", "PUT")];
        let preflight = cors.preflight_response(&request(&Method::OPTIONS, &asked));
        let headers = preflight.expect("a preflight request").headers;
        let allowed = &headers[header::ACCESS_CONTROL_ALLOW_HEADERS];
        assert_eq!(allowed, "rid, content-type, x-request-id");
        assert!(!headers.contains_key(header::ACCESS_CONTROL_EXPOSE_HEADERS));
        let read = request(&Method::GET, &asked[..1]);
        assert!(cors.preflight_response(&read).is_none());
        let headers = cors.applied_to(&read, [("access-control-expose-headers", "front-token")]);
        let exposed = &headers[header::ACCESS_CONTROL_EXPOSE_HEADERS];
        assert_eq!(exposed, "front-token, x-rate-limit");
    }
}
