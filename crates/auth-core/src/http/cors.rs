//! CORS, for frameworks that have no middleware for it.

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};

use super::{Request, request::raw_headers};
use crate::Auth;

/// Lets websites use this API with credentials (FDI: `getAllCORSHeaders`).
#[derive(Clone, Debug)]
pub struct Cors {
    origins: Vec<String>,
    headers: Option<HeaderValue>,
}

impl Cors {
    /// Allows these origins, such as `https://www.example.com`.
    pub fn new<O: Into<String>>(auth: &Auth, website_origins: impl IntoIterator<Item = O>) -> Self {
        let headers = auth.get_all_cors_headers();
        let headers = headers.iter().map(HeaderName::as_str).chain(["content-type"]);
        let headers = HeaderValue::try_from(headers.collect::<Vec<_>>().join(", ")).ok();
        Self { origins: website_origins.into_iter().map(Into::into).collect(), headers }
    }

    /// Whether a browser asks by this request what it may do. It is answered with 204, and with
    /// what [`Self::applied_to`] adds.
    pub fn is_preflight(request: &Request) -> bool {
        *request.method() == Method::OPTIONS
            && request.header("origin").is_some()
            && request.header("access-control-request-method").is_some()
    }

    /// The headers of a response, of another library's types, with those that let the request's
    /// origin read it, where that is allowed.
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
        headers.append(header::VARY, HeaderValue::from_static("origin"));
        let value = |name| request.header(name).and_then(|it| HeaderValue::try_from(it).ok());
        let origin = request.header("origin");
        if !origin.is_some_and(|sent| self.origins.iter().any(|allowed| allowed == sent)) {
            return headers;
        }
        let credentials = HeaderValue::from_static("true");
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, credentials);
        let mut allow = vec![(header::ACCESS_CONTROL_ALLOW_ORIGIN, value("origin"))];
        if Self::is_preflight(request) {
            let method = value("access-control-request-method");
            allow.push((header::ACCESS_CONTROL_ALLOW_METHODS, method));
            allow.push((header::ACCESS_CONTROL_ALLOW_HEADERS, self.headers.clone()));
        }
        for (name, value) in allow {
            value.and_then(|value| headers.insert(name, value));
        }
        headers
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, Method, header};

    use super::{Cors, Request};

    const WEBSITE: &str = "https://www.example.com";

    fn request(method: &Method, headers: &[(&str, &str)]) -> Request {
        Request::from_raw(method.as_str(), "/", headers.iter().copied()).expect("a method")
    }

    fn answered(request: &Request) -> HeaderMap {
        let headers = Some(HeaderValue::from_static("rid, content-type"));
        let cors = Cors { origins: vec![WEBSITE.to_owned()], headers };
        cors.applied_to(request, [("vary", "accept")])
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
}
