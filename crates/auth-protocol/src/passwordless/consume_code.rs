//! `POST /recipe/signinup/code/consume`

use serde::{Deserialize, Serialize};

use super::{CodeProof, ConsumedDevice};
use crate::{RecipeUserId, User, operation::operation};

/// Uses up a code, and with it every device of its address or phone number. A user that isn't
/// known yet is created.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConsumeCode(pub CodeProof);

/// The answer to [`ConsumeCode`].
// The large variant is the usual one.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum ConsumeCodeResponse {
    /// The code was right; it isn't any more.
    Ok {
        /// Whether the user is new.
        created_new_user: bool,
        /// The user.
        user: User,
        /// The login method that has the address or phone number.
        recipe_user_id: RecipeUserId,
        /// The device that the code belonged to.
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
    ConsumeCode => ConsumeCodeResponse,
    "consume_code", Post "/recipe/signinup/code/consume", Tenant
);
