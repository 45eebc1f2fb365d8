//! Why a session check failed, and how that is answered (FDI §2.4).

use async_trait::async_trait;
use auth_protocol::{RecipeUserId, SessionHandle, UserId};
use http::StatusCode;
use serde::Serialize;
use serde_json::json;

use super::{super::SessionInstance, write};
use crate::{Context, Response, Result};

/// A session check that failed (FDI §2.4).
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// There is no session, or it has ended: 401 `unauthorised`.
    #[error("unauthorised: {message}")]
    Unauthorised {
        /// Why, for logs; never sent to the client.
        message: String,
        /// Whether the response also clears the client's tokens.
        clear_tokens: bool,
    },
    /// The access token can't be used any more; the client should refresh: 401 `try refresh token`.
    #[error("try refresh token: {message}")]
    TryRefreshToken {
        /// Why, for logs; never sent to the client.
        message: String,
    },
    /// A refresh token was used twice: 401 `token theft detected`.
    #[error("token theft detected")]
    TokenTheftDetected {
        /// The session that the token belonged to.
        session_handle: SessionHandle,
        /// The user.
        user_id: UserId,
        /// The login method that started the session.
        recipe_user_id: RecipeUserId,
    },
    /// Claims in the access token don't satisfy the route: 403 `invalid claim`.
    #[error("invalid claims: {}", .0.iter().map(|claim| claim.id.as_str()).collect::<Vec<_>>().join(", "))]
    InvalidClaims(Vec<InvalidClaim>),
    /// The request had session cookies for two domains; the older ones are cleared: 200.
    #[error("the request contains multiple session cookies")]
    ClearDuplicateSessionCookies,
}

impl SessionError {
    /// There is no session any more; the client's tokens are cleared.
    pub fn unauthorised(message: impl Into<String>) -> Self {
        Self::Unauthorised { message: message.into(), clear_tokens: true }
    }

    /// Whether another token of the same request may fare better.
    pub(crate) fn is_about_the_token(&self) -> bool {
        match self {
            Self::Unauthorised { .. }
            | Self::TryRefreshToken { .. }
            | Self::TokenTheftDetected { .. } => true,
            Self::InvalidClaims(_) | Self::ClearDuplicateSessionCookies => false,
        }
    }

    /// The client should refresh.
    pub fn try_refresh_token(message: impl Into<String>) -> Self {
        Self::TryRefreshToken { message: message.into() }
    }
}

/// A claim validator that failed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InvalidClaim {
    /// The validator's id.
    pub id: String,
    /// Why, as JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<serde_json::Value>,
}

/// Answers session errors; a method that isn't written answers as the wire has it.
///
/// Tokens that are to be cleared have been by the time these are called. The messages are for
/// logs: by default clients get fixed texts.
#[async_trait]
pub trait SessionErrorHandlers: Send + Sync {
    /// There is no session, or it has ended.
    async fn on_unauthorised(&self, cx: &Context, _message: &str) -> Result<Response> {
        Ok(Response::message(expired_status(cx)?, "unauthorised"))
    }

    /// The client should refresh its session.
    async fn on_try_refresh_token(&self, cx: &Context, _message: &str) -> Result<Response> {
        Ok(Response::message(expired_status(cx)?, "try refresh token"))
    }

    /// A refresh token was used twice: by default the session is ended.
    async fn on_token_theft_detected(
        &self,
        cx: &Context,
        session_handle: &SessionHandle,
        _user_id: &UserId,
        _recipe_user_id: &RecipeUserId,
    ) -> Result<Response> {
        SessionInstance::of(cx)?.functions().revoke_session(cx, session_handle).await?;
        Ok(Response::message(expired_status(cx)?, "token theft detected"))
    }

    /// Claims don't satisfy the route.
    async fn on_invalid_claim(
        &self,
        cx: &Context,
        validation_errors: &[InvalidClaim],
    ) -> Result<Response> {
        let status = SessionInstance::of(cx)?.config().invalid_claim_status;
        let body =
            json!({ "message": "invalid claim", "claimValidationErrors": validation_errors });
        Ok(Response::json(status, &body))
    }

    /// The request had session cookies of two domains; those of the older one are cleared.
    async fn on_clear_duplicate_session_cookies(&self, _cx: &Context) -> Result<Response> {
        Ok(Response::message(
            StatusCode::OK,
            "The request contains multiple session cookies. We are clearing the cookie from \
             olderCookieDomain. Session will be refreshed in the next refresh call.",
        ))
    }
}

/// The answers as the wire has them.
pub(in super::super) struct DefaultErrorHandlers;

impl SessionErrorHandlers for DefaultErrorHandlers {}

fn expired_status(cx: &Context) -> Result<StatusCode> {
    Ok(SessionInstance::of(cx)?.config().session_expired_status)
}

/// Answers a session error; tokens to be cleared go into the context's changes.
///
/// # Errors
/// Those of the application's own handlers, and of revoking a stolen session.
pub(crate) async fn respond(cx: &Context, error: &SessionError) -> Result<Response> {
    let config = SessionInstance::of(cx)?.config();
    let handlers = &config.error_handlers;
    match error {
        SessionError::Unauthorised { message, clear_tokens } => {
            tracing::debug!(%message, "unauthorised");
            if *clear_tokens {
                write::clear_session_everywhere(cx, config)?;
            }
            handlers.on_unauthorised(cx, message).await
        }
        SessionError::TryRefreshToken { message } => {
            tracing::debug!(%message, "try refresh token");
            handlers.on_try_refresh_token(cx, message).await
        }
        SessionError::TokenTheftDetected { session_handle, user_id, recipe_user_id } => {
            tracing::warn!(%session_handle, %user_id, "a refresh token was used twice");
            write::clear_session_everywhere(cx, config)?;
            handlers.on_token_theft_detected(cx, session_handle, user_id, recipe_user_id).await
        }
        SessionError::InvalidClaims(errors) => handlers.on_invalid_claim(cx, errors).await,
        SessionError::ClearDuplicateSessionCookies => {
            handlers.on_clear_duplicate_session_cookies(cx).await
        }
    }
}
