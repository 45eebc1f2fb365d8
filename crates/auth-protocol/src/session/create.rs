//! `POST /recipe/session`

use serde::{Deserialize, Serialize};

use super::SessionTokens;
use crate::{CdiVersion, JsonObject, RecipeUserId, operation::operation};

/// Starts a session.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateSession {
    /// The login method that the user signed in with; need not be known to the core.
    #[serde(rename = "userId")]
    pub recipe_user_id: RecipeUserId,
    /// Whether to make an anti-CSRF token.
    pub enable_anti_csrf: bool,
    /// The application's claims for the access token.
    #[serde(rename = "userDataInJWT")]
    pub user_data_in_jwt: JsonObject,
    /// Data that stays with the core.
    pub user_data_in_database: JsonObject,
    /// Whether to sign with a key that rotates; `true` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_dynamic_signing_key: Option<bool>,
    /// A shorter validity of the access token than the configured one, in milliseconds.
    #[serde(default, rename = "accessTokenValidity", skip_serializing_if = "Option::is_none")]
    pub access_token_validity_ms: Option<u64>,
    /// The version in which the caller speaks; it isn't sent with the request.
    #[serde(skip)]
    pub cdi_version: CdiVersion,
}

impl CreateSession {
    /// A session of this login method, without an anti-CSRF token and without data; in the latest
    /// version.
    pub fn new(recipe_user_id: RecipeUserId) -> Self {
        Self {
            recipe_user_id,
            enable_anti_csrf: false,
            user_data_in_jwt: JsonObject::new(),
            user_data_in_database: JsonObject::new(),
            use_dynamic_signing_key: None,
            access_token_validity_ms: None,
            cdi_version: CdiVersion::LATEST,
        }
    }
}

/// The answer to [`CreateSession`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(clippy::large_enum_variant, reason = "nearly every answer is the large one")]
pub enum CreateSessionResponse {
    /// The session is started.
    Ok(SessionTokens),
    /// The user has as many sessions as are allowed, and the core is set to refuse another one. An
    /// extension: other cores don't know such a bound.
    #[serde(rename = "TOO_MANY_SESSIONS_ERROR")]
    TooManySessions,
}

operation!(
    CreateSession => CreateSessionResponse,
    "create_session", Post "/recipe/session", Tenant, {
        fn set_cdi_version(&mut self, version: CdiVersion) {
            self.cdi_version = version;
        }
    }
);
