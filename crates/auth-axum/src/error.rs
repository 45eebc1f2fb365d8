//! Errors that a handler returns.

use std::sync::Arc;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{convert, scope::Scope};

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
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(PendingError(Arc::new(self.0)));
        response
    }
}

/// An error on its way from a handler to the layer.
#[derive(Clone)]
pub(crate) struct PendingError(Arc<auth_core::Error>);

impl PendingError {
    pub(crate) async fn into_response(self, scope: &Scope) -> Response {
        let error = Arc::into_inner(self.0)
            .unwrap_or_else(|| auth_core::Error::other("an error response was sent twice"));
        let response = scope.auth().error_response(scope.late_context(), error).await;
        convert::response(response)
    }
}
