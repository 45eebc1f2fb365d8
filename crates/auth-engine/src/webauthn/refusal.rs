//! Why an answer of a browser is refused.

use auth_protocol::JsonObject;
use auth_webauthn::Error;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What every operation refuses alike.
#[derive(Clone, Debug)]
pub(super) enum Refusal {
    /// There are no such options.
    NoOptions,
    /// They have expired, or are for something else.
    Options(String),
    /// The answer doesn't belong to the options or the passkey.
    Authenticator(String),
    /// The answer can't be read.
    Credential(String),
}

/// The refusal as the response of an operation.
macro_rules! refused {
    ($response:ident, $refusal:expr) => {
        match $refusal {
            $crate::webauthn::refusal::Refusal::NoOptions => $response::OptionsNotFoundError,
            $crate::webauthn::refusal::Refusal::Options(reason) => {
                $response::InvalidOptionsError { reason }
            }
            $crate::webauthn::refusal::Refusal::Authenticator(reason) => {
                $response::InvalidAuthenticatorError { reason }
            }
            $crate::webauthn::refusal::Refusal::Credential(reason) => {
                $response::InvalidCredentialsError { reason }
            }
        }
    };
}
pub(super) use refused;

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error.is_malformed() {
            true => Self::Credential(error.to_string()),
            false => Self::Authenticator(error.to_string()),
        }
    }
}

/// Reads a credential that a caller handed over.
pub(super) fn read<T: DeserializeOwned>(credential: JsonObject) -> Result<T, Refusal> {
    serde_json::from_value(Value::Object(credential))
        .map_err(|_| Refusal::Credential("The credential lacks fields, or has others".to_owned()))
}

/// The id of a credential, read.
pub(super) fn credential_id(
    id: &str,
    raw_id: Option<&str>,
    kind: &str,
) -> Result<Vec<u8>, Refusal> {
    let bytes = decode("id", id)?;
    if kind != "public-key" {
        return Err(Refusal::Credential("type must be public-key".to_owned()));
    }
    if bytes.is_empty() || raw_id.is_some_and(|raw| raw != id) {
        return Err(Refusal::Credential("id and rawId must be one id".to_owned()));
    }
    Ok(bytes)
}

pub(super) fn decode(field: &str, text: &str) -> Result<Vec<u8>, Refusal> {
    BASE64_URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| Refusal::Credential(format!("{field} is not base64url")))
}
