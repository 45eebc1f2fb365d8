//! `GET /recipe/role/permissions`

use serde::{Deserialize, Serialize};

use crate::operation::operation;

/// Lists the permissions of a role.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetPermissionsForRole {
    /// The role.
    pub role: String,
}

/// The answer to [`GetPermissionsForRole`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GetPermissionsForRoleResponse {
    /// The permissions.
    Ok {
        /// Their names.
        permissions: Vec<String>,
    },
    /// There is no such role.
    UnknownRoleError,
}

operation!(
    GetPermissionsForRole => GetPermissionsForRoleResponse,
    "get_permissions_for_role", Get "/recipe/role/permissions", AppPublicTenantOnly
);
