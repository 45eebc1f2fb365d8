//! `POST /recipe/webauthn/options/register`

use serde::{Deserialize, Serialize};

use super::RegistrationOptions;
use crate::operation::operation;

/// Makes options by which a browser makes a passkey.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreatePasskeyRegistrationOptions {
    /// The address of whom it is for; trimmed and lower-cased by the core.
    pub email: String,
    /// The name that the authenticator shows; the address when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The site's name.
    pub relying_party_name: String,
    /// The site's domain.
    pub relying_party_id: String,
    /// The origin of the site's page; its host is the domain or below it, or it is a related one.
    pub origin: String,
    /// Origins of other sites that may show the page as well (WebAuthn Level 3, section 5.11), 32 at
    /// most. An extension: the reference's core takes no notice of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub related_origins: Option<Vec<String>>,
    /// How long the browser waits and the options are good, in milliseconds; 6000 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<i64>,
    /// `none` (when absent), `indirect`, `direct` or `enterprise`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attestation: Option<String>,
    /// `required` (when absent), `preferred` or `discouraged`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resident_key: Option<String>,
    /// `required`, `preferred` (when absent) or `discouraged`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_verification: Option<String>,
    /// Whether the user must have touched the authenticator; `false` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_presence: Option<bool>,
    /// Which keys are taken, the best first, by their numbers in the registry of COSE; −8, −7 and −257
    /// when absent. The SDKs of the reference write `supportedAlgorithmIds`, which its core doesn't read.
    #[serde(
        default,
        rename = "supportedAlgorithmIDs",
        alias = "supportedAlgorithmIds",
        skip_serializing_if = "Option::is_none"
    )]
    pub supported_algorithm_ids: Option<Vec<i64>>,
}

/// The answer to [`CreatePasskeyRegistrationOptions`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(clippy::large_enum_variant)]
pub enum CreatePasskeyRegistrationOptionsResponse {
    /// The options.
    Ok(RegistrationOptions),
    /// What is asked for isn't possible.
    InvalidOptionsError {
        /// Why, for people.
        reason: String,
    },
}

operation!(
    CreatePasskeyRegistrationOptions => CreatePasskeyRegistrationOptionsResponse,
    "create_passkey_registration_options", Post "/recipe/webauthn/options/register", Tenant
);
