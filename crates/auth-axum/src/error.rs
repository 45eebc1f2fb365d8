//! Errors that a handler returns.

use auth_core::adapter_error;
use axum::response::{IntoResponse, Response};

adapter_error! {
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
    pub struct AuthError;
}

impl IntoResponse for AuthError {
    /// Leaves the error for the layer: answering it may need the core.
    fn into_response(self) -> Response {
        auth_tower::defer(self.0)
    }
}
