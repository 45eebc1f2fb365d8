//! `GET /user/id`

use serde::{Deserialize, Serialize};

use crate::{User, UserId, operation::operation};

/// Finds a user by its id, or by the id of one of its login methods.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetUserById {
    /// The user's id, or a recipe user id.
    pub user_id: UserId,
}

/// The answer to [`GetUserById`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GetUserByIdResponse {
    /// The user.
    Ok {
        /// The user.
        user: User,
    },
    /// There is no such user.
    UnknownUserIdError,
}

operation!(GetUserById => GetUserByIdResponse, "get_user_by_id", Get "/user/id", AppPublicTenantOnly);
