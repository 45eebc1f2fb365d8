//! The neutral response.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::json;

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
            Ok(body) => {
                let mut headers = HeaderMap::new();
                headers.insert(
                    header::CONTENT_TYPE,
                    HeaderValue::from_static("application/json; charset=utf-8"),
                );
                Self { status, headers, body: body.into() }
            }
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
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json; charset=utf-8"),
        );
        Self { status, headers, body: body.into() }
    }

    /// `{"status": …}` with status 200.
    pub fn status_only(status: &str) -> Self {
        Self::ok(&json!({ "status": status }))
    }
}
