//! What a browser answers (`PublicKeyCredential.toJSON()`, WebAuthn section 5.1).
//!
//! The operations carry it as a JSON object, so that an answer that isn't one of these is told as
//! such, and not as a malformed request.

use serde::{Deserialize, Serialize};

/// A passkey that was made.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegistrationCredential {
    /// Its id, base64url.
    pub id: String,
    /// The same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw_id: Option<String>,
    /// `public-key`.
    pub r#type: String,
    /// What the authenticator says.
    pub response: AttestationResponse,
}

/// What an authenticator says when it makes a passkey.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttestationResponse {
    /// What the browser says, base64url.
    #[serde(rename = "clientDataJSON")]
    pub client_data_json: String,
    /// What the authenticator says, base64url.
    pub attestation_object: String,
    /// How it can be reached, such as `internal` or `usb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transports: Option<Vec<String>>,
}

/// A passkey that was used.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthenticationCredential {
    /// Its id, base64url.
    pub id: String,
    /// The same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw_id: Option<String>,
    /// `public-key`.
    pub r#type: String,
    /// What the authenticator says.
    pub response: AssertionResponse,
}

/// What an authenticator says when a passkey is used.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssertionResponse {
    /// What the browser says, base64url.
    #[serde(rename = "clientDataJSON")]
    pub client_data_json: String,
    /// What the authenticator says, base64url.
    pub authenticator_data: String,
    /// The signature over both, base64url.
    pub signature: String,
    /// The user's handle that came with the options by which it was made, base64url.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_handle: Option<String>,
}
