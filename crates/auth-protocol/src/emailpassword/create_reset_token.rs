//! `POST /recipe/user/password/reset/token`

use serde::{Deserialize, Serialize};

use crate::{Secret, UserId, operation::operation};

/// Creates a single-use token that permits to set a new password.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreatePasswordResetToken {
    /// The user or recipe user; any recipe.
    pub user_id: UserId,
    /// The address that the token is sent to.
    pub email: String,
}

/// The answer to [`CreatePasswordResetToken`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CreatePasswordResetTokenResponse {
    /// The token is created.
    Ok {
        /// The token, shown only here: the core keeps its hash.
        token: Secret,
    },
    /// There is no such user.
    UnknownUserIdError,
}

operation!(
    CreatePasswordResetToken => CreatePasswordResetTokenResponse,
    "create_password_reset_token", Post "/recipe/user/password/reset/token", Tenant
);
