//! `POST /recipe/totp/verify`

use serde::{Deserialize, Serialize};

use crate::{Secret, UserId, operation::operation};

/// Checks a code of any of a user's verified devices. Each code is accepted once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VerifyTotp {
    /// The user.
    pub user_id: UserId,
    /// The code.
    pub totp: Secret,
}

/// The answer to [`VerifyTotp`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum VerifyTotpResponse {
    /// The code is right; it isn't any more.
    Ok,
    /// The user has no device at all.
    UnknownUserIdError,
    /// The code is wrong, too old, or was used before.
    InvalidTotpError {
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

operation!(VerifyTotp => VerifyTotpResponse, "verify_totp", Post "/recipe/totp/verify", Tenant);
