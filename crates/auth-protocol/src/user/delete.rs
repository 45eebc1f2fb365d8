//! `POST /user/remove`

use serde::{Deserialize, Serialize};

use crate::{UserId, operation::operation};

/// Deletes a user with its sessions, metadata and tokens. An id that the core doesn't know is no
/// error, and what is kept under it stays: it is of somebody whom the application knows.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeleteUser {
    /// The user's id, or a recipe user id.
    pub user_id: UserId,
    /// Whether every linked login method goes too.
    #[serde(default = "yes")]
    pub remove_all_linked_accounts: bool,
}

fn yes() -> bool {
    true
}

/// The answer to [`DeleteUser`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeleteUserResponse {
    /// The user is gone.
    Ok,
}

operation!(DeleteUser => DeleteUserResponse, "delete_user", Post "/user/remove", AppPublicTenantOnly);
