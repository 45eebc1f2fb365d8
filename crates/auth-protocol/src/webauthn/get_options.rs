//! `GET /recipe/webauthn/options`

use serde::{Deserialize, Serialize};

use super::PasskeyOptions;
use crate::operation::operation;

/// Reads options.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetPasskeyOptions {
    /// The options' id.
    pub webauthn_generated_options_id: String,
}

/// The answer to [`GetPasskeyOptions`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(clippy::large_enum_variant)]
pub enum GetPasskeyOptionsResponse {
    /// The options, expired or not.
    Ok(PasskeyOptions),
    /// There are none with this id in the tenant any more.
    OptionsNotFoundError,
}

operation!(
    GetPasskeyOptions => GetPasskeyOptionsResponse,
    "get_passkey_options", Get "/recipe/webauthn/options", Tenant
);
