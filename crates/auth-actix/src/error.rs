//! Errors of session checks, and those that a handler returns.

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use auth_core::adapter_error;

use crate::convert::status;

adapter_error! {
    /// An error of this library as a handler's or an extractor's error: `?` makes it from
    /// [`auth_core::Error`], and the middleware answers it with the status, body and cleared tokens
    /// that the wire defines. An application's own error type hands
    /// [`ResponseError::error_response`] on to it.
    ///
    /// ```
    /// use actix_web::{HttpResponse, ResponseError};
    /// use auth_actix::{AuthError, Session};
    ///
    /// async fn sign_out_everywhere(session: Session) -> Result<&'static str, AuthError> {
    ///     session.revoke_session().await?;
    ///     Ok("bye")
    /// }
    ///
    /// #[derive(Debug)]
    /// enum MyError {
    ///     Auth(AuthError),
    ///     SoldOut,
    /// }
    ///
    /// impl ResponseError for MyError {
    ///     fn error_response(&self) -> HttpResponse {
    ///         match self {
    ///             Self::Auth(error) => error.error_response(),
    ///             Self::SoldOut => HttpResponse::Gone().body("sold out"),
    ///         }
    ///     }
    /// }
    /// # impl std::fmt::Display for MyError {
    /// #     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("") }
    /// # }
    /// ```
    pub struct AuthError;
}

impl ResponseError for AuthError {
    fn status_code(&self) -> StatusCode {
        status(self.status())
    }

    /// Carries the error to the middleware: answering it may need the core, which actix-web can't
    /// wait for here.
    fn error_response(&self) -> HttpResponse {
        let mut unanswered = HttpResponse::new(self.status_code());
        unanswered.extensions_mut().insert(self.clone());
        unanswered
    }
}
