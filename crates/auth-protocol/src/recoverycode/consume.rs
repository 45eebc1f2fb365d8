//! `POST /recipe/recoverycode/consume` (extension)

use serde::{Deserialize, Serialize};

use crate::{Secret, UserId, operation::operation};

/// Uses up a recovery code. Wrong ones count towards the same limit as wrong TOTP codes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsumeRecoveryCode {
    /// The user.
    pub user_id: UserId,
    /// The code; hyphens, white space and case don't matter.
    pub code: Secret,
}

/// The answer to [`ConsumeRecoveryCode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum ConsumeRecoveryCodeResponse {
    /// The code was right; it isn't any more.
    Ok {
        /// How many codes the user has left.
        codes_left: u32,
    },
    /// The user has no recovery codes.
    UnknownUserIdError,
    /// The code is wrong or was used before.
    InvalidRecoveryCodeError {
        /// How many codes in a row were wrong, this one included.
        current_number_of_failed_attempts: u32,
        /// How many may be.
        max_number_of_failed_attempts: u32,
    },
    /// Too many codes in a row were wrong; this one wasn't looked at.
    LimitReachedError {
        /// When the next one will be, in milliseconds from now.
        retry_after_ms: i64,
        /// How many codes in a row were wrong.
        current_number_of_failed_attempts: u32,
        /// How many may be.
        max_number_of_failed_attempts: u32,
    },
}

operation!(
    ConsumeRecoveryCode => ConsumeRecoveryCodeResponse,
    "consume_recovery_code", Post "/recipe/recoverycode/consume", Tenant
);
