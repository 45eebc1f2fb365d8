//! `DELETE /recipe/webauthn/options/remove`

use serde::{Deserialize, Serialize};

use crate::operation::operation;

/// Removes options.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RemovePasskeyOptions {
    /// The options' id.
    pub webauthn_generated_options_id: String,
}

/// The answer to [`RemovePasskeyOptions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RemovePasskeyOptionsResponse {
    /// They are gone.
    Ok,
    /// There are none with this id in the tenant.
    OptionsNotFoundError,
}

operation!(
    RemovePasskeyOptions => RemovePasskeyOptionsResponse,
    "remove_passkey_options", Delete "/recipe/webauthn/options/remove", Tenant
);
