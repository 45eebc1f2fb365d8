//! `GET /recipe/recoverycode/count` (extension)

use serde::{Deserialize, Serialize};

use crate::{UserId, operation::operation};

/// Tells how many recovery codes a user has left.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CountRecoveryCodes {
    /// The user; any id is accepted, known or not.
    pub user_id: UserId,
}

/// The answer to [`CountRecoveryCodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum CountRecoveryCodesResponse {
    /// The count.
    Ok {
        /// How many codes are left; 0 for who never had any.
        codes_left: u32,
    },
}

operation!(
    CountRecoveryCodes => CountRecoveryCodesResponse,
    "count_recovery_codes", Get "/recipe/recoverycode/count", AppPublicTenantOnly
);
