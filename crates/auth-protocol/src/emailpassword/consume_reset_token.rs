//! `POST /recipe/user/password/reset/token/consume`

use serde::{Deserialize, Serialize};

use crate::{Secret, UserId, operation::operation};

/// Uses up a password reset token, and with it every other one of the same user.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ConsumePasswordResetToken {
    /// The token from the reset link.
    pub token: Secret,
}

/// The answer to [`ConsumePasswordResetToken`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum ConsumePasswordResetTokenResponse {
    /// The token was valid; it isn't any more.
    Ok {
        /// The user that the token was created for.
        user_id: UserId,
        /// The address that the token was sent to.
        email: String,
    },
    /// The token is unknown, used or expired.
    ResetPasswordInvalidTokenError,
}

operation!(
    ConsumePasswordResetToken => ConsumePasswordResetTokenResponse,
    "consume_password_reset_token", Post "/recipe/user/password/reset/token/consume", Tenant
);
