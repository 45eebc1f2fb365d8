//! The session as an extractor.

use std::ops::Deref;

use auth_core::recipes::session::SessionOptions;
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
    let Some(scope) = parts.extensions.get::<Scope>() else {
        let hint = "AuthLayer is missing: add it after this route";
        return Err((StatusCode::INTERNAL_SERVER_ERROR, hint).into_response());
    };
    let cx = scope.context(parts);
    match scope.auth().verify_session(cx, options).await {
        Ok(session) => Ok(session.map(Session)),
        Err(error) => Err(convert::response(scope.auth().error_response(cx, error).await)),
    }
}
