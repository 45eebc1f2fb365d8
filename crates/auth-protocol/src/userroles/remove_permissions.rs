//! `POST /recipe/role/permissions/remove`

use serde::{Deserialize, Serialize};

use crate::operation::operation;

/// Takes permissions from a role.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RemovePermissionsFromRole {
    /// The role.
    pub role: String,
    /// The permissions; all of them when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permissions: Option<Vec<String>>,
}

/// The answer to [`RemovePermissionsFromRole`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RemovePermissionsFromRoleResponse {
    /// The role lacks them.
    Ok,
    /// There is no such role.
    UnknownRoleError,
}

operation!(
    RemovePermissionsFromRole => RemovePermissionsFromRoleResponse,
    "remove_permissions_from_role", Post "/recipe/role/permissions/remove", AppPublicTenantOnly
);
