//! `POST /recipe/webauthn/signin`

use serde::{Deserialize, Serialize};

use crate::{CdiVersion, JsonObject, RecipeUserId, User, operation::operation};

/// Checks a passkey.
///
/// The options are used up by it (since CDI 5.5). For older callers the same answer is taken a second
/// time, as the reference's SDKs show each twice (CDI §4.5).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PasskeySignIn {
    /// The options by which the passkey was used.
    pub webauthn_generated_options_id: String,
    /// What the browser answered: an [`AuthenticationCredential`](super::AuthenticationCredential).
    pub credential: JsonObject,
    /// The version in which the caller speaks; it isn't sent with the request.
    #[serde(skip)]
    pub cdi_version: CdiVersion,
}

/// The answer to [`PasskeySignIn`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
#[allow(clippy::large_enum_variant)]
pub enum PasskeySignInResponse {
    /// The passkey is right.
    Ok {
        /// The user.
        user: User,
        /// The id of the login method that the passkey is of.
        recipe_user_id: RecipeUserId,
        /// Whether the authenticator asked for a PIN, a fingerprint or the like. The reference's core
        /// doesn't tell.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user_verified: Option<bool>,
    },
    /// The site has no passkey with this id.
    CredentialNotFoundError,
    /// The passkey's user isn't in the tenant.
    UnknownUserIdError,
    /// There are no options with this id in the tenant, or they are used up.
    OptionsNotFoundError,
    /// The options have expired, or are for something else.
    InvalidOptionsError {
        /// Why, for people.
        reason: String,
    },
    /// The answer can be read, but doesn't belong to the options or the passkey.
    InvalidAuthenticatorError {
        /// Why, for people.
        reason: String,
    },
    /// The answer can't be read.
    InvalidCredentialsError {
        /// Why, for people.
        reason: String,
    },
}

operation!(
    PasskeySignIn => PasskeySignInResponse,
    "passkey_sign_in", Post "/recipe/webauthn/signin", Tenant, {
        fn set_cdi_version(&mut self, version: CdiVersion) {
            self.cdi_version = version;
        }
    }
);
