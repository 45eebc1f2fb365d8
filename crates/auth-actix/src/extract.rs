//! The session as an extractor.

use std::{future, marker::PhantomData, ops::Deref};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use auth_core::{
    Context, Error,
    recipes::session::{self, AnySession, SessionCheck, SessionOptions, SessionRule},
};
use futures_util::future::{Either, LocalBoxFuture};

use crate::AuthError;

/// The session of a request, checked with the default options, or the one that a
/// [`verify_session`](crate::verify_session) guard before the handler has checked already.
///
/// Where there may be none, ask for an [`OptionalSession`]: actix-web's `Option<Session>` would be
/// `None` for an expired session too, and the client would never learn that it can refresh it.
///
/// ```
/// use auth_actix::Session;
///
/// async fn whoami(session: Session) -> String {
///     session.get_user_id().to_string()
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Session(pub session::Session);

impl Deref for Session {
    type Target = session::Session;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl FromRequest for Session {
    type Error = AuthError;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        extracted(context(request).map(|cx| cx.require_session(&SessionOptions::new())), Self)
    }
}

type Ready<T> = future::Ready<Result<T, AuthError>>;

/// Ready, where the check is.
type Extracted<T> = Either<Ready<T>, LocalBoxFuture<'static, Result<T, AuthError>>>;

fn extracted<T: 'static, E: 'static>(
    check: Result<SessionCheck<T>, AuthError>,
    extractor: fn(T) -> E,
) -> Extracted<E> {
    match check {
        Ok(SessionCheck::Ready(found)) => {
            Either::Left(future::ready(found.map(extractor).map_err(AuthError::from)))
        }
        Ok(SessionCheck::Pending(rest)) => {
            Either::Right(Box::pin(async move { Ok(extractor(rest.await?)) }))
        }
        Err(error) => Either::Left(future::ready(Err(error))),
    }
}

/// The session of a request, checked with a rule of the handler's own in its signature.
///
/// ```
/// use auth_actix::{SessionRule, SessionWith};
/// use auth_core::recipes::session::SessionOptions;
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
/// async fn transfer_money(session: SessionWith<NotRevoked>) -> String {
///     format!("{} is richer now", session.get_user_id())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct SessionWith<R>(pub Session, PhantomData<R>);

impl<R> Deref for SessionWith<R> {
    type Target = session::Session;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<R: SessionRule + 'static> FromRequest for SessionWith<R> {
    type Error = AuthError;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let check = context(request).map(|cx| cx.require_session(&R::options()));
        extracted(check, |session| Self(Session(session), PhantomData))
    }
}

/// A session where there is one, checked with the default options, or with a rule of the handler's
/// own as `OptionalSession<Rule>`. An expired one is answered with 401, so that the client
/// refreshes it.
///
/// ```
/// use auth_actix::OptionalSession;
///
/// async fn greet(session: OptionalSession) -> String {
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

impl<R: SessionRule + 'static> FromRequest for OptionalSession<R> {
    type Error = AuthError;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let check = context(request).map(|cx| cx.verify_session(&R::options().optional()));
        extracted(check, |session| Self(session.map(Session), PhantomData))
    }
}

/// The request's context: the way to the recipes' functions from a handler, whose changes reach
/// the response.
///
/// ```
/// use auth_actix::{AuthContext, AuthError};
/// use auth_core::protocol::RecipeUserId;
///
/// async fn sign_in_as_guest(AuthContext(cx): AuthContext) -> Result<&'static str, AuthError> {
///     cx.session()?.create_new_session(RecipeUserId::new("guest")).await?;
///     Ok("welcome")
/// }
/// ```
#[derive(Clone, Debug)]
pub struct AuthContext(pub Context);

impl FromRequest for AuthContext {
    type Error = AuthError;
    type Future = Ready<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        future::ready(context(request).map(Self))
    }
}

pub(crate) fn context(request: &HttpRequest) -> Result<Context, AuthError> {
    let cx = request.extensions().get().cloned();
    let hint = "wrap the App, or the scope of this route, with auth_middleware";
    cx.ok_or_else(|| Error::middleware_missing(hint).into())
}
