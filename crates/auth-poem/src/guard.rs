//! A guard for endpoints.

use auth_core::recipes::session::SessionOptions;
use poem::{Endpoint, IntoResponse, Middleware, Request, Response, Result};

use crate::{AuthError, extract};

/// Checks the session before an endpoint runs, with options of its own; the handler then gets that
/// session by [`Session`](crate::Session) or [`OptionalSession`](crate::OptionalSession).
///
/// ```
/// use auth_core::recipes::session::SessionOptions;
/// use auth_poem::{Session, verify_session};
/// use poem::{EndpointExt, Route, get, handler};
///
/// #[handler]
/// fn show(session: Session) -> String {
///     session.get_handle().to_string()
/// }
///
/// let options = SessionOptions::new().check_database(true);
/// let route = Route::new().at("/", get(show).with(verify_session(options)));
/// ```
pub fn verify_session(options: SessionOptions) -> Guard {
    Guard(options)
}

/// The middleware that [`verify_session`] makes.
#[derive(Clone, Debug)]
pub struct Guard(SessionOptions);

impl<E: Endpoint> Middleware<E> for Guard {
    type Output = GuardEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        GuardEndpoint { options: self.0.clone(), inner }
    }
}

/// An endpoint within a [`Guard`].
#[derive(Debug)]
pub struct GuardEndpoint<E> {
    options: SessionOptions,
    inner: E,
}

impl<E: Endpoint> Endpoint for GuardEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let check = extract::context(&request)?.guard_session(&self.options).await;
        check.map_err(AuthError::from)?;
        self.inner.call(request).await.map(IntoResponse::into_response)
    }
}
