//! `POST /recipe/recoverycode/remove` (extension)

use serde::{Deserialize, Serialize};

use crate::{UserId, operation::operation};

/// Ends all of a user's recovery codes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RemoveRecoveryCodes {
    /// The user.
    pub user_id: UserId,
}

/// The answer to [`RemoveRecoveryCodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum RemoveRecoveryCodesResponse {
    /// The codes are gone.
    Ok {
        /// Whether there were any.
        did_codes_exist: bool,
    },
}

operation!(
    RemoveRecoveryCodes => RemoveRecoveryCodesResponse,
    "remove_recovery_codes", Post "/recipe/recoverycode/remove", AppPublicTenantOnly
);
