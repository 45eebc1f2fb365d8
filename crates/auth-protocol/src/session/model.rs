//! What several session operations answer with.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{JsonObject, RecipeUserId, Secret, SessionHandle, TenantId, UserId};

/// A session as its access token describes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionData {
    /// The id of the session's row.
    pub handle: SessionHandle,
    /// The user.
    pub user_id: UserId,
    /// The login method that started the session.
    pub recipe_user_id: RecipeUserId,
    /// The application's claims in the access token.
    #[serde(rename = "userDataInJWT")]
    pub user_data_in_jwt: JsonObject,
    /// The tenant in which the session was started.
    pub tenant_id: TenantId,
}

/// What a token says, from the core that has just signed it: who is in the same process needn't read
/// and verify what was made there. It doesn't travel.
#[derive(Clone)]
pub struct SignedClaims {
    /// The key that signed.
    pub kid: String,
    /// The version in the token's header; `None` where the token is no access token.
    pub version: Option<u32>,
    /// The whole payload.
    pub claims: JsonObject,
}

impl fmt::Debug for SignedClaims {
    /// Without the claims.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedClaims").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// A token with its times, in milliseconds since the epoch.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenInfo {
    /// The token.
    pub token: Secret,
    /// When it expires. For access tokens a whole second.
    pub expiry: i64,
    /// When it was made.
    pub created_time: i64,
    /// What an access token says, where the core is in the same process.
    #[serde(skip)]
    pub signed: Option<Box<SignedClaims>>,
}

/// A session with a fresh pair of tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionTokens {
    /// The session.
    pub session: SessionData,
    /// The access token.
    pub access_token: TokenInfo,
    /// The refresh token.
    pub refresh_token: TokenInfo,
    /// The anti-CSRF token, where one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anti_csrf_token: Option<Secret>,
}

/// How a refresh token that was used again stands to the session's current one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TokenReuse {
    /// It is the token before the current one, and the grace period is over.
    RecentPrev,
    /// It descends from the token before the current one, but isn't the current one.
    OrphanedBranch,
    /// It is older, or of no known descent.
    StaleLineage,
}
