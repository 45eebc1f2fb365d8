//! The session as an extractor.

use std::{marker::PhantomData, ops::Deref};

use auth_core::{
    Context,
    recipes::session::{SessionOptions, SessionRule},
};
use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
    response::Response,
};

/// The session of a request, checked with the default options, or the one that a
/// [`verify_session`](crate::verify_session) guard before the handler has checked already.
///
/// `Option<Session>` is a session where there is one; an expired one is still answered with 401,
/// so that the client refreshes it.
///
/// ```
/// use auth_axum::Session;
///
/// async fn greet(session: Option<Session>) -> String {
///     match session {
///         Some(session) => format!("Hello, {}", session.get_user_id()),
///         None => "Hello, stranger".to_owned(),
///     }
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

impl<S: Sync> FromRequestParts<S> for Session {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Response> {
        require(parts, &SessionOptions::new()).await
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for Session {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Response> {
        verify(parts, &SessionOptions::new().optional()).await
    }
}

/// The session of a request, checked with a rule of the handler's own in its signature.
///
/// `Option<SessionWith<R>>` is a session where there is one, whatever the rule requires.
///
/// ```
/// use auth_axum::{SessionRule, SessionWith};
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
    type Target = auth_core::recipes::session::Session;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<S: Sync, R: SessionRule> FromRequestParts<S> for SessionWith<R> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Response> {
        Ok(Self(require(parts, &R::options()).await?, PhantomData))
    }
}

impl<S: Sync, R: SessionRule> OptionalFromRequestParts<S> for SessionWith<R> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Response> {
        let session = verify(parts, &R::options().optional()).await?;
        Ok(session.map(|session| Self(session, PhantomData)))
    }
}

/// The request's context: the way to the recipes' functions from a handler, whose changes reach
/// the response.
///
/// ```
/// use auth_axum::{AuthContext, AuthError};
/// use auth_core::protocol::RecipeUserId;
///
/// async fn sign_in_as_guest(AuthContext(cx): AuthContext) -> Result<&'static str, AuthError> {
///     cx.session()?.create_new_session(RecipeUserId::new("guest")).await?;
///     Ok("welcome")
/// }
/// ```
#[derive(Clone, Debug)]
pub struct AuthContext(pub Context);

impl<S: Sync> FromRequestParts<S> for AuthContext {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Response> {
        auth_tower::context(&parts.extensions).cloned().map(Self)
    }
}

async fn require(parts: &Parts, options: &SessionOptions) -> Result<Session, Response> {
    auth_tower::require_session(&parts.extensions, options).await.map(Session)
}

async fn verify(parts: &Parts, options: &SessionOptions) -> Result<Option<Session>, Response> {
    Ok(auth_tower::verify_session(&parts.extensions, options).await?.map(Session))
}
