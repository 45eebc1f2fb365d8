//! `GET /recipe/permission/roles`

use serde::{Deserialize, Serialize};

use crate::operation::operation;

/// Lists the roles that have a permission.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetRolesThatHavePermission {
    /// The permission.
    pub permission: String,
}

/// The answer to [`GetRolesThatHavePermission`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GetRolesThatHavePermissionResponse {
    /// The roles.
    Ok {
        /// Their names.
        roles: Vec<String>,
    },
}

operation!(
    GetRolesThatHavePermission => GetRolesThatHavePermissionResponse,
    "get_roles_that_have_permission", Get "/recipe/permission/roles", AppPublicTenantOnly
);
