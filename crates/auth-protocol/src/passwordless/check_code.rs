//! `POST /recipe/signinup/code/check`

use serde::{Deserialize, Serialize};

use super::{CodeProof, ConsumedDevice};
use crate::operation::operation;

/// Checks a code without using it up. Wrong codes count as attempts.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CheckCode(pub CodeProof);

/// The answer to [`CheckCode`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum CheckCodeResponse {
    /// The code is right, and stays so.
    Ok {
        /// The device that the code belongs to.
        consumed_device: ConsumedDevice,
    },
    /// The device is unknown, the code from the link is wrong or expired, or there were too many
    /// wrong codes: a new code must be requested.
    RestartFlowError,
    /// The code that was typed in was right once.
    ExpiredUserInputCodeError {
        /// How many wrong codes were typed in, this one included.
        failed_code_input_attempt_count: i64,
        /// How many may be.
        maximum_code_input_attempts: i64,
    },
    /// The code that was typed in is wrong.
    IncorrectUserInputCodeError {
        /// How many wrong codes were typed in, this one included.
        failed_code_input_attempt_count: i64,
        /// How many may be.
        maximum_code_input_attempts: i64,
    },
    /// The user that the proof names has tried too many wrong codes, of whatever second factor, and
    /// none is judged for now. An extension.
    LimitReachedError {
        /// For how long, in milliseconds.
        retry_after_ms: i64,
    },
}

operation!(
    CheckCode => CheckCodeResponse,
    "check_code", Post "/recipe/signinup/code/check", Tenant
);
