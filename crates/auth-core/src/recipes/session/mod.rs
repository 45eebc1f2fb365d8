//! Sessions.

pub mod claims;
mod error;

pub use error::{InvalidClaim, SessionError};

use crate::{Context, Response};

/// Answers a session error.
pub(crate) async fn respond_to_error(_cx: &Context, error: SessionError) -> Response {
    Response::message(http::StatusCode::UNAUTHORIZED, &error.to_string())
}
