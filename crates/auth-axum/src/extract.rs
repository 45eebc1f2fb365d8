//! The session as an extractor.

use std::ops::Deref;

use auth_core::{Context, recipes::session::SessionOptions};
use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};

use crate::{convert, scope::Scope};

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
        // A request without a check of its own (`OPTIONS`) has no session to give.
        let session = check(parts, &SessionOptions::new()).await?;
        session.ok_or_else(|| StatusCode::UNAUTHORIZED.into_response())
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for Session {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Response> {
        check(parts, &SessionOptions::new().optional()).await
    }
}

/// The request's context: the way to the recipes' functions from a handler, whose changes reach
/// the response.
///
/// ```
/// use auth_axum::{AuthContext, AuthError};
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

impl<S: Sync> FromRequestParts<S> for AuthContext {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Response> {
        let scope = scope(parts).ok_or_else(layer_missing)?;
        Ok(Self(scope.context(parts).clone()))
    }
}

fn scope(parts: &Parts) -> Option<&Scope> {
    parts.extensions.get()
}

fn layer_missing() -> Response {
    let hint = "AuthLayer is missing: add it after this route";
    (StatusCode::INTERNAL_SERVER_ERROR, hint).into_response()
}

/// Checks the session, unless a guard did so before.
async fn check(parts: &Parts, options: &SessionOptions) -> Result<Option<Session>, Response> {
    match parts.extensions.get::<Option<Session>>() {
        Some(checked) => Ok(checked.clone()),
        None => verify(parts, options).await,
    }
}

pub(crate) async fn verify(
    parts: &Parts,
    options: &SessionOptions,
) -> Result<Option<Session>, Response> {
    let scope = scope(parts).ok_or_else(layer_missing)?;
    let cx = scope.context(parts);
    match scope.auth().verify_session(cx, options).await {
        Ok(session) => Ok(session.map(Session)),
        Err(error) => Err(convert::response(scope.auth().error_response(cx, error).await)),
    }
}
