//! `POST /recipe/webauthn/options/signin`

use serde::{Deserialize, Serialize};

use super::SignInOptions;
use crate::operation::operation;

/// Makes options by which a browser uses a passkey.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreatePasskeySignInOptions {
    /// The site's domain.
    pub relying_party_id: String,
    /// The site's name.
    pub relying_party_name: String,
    /// The origin of the site's page; its host is the domain or below it, or it is a related one.
    pub origin: String,
    /// Origins of other sites that may show the page as well (WebAuthn Level 3, section 5.11), 32 at
    /// most. An extension: the reference's core takes no notice of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub related_origins: Option<Vec<String>>,
    /// How long the browser waits and the options are good, in milliseconds; 6000 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<i64>,
    /// `required`, `preferred` (when absent) or `discouraged`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_verification: Option<String>,
    /// Whether the user must have touched the authenticator; `false` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_presence: Option<bool>,
}

/// The answer to [`CreatePasskeySignInOptions`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CreatePasskeySignInOptionsResponse {
    /// The options.
    Ok(SignInOptions),
    /// What is asked for isn't possible.
    InvalidOptionsError {
        /// Why, for people.
        reason: String,
    },
}

operation!(
    CreatePasskeySignInOptions => CreatePasskeySignInOptionsResponse,
    "create_passkey_sign_in_options", Post "/recipe/webauthn/options/signin", Tenant
);
