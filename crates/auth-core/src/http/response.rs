//! The neutral response.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::json;

use super::request::raw_headers;

const ABOUT_THE_BODY: [HeaderName; 4] =
    [header::CONTENT_ENCODING, header::CONTENT_LENGTH, header::CONTENT_TYPE, header::ETAG];

/// An HTTP response.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers; several `Set-Cookie` lines stay several.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Response {
    /// A JSON response.
    pub fn json(status: StatusCode, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => Self { status, headers: headers_of_json(), body: body.into() },
            Err(error) => {
                tracing::error!(%error, "a response body could not be written as JSON");
                Self::message(StatusCode::INTERNAL_SERVER_ERROR, "internal error")
            }
        }
    }

    /// A JSON response with status 200.
    pub fn ok(body: &impl Serialize) -> Self {
        Self::json(StatusCode::OK, body)
    }

    /// `{"message": …}`.
    pub fn message(status: StatusCode, message: &str) -> Self {
        let body = json!({ "message": message }).to_string();
        Self { status, headers: headers_of_json(), body: body.into() }
    }

    /// Puts this response in the place of another one, and gives the body to put there.
    ///
    /// What stood between the application and the adapter may have added headers to that one, such
    /// as those of CORS: they stay, but for those about the body.
    pub fn replace(self, status: &mut StatusCode, headers: &mut HeaderMap) -> Bytes {
        *status = self.status;
        for about_the_body in ABOUT_THE_BODY {
            headers.remove(about_the_body);
        }
        for name in self.headers.keys().filter(|name| **name != header::SET_COOKIE) {
            headers.remove(name);
        }
        for (name, value) in &self.headers {
            headers.append(name.clone(), value.clone());
        }
        self.body
    }

    /// This response in the place of another one with these headers, which are of another library's
    /// types; see [`Self::replace`].
    #[must_use]
    pub fn in_place_of<N, V>(self, headers: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: AsRef<[u8]>,
        V: AsRef<[u8]>,
    {
        let (mut status, mut headers) = (self.status, raw_headers(headers));
        let body = self.replace(&mut status, &mut headers);
        Self { status, headers, body }
    }

    /// `{"status": …}` with status 200.
    pub fn status_only(status: &str) -> Self {
        Self::ok(&json!({ "status": status }))
    }
}

/// That it is JSON, and that browsers take it for nothing else (the Fetch standard's `nosniff`).
fn headers_of_json() -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(2);
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, json);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replaced_response_keeps_headers_and_cookies_that_are_not_about_its_body() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            (header::CONTENT_TYPE, "text/plain"),
            (header::CONTENT_LENGTH, "7"),
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "https://www.example.com"),
            (header::CACHE_CONTROL, "max-age=60"),
            (header::SET_COOKIE, "theme=dark"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        let mut answer = Response::message(StatusCode::UNAUTHORIZED, "unauthorised");
        answer.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        answer.headers.insert(header::SET_COOKIE, HeaderValue::from_static("seen=1"));
        let from_elsewhere = answer.clone().in_place_of(&headers);
        let mut status = StatusCode::OK;
        let body = answer.replace(&mut status, &mut headers);
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert_eq!(&body[..], br#"{"message":"unauthorised"}"#);
        assert_eq!(headers[header::CONTENT_TYPE], "application/json; charset=utf-8");
        assert!(!headers.contains_key(header::CONTENT_LENGTH));
        assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "https://www.example.com");
        assert_eq!(headers.get_all(header::CACHE_CONTROL).iter().count(), 1);
        let cookies: Vec<_> = headers.get_all(header::SET_COOKIE).iter().collect();
        assert_eq!(cookies, ["theme=dark", "seen=1"]);
        assert_eq!(
            (from_elsewhere.status, from_elsewhere.headers, from_elsewhere.body),
            (status, headers, body)
        );
    }
}
