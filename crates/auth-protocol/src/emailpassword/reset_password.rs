//! `POST /recipe/user/password/reset`

use serde::{Deserialize, Serialize};

use crate::{Secret, UserId, operation::operation};

/// Sets a new password by a reset token, which is then used up, and every other one of the same
/// user with it. Callers of CDI 4.0 and newer use the token up and then update the password.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResetPassword {
    /// How the user is known; always `token`.
    pub method: String,
    /// The token from the reset link.
    pub token: Secret,
    /// The new password, in clear.
    pub new_password: Secret,
}

/// The answer to [`ResetPassword`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum ResetPasswordResponse {
    /// The password is set.
    Ok {
        /// The user that the token was created for.
        user_id: UserId,
    },
    /// The token is unknown, used or expired.
    ResetPasswordInvalidTokenError,
}

operation!(
    ResetPassword => ResetPasswordResponse,
    "reset_password", Post "/recipe/user/password/reset", Tenant
);
