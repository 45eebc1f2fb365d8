//! `POST /recipe/webauthn/signup`

use serde::{Deserialize, Serialize};

use crate::{JsonObject, RecipeUserId, User, operation::operation};

/// Creates a user with the address of the options and a passkey. The options are used up by it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PasskeySignUp {
    /// The options by which the passkey was made.
    pub webauthn_generated_options_id: String,
    /// What the browser answered: a [`RegistrationCredential`](super::RegistrationCredential).
    pub credential: JsonObject,
}

/// The answer to [`PasskeySignUp`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
#[allow(clippy::large_enum_variant)]
pub enum PasskeySignUpResponse {
    /// The user is created.
    Ok {
        /// The user.
        user: User,
        /// The passkey's id, base64url.
        webauthn_credential_id: String,
        /// The site's domain.
        relying_party_id: String,
        /// Its name.
        relying_party_name: String,
        /// The new login method's id.
        recipe_user_id: RecipeUserId,
        /// Whether the authenticator asked for a PIN, a fingerprint or the like. The reference's core
        /// doesn't tell.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user_verified: Option<bool>,
    },
    /// Another user of this recipe and tenant has the address.
    EmailAlreadyExistsError,
    /// There are no options with this id in the tenant, or they are used up.
    OptionsNotFoundError,
    /// The options have expired, or are for something else.
    InvalidOptionsError {
        /// Why, for people.
        reason: String,
    },
    /// The answer can be read, but doesn't belong to the options.
    InvalidAuthenticatorError {
        /// Why, for people.
        reason: String,
    },
    /// The answer can't be read, or its passkey is another user's.
    InvalidCredentialsError {
        /// Why, for people.
        reason: String,
    },
}

operation!(
    PasskeySignUp => PasskeySignUpResponse,
    "passkey_sign_up", Post "/recipe/webauthn/signup", Tenant
);
