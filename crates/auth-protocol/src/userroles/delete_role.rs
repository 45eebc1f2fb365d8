//! `POST /recipe/role/remove`

use serde::{Deserialize, Serialize};

use crate::operation::operation;

/// Deletes a role, and takes it from every user.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeleteRole {
    /// The role.
    pub role: String,
}

/// The answer to [`DeleteRole`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum DeleteRoleResponse {
    /// The role is gone.
    Ok {
        /// Whether it was there.
        did_role_exist: bool,
    },
}

operation!(
    DeleteRole => DeleteRoleResponse,
    "delete_role", Post "/recipe/role/remove", AppPublicTenantOnly
);
