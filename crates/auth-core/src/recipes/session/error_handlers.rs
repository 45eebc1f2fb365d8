//! The answers to session errors (FDI: session errors).

use async_trait::async_trait;
use auth_protocol::{RecipeUserId, SessionHandle, UserId};
use http::StatusCode;
use serde_json::json;

use super::{InvalidClaim, SessionError, SessionInstance, transport};
use crate::{Context, Response, Result};

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
pub(super) struct DefaultErrorHandlers;

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
                transport::clear_session_everywhere(cx, config)?;
            }
            handlers.on_unauthorised(cx, message).await
        }
        SessionError::TryRefreshToken { message } => {
            tracing::debug!(%message, "try refresh token");
            handlers.on_try_refresh_token(cx, message).await
        }
        SessionError::TokenTheftDetected { session_handle, user_id, recipe_user_id } => {
            tracing::warn!(%session_handle, %user_id, "a refresh token was used twice");
            transport::clear_session_everywhere(cx, config)?;
            handlers.on_token_theft_detected(cx, session_handle, user_id, recipe_user_id).await
        }
        SessionError::InvalidClaims(errors) => handlers.on_invalid_claim(cx, errors).await,
        SessionError::ClearDuplicateSessionCookies => {
            handlers.on_clear_duplicate_session_cookies(cx).await
        }
    }
}
