//! Errors of session checks, and those that a handler returns.

use auth_core::adapter_error;
use rocket::{
    Request, Response,
    http::Status,
    response::{self, Responder},
};

use crate::guard::context;

/// The status of a response that the fairing has yet to make: no catcher that an application has
/// is for it, and it never leaves the server.
pub(crate) const PENDING: Status = Status { code: 599 };

adapter_error! {
    /// An error of this library as a handler's or a guard's error: `?` makes it from
    /// [`auth_core::Error`], and the fairing answers it with the status, body and cleared tokens that
    /// the wire defines, whatever catchers the application has.
    ///
    /// An application's own error type hands [`Responder::respond_to`] on to it, such as by deriving
    /// `Responder`. A handler that asks for a `Result<Session, AuthError>` decides by itself.
    ///
    /// ```
    /// use auth_rocket::{AuthError, Session};
    /// use rocket::{Responder, http::Status, post};
    ///
    /// #[derive(Responder)]
    /// enum ShopError {
    ///     Auth(AuthError),
    ///     #[response(status = 410)]
    ///     SoldOut(&'static str),
    /// }
    ///
    /// impl From<auth_core::Error> for ShopError {
    ///     fn from(error: auth_core::Error) -> Self {
    ///         Self::Auth(error.into())
    ///     }
    /// }
    ///
    /// #[post("/buy")]
    /// async fn buy(session: Session) -> Result<&'static str, ShopError> {
    ///     session.revoke_session().await?;
    ///     Err(ShopError::SoldOut("come back tomorrow"))
    /// }
    /// ```
    pub struct AuthError;
}

impl AuthError {
    /// Leaves the error for the fairing: answering it may need the core, which Rocket can't wait
    /// for here.
    pub(crate) fn defer(&self, request: &Request<'_>) -> Status {
        let Ok(cx) = context(request) else { return Status::InternalServerError };
        cx.insert(self.clone());
        PENDING
    }
}

impl<'r> Responder<'r, 'static> for AuthError {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        Response::build().status(self.defer(request)).ok()
    }
}
