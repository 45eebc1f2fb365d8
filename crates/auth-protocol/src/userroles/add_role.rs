//! `PUT /recipe/user/role`

use serde::{Deserialize, Serialize};

use crate::{UserId, operation::operation};

/// Gives a user a role in a tenant.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AddUserRole {
    /// The user; any id is accepted, known or not.
    pub user_id: UserId,
    /// The role.
    pub role: String,
}

/// The answer to [`AddUserRole`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum AddUserRoleResponse {
    /// The user has the role.
    Ok {
        /// Whether the user had it before.
        did_user_already_have_role: bool,
    },
    /// There is no such role.
    UnknownRoleError,
}

operation!(
    AddUserRole => AddUserRoleResponse,
    "add_user_role", Put "/recipe/user/role", Tenant
);
