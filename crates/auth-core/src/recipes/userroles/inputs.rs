//! What the functions of this recipe take.

use auth_protocol::{TenantId, UserId};

use crate::overrides::input;

input! {
    /// Who gets which role.
    pub struct AddRoleToUserInput {
        /// The user.
        user_id: UserId,
        /// The role.
        role: String,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

input! {
    /// Who loses which role.
    pub struct RemoveUserRoleInput {
        /// The user.
        user_id: UserId,
        /// The role.
        role: String,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

input! {
    /// Whose roles are listed.
    pub struct GetRolesForUserInput from UserId, &UserId {
        /// The user.
        user_id: UserId,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

input! {
    /// Which role's users are listed.
    pub struct GetUsersThatHaveRoleInput from String, &str {
        /// The role.
        role: String,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

input! {
    /// Which role's permissions are listed.
    pub struct GetPermissionsForRoleInput from String, &str {
        /// The role.
        role: String,
    }
}

input! {
    /// Which permission's roles are listed.
    pub struct GetRolesThatHavePermissionInput from String, &str {
        /// The permission.
        permission: String,
    }
}

input! {
    /// Which role is deleted.
    pub struct DeleteRoleInput from String, &str {
        /// The role.
        role: String,
    }
}

/// A role, and permissions that it gets.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use]
pub struct CreateNewRoleOrAddPermissionsInput {
    /// The role.
    pub role: String,
    /// The permissions; none by default.
    pub permissions: Vec<String>,
}

impl CreateNewRoleOrAddPermissionsInput {
    /// A role without new permissions.
    pub fn new(role: impl Into<String>) -> Self {
        Self { role: role.into(), permissions: Vec::new() }
    }

    /// The permissions.
    pub fn permissions(mut self, permissions: impl IntoIterator<Item: Into<String>>) -> Self {
        self.permissions = permissions.into_iter().map(Into::into).collect();
        self
    }
}

impl From<&str> for CreateNewRoleOrAddPermissionsInput {
    fn from(role: &str) -> Self {
        Self::new(role)
    }
}

/// A role, and permissions that it loses.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use]
pub struct RemovePermissionsFromRoleInput {
    /// The role.
    pub role: String,
    /// The permissions.
    pub permissions: Vec<String>,
}

impl RemovePermissionsFromRoleInput {
    /// A role and the permissions.
    pub fn new(
        role: impl Into<String>,
        permissions: impl IntoIterator<Item: Into<String>>,
    ) -> Self {
        Self { role: role.into(), permissions: permissions.into_iter().map(Into::into).collect() }
    }
}
