//! `GET /recipe/webauthn/user/credential`

use serde::{Deserialize, Serialize};

use crate::{RecipeUserId, operation::operation};

/// Reads a passkey of a login method.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetPasskey {
    /// The login method.
    pub recipe_user_id: RecipeUserId,
    /// The passkey's id, base64url.
    pub webauthn_credential_id: String,
}

/// The answer to [`GetPasskey`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum GetPasskeyResponse {
    /// The passkey.
    Ok {
        /// Its id, base64url.
        webauthn_credential_id: String,
        /// The login method.
        recipe_user_id: RecipeUserId,
        /// The site's domain.
        relying_party_id: String,
        /// When it was made, in milliseconds since the epoch.
        created_at: i64,
        /// When it was last used, in milliseconds since the epoch.
        updated_at: i64,
        /// The model of its authenticator as that says itself (its AAGUID); all zeros where it says
        /// nothing. The reference's core doesn't tell.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        aaguid: Option<String>,
        /// Whether it is in several devices. The reference's core doesn't tell.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        is_backed_up: Option<bool>,
        /// What its user calls it, or else its authenticator's name where that is known. The reference's
        /// core doesn't tell.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// The login method has no such passkey.
    CredentialNotFoundError,
}

operation!(
    GetPasskey => GetPasskeyResponse,
    "get_passkey", Get "/recipe/webauthn/user/credential/", Tenant
);
