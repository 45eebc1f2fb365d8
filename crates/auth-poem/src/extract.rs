//! The session as an extractor.

use std::{marker::PhantomData, ops::Deref};

use auth_core::{
    Context,
    recipes::session::{AnySession, SessionOptions, SessionRule},
};
use poem::{Error, FromRequest, Request, RequestBody, Result, http::StatusCode};

use crate::AuthError;

/// The session of a request, checked with the default options, or the one that a
/// [`verify_session`](crate::verify_session) guard before the handler has checked already.
///
/// Where there may be none, ask for an [`OptionalSession`]: poem's `Option<Session>` would be
/// `None` for an expired session too, and the client would never learn that it can refresh it.
///
/// ```
/// use auth_poem::Session;
/// use poem::handler;
///
/// #[handler]
/// fn greet(session: Session) -> String {
///     format!("Hello, {}", session.get_user_id())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Session(pub auth_core::recipes::session::Session);

impl Deref for Session {
    type Target = auth_core::recipes::session::Session;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<'a> FromRequest<'a> for Session {
    async fn from_request(request: &'a Request, _body: &mut RequestBody) -> Result<Self> {
        let session = context(request)?.require_session(&SessionOptions::new()).await;
        Ok(Self(session.map_err(AuthError::from)?))
    }
}

/// The session of a request, checked with a rule of the handler's own in its signature.
///
/// ```
/// use auth_core::recipes::session::SessionOptions;
/// use auth_poem::{SessionRule, SessionWith};
/// use poem::handler;
///
/// /// A session that was not ended elsewhere.
/// struct NotRevoked;
///
/// impl SessionRule for NotRevoked {
///     fn options() -> SessionOptions {
///         SessionOptions::new().check_database(true)
///     }
/// }
///
/// #[handler]
/// fn transfer_money(session: SessionWith<NotRevoked>) -> String {
///     format!("{} is richer now", session.get_user_id())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct SessionWith<R>(pub Session, PhantomData<R>);

impl<R> Deref for SessionWith<R> {
    type Target = auth_core::recipes::session::Session;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<'a, R: SessionRule + Send> FromRequest<'a> for SessionWith<R> {
    async fn from_request(request: &'a Request, _body: &mut RequestBody) -> Result<Self> {
        let session = context(request)?.require_session(&R::options()).await;
        Ok(Self(Session(session.map_err(AuthError::from)?), PhantomData))
    }
}

/// A session where there is one, checked with the default options, or with a rule of the handler's
/// own as `OptionalSession<Rule>`. An expired one is answered with 401, so that the client
/// refreshes it.
///
/// ```
/// use auth_poem::OptionalSession;
/// use poem::handler;
///
/// #[handler]
/// fn greet(session: OptionalSession) -> String {
///     match &*session {
///         Some(session) => format!("Hello, {}", session.get_user_id()),
///         None => "Hello, stranger".to_owned(),
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct OptionalSession<R = AnySession>(pub Option<Session>, PhantomData<R>);

impl<R> Deref for OptionalSession<R> {
    type Target = Option<Session>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<'a, R: SessionRule + Send> FromRequest<'a> for OptionalSession<R> {
    async fn from_request(request: &'a Request, _body: &mut RequestBody) -> Result<Self> {
        let session = context(request)?.verify_session(&R::options().optional()).await;
        Ok(Self(session.map_err(AuthError::from)?.map(Session), PhantomData))
    }
}

/// The request's context: the way to the recipes' functions from a handler, whose changes reach
/// the response.
///
/// ```
/// use auth_core::protocol::RecipeUserId;
/// use auth_poem::{AuthContext, AuthError};
/// use poem::handler;
///
/// #[handler]
/// async fn sign_in_as_guest(AuthContext(cx): AuthContext) -> Result<&'static str, AuthError> {
///     cx.session()?.create_new_session(RecipeUserId::new("guest")).await?;
///     Ok("welcome")
/// }
/// ```
#[derive(Clone, Debug)]
pub struct AuthContext(pub Context);

impl<'a> FromRequest<'a> for AuthContext {
    async fn from_request(request: &'a Request, _body: &mut RequestBody) -> Result<Self> {
        context(request).cloned().map(Self)
    }
}

pub(crate) fn context(request: &Request) -> Result<&Context> {
    request.data().ok_or_else(|| {
        let hint = "AuthMiddleware is missing: add it around this route";
        let error = auth_core::Error::middleware_missing(hint);
        Error::from_string(error.to_string(), StatusCode::INTERNAL_SERVER_ERROR)
    })
}
