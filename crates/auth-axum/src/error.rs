//! Errors that a handler returns.

use axum::response::{IntoResponse, Response};

/// An error of this library as a handler's error: `?` makes it from [`auth_core::Error`], and the
/// layer answers it with the status, body and cleared tokens that the wire defines.
///
/// ```
/// use auth_axum::{AuthError, Session};
///
/// async fn sign_out_everywhere(session: Session) -> Result<&'static str, AuthError> {
///     session.revoke_session().await?;
///     Ok("bye")
/// }
/// ```
#[derive(Debug)]
pub struct AuthError(pub auth_core::Error);

impl From<auth_core::Error> for AuthError {
    fn from(error: auth_core::Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for AuthError {
    /// Leaves the error for the layer: answering it may need the core.
    fn into_response(self) -> Response {
        auth_tower::defer(self.0)
    }
}
