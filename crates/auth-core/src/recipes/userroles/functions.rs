//! What the recipe does.

use std::sync::Arc;

use async_trait::async_trait;
use auth_protocol::{
    TenantId, UserId,
    userroles::{
        AddUserRole, AddUserRoleResponse, CreateRole, CreateRoleResponse, DeleteRole,
        DeleteRoleResponse, GetAllRoles, GetAllRolesResponse, GetPermissionsForRole,
        GetPermissionsForRoleResponse, GetRolesForUser, GetRolesForUserResponse,
        GetRolesThatHavePermission, GetRolesThatHavePermissionResponse, GetUsersThatHaveRole,
        GetUsersThatHaveRoleResponse, RemovePermissionsFromRole, RemovePermissionsFromRoleResponse,
        RemoveUserRole, RemoveUserRoleResponse,
    },
};

use crate::{Context, Result, overrides::overridable};

overridable! {
    /// The recipe's functions.
    pub trait UserRolesFunctions;
    /// Replaces functions of [`UserRolesFunctions`].
    pub trait UserRolesOverride;
    struct UserRolesLayer;

    /// Gives a user a role in a tenant.
    async fn add_role_to_user(
        tenant_id: TenantId,
        user_id: UserId,
        role: String,
    ) -> Result<AddUserRoleResponse>;

    /// Takes a role from a user in a tenant.
    async fn remove_user_role(
        tenant_id: TenantId,
        user_id: UserId,
        role: String,
    ) -> Result<RemoveUserRoleResponse>;

    /// Lists a user's roles in a tenant.
    async fn get_roles_for_user(tenant_id: TenantId, user_id: UserId) -> Result<Vec<String>>;

    /// Lists the users that have a role in a tenant; `None` where there is no such role.
    async fn get_users_that_have_role(
        tenant_id: TenantId,
        role: String,
    ) -> Result<Option<Vec<UserId>>>;

    /// Creates a role, or adds permissions to one; whether it is new.
    async fn create_new_role_or_add_permissions(
        role: String,
        permissions: Vec<String>,
    ) -> Result<bool>;

    /// Lists a role's permissions; `None` where there is no such role.
    async fn get_permissions_for_role(role: String) -> Result<Option<Vec<String>>>;

    /// Takes permissions from a role; false where there is no such role.
    async fn remove_permissions_from_role(role: String, permissions: Vec<String>) -> Result<bool>;

    /// Lists the roles that have a permission.
    async fn get_roles_that_have_permission(permission: String) -> Result<Vec<String>>;

    /// Deletes a role and takes it from every user; whether it was there.
    async fn delete_role(role: String) -> Result<bool>;

    /// Lists every role.
    async fn get_all_roles() -> Result<Vec<String>>;
}

pub(super) fn with_overrides(
    overrides: Vec<Arc<dyn UserRolesOverride>>,
) -> Arc<dyn UserRolesFunctions> {
    UserRolesLayer::stack(Arc::new(Base), overrides)
}

struct Base;

#[async_trait]
impl UserRolesFunctions for Base {
    async fn add_role_to_user(
        &self,
        cx: &Context,
        tenant_id: TenantId,
        user_id: UserId,
        role: String,
    ) -> Result<AddUserRoleResponse> {
        Ok(cx.core().call(&tenant_id, AddUserRole { user_id, role }).await?)
    }

    async fn remove_user_role(
        &self,
        cx: &Context,
        tenant_id: TenantId,
        user_id: UserId,
        role: String,
    ) -> Result<RemoveUserRoleResponse> {
        Ok(cx.core().call(&tenant_id, RemoveUserRole { user_id, role }).await?)
    }

    async fn get_roles_for_user(
        &self,
        cx: &Context,
        tenant_id: TenantId,
        user_id: UserId,
    ) -> Result<Vec<String>> {
        let GetRolesForUserResponse::Ok { roles } =
            cx.core().call(&tenant_id, GetRolesForUser { user_id }).await?;
        Ok(roles)
    }

    async fn get_users_that_have_role(
        &self,
        cx: &Context,
        tenant_id: TenantId,
        role: String,
    ) -> Result<Option<Vec<UserId>>> {
        Ok(match cx.core().call(&tenant_id, GetUsersThatHaveRole { role }).await? {
            GetUsersThatHaveRoleResponse::Ok { users } => Some(users),
            GetUsersThatHaveRoleResponse::UnknownRoleError => None,
        })
    }

    async fn create_new_role_or_add_permissions(
        &self,
        cx: &Context,
        role: String,
        permissions: Vec<String>,
    ) -> Result<bool> {
        let request = CreateRole { role, permissions: Some(permissions) };
        let CreateRoleResponse::Ok { created_new_role } =
            cx.core().call(&TenantId::default(), request).await?;
        Ok(created_new_role)
    }

    async fn get_permissions_for_role(
        &self,
        cx: &Context,
        role: String,
    ) -> Result<Option<Vec<String>>> {
        let request = GetPermissionsForRole { role };
        Ok(match cx.core().call(&TenantId::default(), request).await? {
            GetPermissionsForRoleResponse::Ok { permissions } => Some(permissions),
            GetPermissionsForRoleResponse::UnknownRoleError => None,
        })
    }

    async fn remove_permissions_from_role(
        &self,
        cx: &Context,
        role: String,
        permissions: Vec<String>,
    ) -> Result<bool> {
        let request = RemovePermissionsFromRole { role, permissions: Some(permissions) };
        let response = cx.core().call(&TenantId::default(), request).await?;
        Ok(response == RemovePermissionsFromRoleResponse::Ok)
    }

    async fn get_roles_that_have_permission(
        &self,
        cx: &Context,
        permission: String,
    ) -> Result<Vec<String>> {
        let request = GetRolesThatHavePermission { permission };
        let GetRolesThatHavePermissionResponse::Ok { roles } =
            cx.core().call(&TenantId::default(), request).await?;
        Ok(roles)
    }

    async fn delete_role(&self, cx: &Context, role: String) -> Result<bool> {
        let DeleteRoleResponse::Ok { did_role_exist } =
            cx.core().call(&TenantId::default(), DeleteRole { role }).await?;
        Ok(did_role_exist)
    }

    async fn get_all_roles(&self, cx: &Context) -> Result<Vec<String>> {
        let GetAllRolesResponse::Ok { roles } =
            cx.core().call(&TenantId::default(), GetAllRoles {}).await?;
        Ok(roles)
    }
}
