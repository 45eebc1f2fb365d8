//! `POST /recipe/webauthn/user/credential/register`

use serde::{Deserialize, Serialize};

use crate::{JsonObject, RecipeUserId, operation::operation};

/// Gives a login method one more passkey. The options are used up by it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegisterPasskey {
    /// The login method, one of this recipe.
    pub recipe_user_id: RecipeUserId,
    /// The options by which the passkey was made; they are for the login method's address.
    pub webauthn_generated_options_id: String,
    /// What the browser answered: a [`RegistrationCredential`](super::RegistrationCredential).
    pub credential: JsonObject,
}

/// The answer to [`RegisterPasskey`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum RegisterPasskeyResponse {
    /// The passkey is the login method's.
    Ok {
        /// The passkey's id, base64url.
        webauthn_credential_id: String,
        /// The login method.
        recipe_user_id: RecipeUserId,
        /// Its address.
        email: String,
        /// The site's domain.
        relying_party_id: String,
        /// Its name.
        relying_party_name: String,
    },
    /// The site has a passkey with this id, whoever's it is.
    CredentialAlreadyExistsError,
    /// There is no such login method of this recipe.
    UnknownUserIdError,
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
    /// The answer can't be read.
    InvalidCredentialsError {
        /// Why, for people.
        reason: String,
    },
}

operation!(
    RegisterPasskey => RegisterPasskeyResponse,
    "register_passkey", Post "/recipe/webauthn/user/credential/register", Tenant
);
