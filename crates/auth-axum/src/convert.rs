//! Neutral types to axum's and back.

use axum::{
    body::Body,
    http::request::Parts,
    response::{IntoResponse, Response},
};

/// The head of a request.
pub(crate) fn request(parts: &Parts) -> auth_core::Request {
    let target =
        parts.uri.path_and_query().map_or_else(|| parts.uri.path(), |target| target.as_str());
    auth_core::Request::new(parts.method.clone(), target, parts.headers.clone())
}

pub(crate) fn response(response: auth_core::Response) -> Response {
    let mut converted = Response::new(Body::from(response.body));
    *converted.status_mut() = response.status;
    *converted.headers_mut() = response.headers;
    converted
}

/// A neutral response as a handler's answer.
#[derive(Clone, Debug)]
pub struct Reply(pub auth_core::Response);

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        response(self.0)
    }
}
