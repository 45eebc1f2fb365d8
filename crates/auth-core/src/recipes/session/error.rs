//! Why a session check failed.

use auth_protocol::{RecipeUserId, SessionHandle, UserId};
use serde::Serialize;

/// A session check that failed (FDI: session errors).
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
