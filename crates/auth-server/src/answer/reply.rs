//! Answers as HTTP responses.

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;

use super::CdiError;

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=UTF-8");
const TEXT: HeaderValue = HeaderValue::from_static("text/html; charset=UTF-8");
/// Texts are called HTML on this wire, and some repeat what was sent: a browser that is led here
/// runs none of it.
const RUN_NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");
const METRICS: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4");

/// An answer with status 200.
#[derive(Debug)]
pub(crate) struct Reply {
    content_type: HeaderValue,
    body: Bytes,
    header: Option<(HeaderName, HeaderValue)>,
}

impl Reply {
    /// A JSON document.
    pub(crate) fn json(document: &impl Serialize) -> Result<Self, CdiError> {
        let body = serde_json::to_vec(document).map_err(|error| {
            let text = format!("an answer could not be written: {error}");
            CdiError::Failed(auth_engine::EngineError::Internal(text))
        })?;
        Ok(Self { content_type: JSON, body: body.into(), header: None })
    }

    /// A text, as the reference writes it: a line.
    pub(crate) fn text(text: &str) -> Self {
        Self { content_type: TEXT, body: format!("{text}\n").into(), header: None }
    }

    /// Figures in the form of Prometheus.
    pub(crate) fn metrics(text: String) -> Self {
        Self { content_type: METRICS, body: text.into(), header: None }
    }

    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.header = Some((name, value));
        self
    }

    pub(crate) fn into_response(self) -> Response {
        let mut response = respond(StatusCode::OK, self.content_type, self.body);
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

impl CdiError {
    pub(crate) fn into_response(self) -> Response {
        let mut response = respond(self.status(), TEXT, format!("{}\n", self.text()).into());
        if let Some(secs) = self.retry_after_secs() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secs));
        }
        response
    }
}

fn respond(status: StatusCode, content_type: HeaderValue, body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, content_type);
    headers.insert(header::CONTENT_SECURITY_POLICY, RUN_NOTHING);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
