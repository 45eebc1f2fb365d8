//! `PUT /recipe/role`

use serde::{Deserialize, Serialize};

use crate::operation::operation;

/// Creates a role, or adds permissions to one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CreateRole {
    /// The role.
    pub role: String,
    /// The permissions to add; those that the role has stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permissions: Option<Vec<String>>,
}

/// The answer to [`CreateRole`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum CreateRoleResponse {
    /// The role is there, with the permissions.
    Ok {
        /// Whether it is new.
        created_new_role: bool,
    },
}

operation!(
    CreateRole => CreateRoleResponse,
    "create_role", Put "/recipe/role", AppPublicTenantOnly
);
