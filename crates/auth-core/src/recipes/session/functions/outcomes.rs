//! What the functions give, where it is more than one value.

use std::sync::Arc;

use auth_protocol::{
    JsonObject, RecipeUserId, SessionHandle, TenantId, UserId,
    session::{SessionData, TokenInfo},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    Error, Result,
    recipes::session::{InvalidClaim, claims::ClaimSubject},
};

/// A session's row.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SessionInformation {
    /// The session.
    pub session_handle: SessionHandle,
    /// The user.
    pub user_id: UserId,
    /// The login method that the session was started with.
    pub recipe_user_id: RecipeUserId,
    /// Data that stays with the core.
    pub session_data_in_database: JsonObject,
    /// When the session ends unless it is refreshed, in milliseconds since the epoch.
    pub expiry_ms: i64,
    /// The application's claims for the next access token.
    pub custom_claims_in_access_token_payload: JsonObject,
    /// When the session was started, in milliseconds since the epoch.
    pub time_created_ms: i64,
    /// The tenant.
    pub tenant_id: TenantId,
}

impl SessionInformation {
    /// Whom the session's claims are fetched for.
    pub fn claim_subject(&self) -> ClaimSubject {
        ClaimSubject::new(self.user_id.clone(), self.recipe_user_id.clone(), self.tenant_id.clone())
            .current_payload(Arc::new(self.custom_claims_in_access_token_payload.clone()))
    }
}

/// What became of an access token that was made anew.
#[derive(Clone, Debug)]
pub struct RegeneratedAccessToken {
    /// The session with its new claims.
    pub session: SessionData,
    /// The new token; `None` where the old one has expired.
    pub access_token: Option<TokenInfo>,
}

/// What came of validating claims.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ValidatedClaims {
    /// The validators that failed.
    pub invalid_claims: Vec<InvalidClaim>,
    /// The whole new payload, where claims were refetched and changed.
    pub access_token_payload_update: Option<JsonObject>,
}

impl ValidatedClaims {
    /// An outcome.
    pub fn new(
        invalid_claims: Vec<InvalidClaim>,
        access_token_payload_update: Option<JsonObject>,
    ) -> Self {
        Self { invalid_claims, access_token_payload_update }
    }
}

/// What came of validating the claims of a session that is known by its handle.
#[derive(Clone, Debug, PartialEq)]
pub enum ClaimsForSessionHandle {
    /// The session is there; these validators failed.
    Ok {
        /// The validators that failed.
        invalid_claims: Vec<InvalidClaim>,
    },
    /// There is no such session.
    SessionDoesNotExistError,
}

/// A claim's value in a session's row.
#[derive(Clone, Debug, PartialEq)]
pub enum ClaimValueResult<T = Value> {
    /// The session is there; so may be the value.
    Ok(Option<T>),
    /// There is no such session.
    SessionDoesNotExistError,
}

impl ClaimValueResult {
    /// The same with the value as the claim's type.
    ///
    /// # Errors
    /// [`Error::Other`] where it is of another type.
    pub fn typed<T: DeserializeOwned>(self) -> Result<ClaimValueResult<T>> {
        Ok(match self {
            Self::Ok(value) => ClaimValueResult::Ok(
                value.map(serde_json::from_value).transpose().map_err(Error::other)?,
            ),
            Self::SessionDoesNotExistError => ClaimValueResult::SessionDoesNotExistError,
        })
    }
}
