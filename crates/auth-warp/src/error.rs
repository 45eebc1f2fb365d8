//! Errors, as a handler's reply and as a filter's rejection.

use auth_core::{Context, adapter_error};
use warp::{Rejection, reject::Reject, reply::Response};

use crate::service::current;

adapter_error! {
    /// An error of this library as a handler's reply: `?` makes it from [`auth_core::Error`], and the
    /// service answers it with the status, body and cleared tokens that the wire defines.
    ///
    /// It is a reply and no rejection, so that neither another filter nor a `recover` takes it for
    /// theirs: give the handler to `then`.
    ///
    /// ```
    /// use auth_core::recipes::session::Session;
    /// use auth_warp::AuthError;
    /// use warp::Filter;
    ///
    /// async fn sign_out_everywhere(session: Session) -> Result<&'static str, AuthError> {
    ///     session.revoke_session().await?;
    ///     Ok("bye")
    /// }
    ///
    /// let route = warp::path!("sign-out").and(auth_warp::session()).then(sign_out_everywhere);
    /// ```
    pub struct AuthError;
}

impl warp::Reply for AuthError {
    /// Leaves the error for the service: answering it may need the core.
    fn into_response(self) -> Response {
        auth_tower::defer(self.0)
    }
}

/// How a session filter rejects a request.
#[derive(Debug)]
pub(crate) struct Refused(AuthError);

impl Reject for Refused {}

/// What the request's last session filter refused it for.
#[derive(Clone)]
struct LastRefusal(Option<AuthError>);

/// Rejects a request whose check failed, and keeps that in mind; a later filter that has found the
/// session that it wants makes it forgotten.
pub(crate) fn conclude<T>(cx: &Context, check: auth_core::Result<T>) -> Result<T, Rejection> {
    let check = check.map_err(AuthError::from);
    if check.is_err() || cx.get::<LastRefusal>().is_some() {
        cx.insert(LastRefusal(check.as_ref().err().cloned()));
    }
    check.map_err(|error| warp::reject::custom(Refused(error)))
}

/// The reply to a rejection of ours that the application left to us.
pub(crate) async fn recover(rejection: Rejection) -> Result<Response, Rejection> {
    match rejection.find::<Refused>() {
        Some(Refused(error)) => Ok(warp::Reply::into_response(error.clone())),
        None => Err(rejection),
    }
}

/// A refusal is an answer, whatever another filter or the application's `recover` made of it.
pub(crate) fn insist(response: Response) -> Response {
    match current().map(|cx| cx.get()) {
        Ok(Some(LastRefusal(Some(error)))) => warp::Reply::into_response(error),
        _ => response,
    }
}
