//! `POST /recipe/session/refresh`

use serde::{Deserialize, Serialize};

use super::{SessionTokens, TokenReuse};
use crate::{CdiVersion, RecipeUserId, Secret, SessionHandle, UserId, operation::operation};

/// Trades a refresh token for a fresh pair of tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefreshSession {
    /// The refresh token.
    pub refresh_token: Secret,
    /// The anti-CSRF token that came with the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anti_csrf_token: Option<Secret>,
    /// Whether the anti-CSRF token must match.
    pub enable_anti_csrf: bool,
    /// Whether to sign with a key that rotates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_dynamic_signing_key: Option<bool>,
    /// A shorter validity of the access token than the configured one, in milliseconds.
    #[serde(default, rename = "accessTokenValidity", skip_serializing_if = "Option::is_none")]
    pub access_token_validity_ms: Option<u64>,
    /// Of which sessions' devices the caller has seen a proof (extension): a session that is
    /// [bound to a device](super::BindSessionDevice) is refreshed only where it is one of them. Nothing
    /// is asked for where this is absent, as it is from callers that don't know of devices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proven_devices: Option<Vec<SessionHandle>>,
    /// The version in which the caller speaks; it isn't sent with the request.
    #[serde(skip)]
    pub cdi_version: CdiVersion,
}

/// The session whose refresh token was stolen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StolenSession {
    /// The session.
    pub handle: SessionHandle,
    /// The user.
    pub user_id: UserId,
    /// The login method that started the session.
    pub recipe_user_id: RecipeUserId,
}

/// The answer to [`RefreshSession`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
#[allow(clippy::large_enum_variant)]
pub enum RefreshSessionResponse {
    /// Fresh tokens.
    Ok(SessionTokens),
    /// The token is malformed or its session is gone.
    Unauthorised {
        /// Why, for people.
        message: String,
        /// How a reused token stands to the current one, where reuse is answered like this.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        recent_token_reuse_subtype: Option<TokenReuse>,
    },
    /// The session is bound to a device of which the caller has seen no proof (extension). Nothing has
    /// changed, whatever the token is.
    DeviceProofMissingError,
    /// The token was used before by somebody else.
    TokenTheftDetected {
        /// The session.
        session: StolenSession,
        /// How the token stands to the current one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        recent_token_reuse_subtype: Option<TokenReuse>,
    },
}

operation!(
    RefreshSession => RefreshSessionResponse,
    "refresh_session", Post "/recipe/session/refresh", App, {
        fn set_cdi_version(&mut self, version: CdiVersion) {
            self.cdi_version = version;
        }
    }
);
