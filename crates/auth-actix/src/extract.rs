//! The session as an extractor.

use std::{future, marker::PhantomData, ops::Deref};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use auth_core::{
    Context, Error,
    recipes::session::{self, AnySession, SessionRule},
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
    type Future = Either<Checked<Self>, LocalBoxFuture<'static, Result<Self, AuthError>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let cx = context(request);
        match cx.as_ref().ok().and_then(Context::required_session_at_once) {
            Some(session) => Either::Left(future::ready(Ok(Self(session)))),
            None => Either::Right(Box::pin(async move { Ok(Self(cx?.required_session().await?)) })),
        }
    }
}

type Checked<T> = future::Ready<Result<T, AuthError>>;

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

impl<R: SessionRule> FromRequest for SessionWith<R> {
    type Error = AuthError;
    type Future = LocalBoxFuture<'static, Result<Self, AuthError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let cx = context(request);
        Box::pin(async move {
            let cx = cx?;
            let session = cx.auth().require_session(&cx, &R::options()).await?;
            Ok(Self(Session(session), PhantomData))
        })
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

impl<R: SessionRule> FromRequest for OptionalSession<R> {
    type Error = AuthError;
    type Future = LocalBoxFuture<'static, Result<Self, AuthError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let cx = context(request);
        Box::pin(async move {
            Ok(Self(cx?.optional_session(R::options()).await?.map(Session), PhantomData))
        })
    }
}

/// The request's context: the way to the recipes' functions from a handler, whose changes reach
/// the response.
///
/// ```
/// use auth_actix::{AuthContext, AuthError};
/// use auth_core::protocol::{JsonObject, RecipeUserId, TenantId};
///
/// async fn sign_in_as_guest(AuthContext(cx): AuthContext) -> Result<&'static str, AuthError> {
///     let guest = RecipeUserId::new("guest");
///     let (payload, data) = (JsonObject::new(), JsonObject::new());
///     cx.session()?.create_new_session(&TenantId::default(), guest, payload, data).await?;
///     Ok("welcome")
/// }
/// ```
#[derive(Clone, Debug)]
pub struct AuthContext(pub Context);

impl FromRequest for AuthContext {
    type Error = AuthError;
    type Future = Checked<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        future::ready(context(request).map(Self))
    }
}

pub(crate) fn context(request: &HttpRequest) -> Result<Context, AuthError> {
    let cx = request.extensions().get().cloned();
    let hint = "wrap the App, or the scope of this route, with auth_middleware";
    cx.ok_or_else(|| Error::middleware_missing(hint).into())
}
