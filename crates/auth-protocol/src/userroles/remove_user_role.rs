//! `POST /recipe/user/role/remove`

use serde::{Deserialize, Serialize};

use crate::{UserId, operation::operation};

/// Takes a role from a user in a tenant.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RemoveUserRole {
    /// The user; any id is accepted, known or not.
    pub user_id: UserId,
    /// The role.
    pub role: String,
}

/// The answer to [`RemoveUserRole`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum RemoveUserRoleResponse {
    /// The user lacks the role.
    Ok {
        /// Whether the user had it before.
        did_user_have_role: bool,
    },
    /// There is no such role.
    UnknownRoleError,
}

operation!(
    RemoveUserRole => RemoveUserRoleResponse,
    "remove_user_role", Post "/recipe/user/role/remove", Tenant
);
