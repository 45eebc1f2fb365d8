//! Options and passkeys.

use serde::{Deserialize, Serialize};

use crate::RecipeUserId;

/// For whom passkeys are: a web site and its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelyingParty {
    /// The domain.
    pub id: String,
    /// The name for people.
    pub name: String,
}

/// For which user a passkey is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserEntity {
    /// The user's handle, base64url.
    pub id: String,
    /// The email address.
    pub name: String,
    /// The name for people.
    pub display_name: String,
}

/// A kind of key that is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialParameters {
    /// The algorithm's number in the registry of COSE.
    pub alg: i64,
    /// `public-key`.
    pub r#type: String,
}

/// A passkey that mustn't be made again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialDescriptor {
    /// Its id, base64url.
    pub id: String,
    /// `public-key`.
    pub r#type: String,
    /// How its authenticator can be reached.
    #[serde(default)]
    pub transports: Vec<String>,
}

/// What is asked of the authenticator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthenticatorSelection {
    /// Whether the passkey must be found without its id.
    pub require_resident_key: bool,
    /// `required`, `preferred` or `discouraged`: the same, in finer steps.
    pub resident_key: String,
    /// `required`, `preferred` or `discouraged`: whether the authenticator asks for a PIN, a fingerprint
    /// or the like.
    pub user_verification: String,
}

/// Options by which a browser makes a passkey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegistrationOptions {
    /// The options' id.
    pub webauthn_generated_options_id: String,
    /// For which site.
    pub rp: RelyingParty,
    /// For which user.
    pub user: UserEntity,
    /// The user's address, normalised.
    pub email: String,
    /// How long the browser waits for the user, and the options are good, in milliseconds.
    pub timeout: i64,
    /// 32 random bytes, base64url.
    pub challenge: String,
    /// `none`, `indirect`, `direct` or `enterprise`.
    pub attestation: String,
    /// When they were made, in milliseconds since the epoch.
    pub created_at: i64,
    /// Until when they are good, in milliseconds since the epoch.
    pub expires_at: i64,
    /// Which keys are taken, the best first.
    pub pub_key_cred_params: Vec<CredentialParameters>,
    /// Always empty: they would tell anybody which passkeys an address has.
    pub exclude_credentials: Vec<CredentialDescriptor>,
    /// What is asked of the authenticator.
    pub authenticator_selection: AuthenticatorSelection,
}

/// Options by which a browser uses a passkey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignInOptions {
    /// The options' id.
    pub webauthn_generated_options_id: String,
    /// For which site: its domain.
    pub relying_party_id: String,
    /// 32 random bytes, base64url.
    pub challenge: String,
    /// How long the browser waits for the user, and the options are good, in milliseconds.
    pub timeout: i64,
    /// `required`, `preferred` or `discouraged`.
    pub user_verification: String,
    /// Whether the user must have touched the authenticator.
    pub user_presence: bool,
    /// When they were made, in milliseconds since the epoch.
    pub created_at: i64,
    /// Until when they are good, in milliseconds since the epoch.
    pub expires_at: i64,
}

/// Options as they are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PasskeyOptions {
    /// The options' id.
    pub webauthn_generated_options_id: String,
    /// For which site: its domain.
    pub relying_party_id: String,
    /// Its name.
    pub relying_party_name: String,
    /// 32 random bytes, base64url.
    pub challenge: String,
    /// How long the browser waits for the user, and the options are good, in milliseconds.
    pub timeout: i64,
    /// The origin of the site's page.
    pub origin: String,
    /// For whom a passkey is made; `null` where one is used, as the Python SDK must have the field to
    /// sign anybody in.
    #[serde(default)]
    pub email: Option<String>,
    /// When they were made, in milliseconds since the epoch.
    pub created_at: i64,
    /// Until when they are good, in milliseconds since the epoch.
    pub expires_at: i64,
    /// `required`, `preferred` or `discouraged`.
    pub user_verification: String,
    /// Whether the user must have touched the authenticator.
    pub user_presence: bool,
}

/// A passkey in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Passkey {
    /// Its id, base64url.
    pub webauthn_credential_id: String,
    /// The login method that it is of.
    pub recipe_user_id: RecipeUserId,
    /// The site's domain.
    pub relying_party_id: String,
    /// When it was made, in milliseconds since the epoch.
    pub created_at: i64,
    /// When it was last used, or made, in milliseconds since the epoch. The reference's core doesn't
    /// tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<i64>,
    /// The model of its authenticator as that says itself (its AAGUID); all zeros where it says
    /// nothing. The reference's core doesn't tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aaguid: Option<String>,
    /// Whether it is in several devices. The reference's core doesn't tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_backed_up: Option<bool>,
    /// What its user calls it, or else its authenticator's name where that is known. The reference's
    /// core doesn't tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}
