//! `POST /recipe/recoverycode/generate` (extension)

use serde::{Deserialize, Serialize};

use crate::{Secret, UserId, operation::operation};

/// Gives a user ten new recovery codes; those that it had end.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GenerateRecoveryCodes {
    /// The user; any id is accepted, known or not.
    pub user_id: UserId,
}

/// The answer to [`GenerateRecoveryCodes`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GenerateRecoveryCodesResponse {
    /// The codes, shown only here: the core keeps their hashes.
    Ok {
        /// Ten codes of 120 random bits each, as `xxxx-xxxx-xxxx-xxxx-xxxx-xxxx`.
        codes: Vec<Secret>,
    },
}

operation!(
    GenerateRecoveryCodes => GenerateRecoveryCodesResponse,
    "generate_recovery_codes", Post "/recipe/recoverycode/generate", AppPublicTenantOnly
);
