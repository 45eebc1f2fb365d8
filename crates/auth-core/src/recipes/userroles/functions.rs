//! What the recipe does.

use async_trait::async_trait;
use auth_protocol::{
    TenantId,
    userroles::{
        AddUserRole, AddUserRoleResponse, CreateRole, CreateRoleResponse, DeleteRole,
        DeleteRoleResponse, GetAllRoles, GetAllRolesResponse, GetPermissionsForRole,
        GetPermissionsForRoleResponse, GetRolesForUser, GetRolesForUserResponse,
        GetRolesThatHavePermission, GetRolesThatHavePermissionResponse, GetUsersThatHaveRole,
        GetUsersThatHaveRoleResponse, RemovePermissionsFromRole, RemovePermissionsFromRoleResponse,
        RemoveUserRole, RemoveUserRoleResponse,
    },
};

use super::{
    AddRoleToUserInput, CreateNewRoleOrAddPermissionsInput, DeleteRoleInput,
    GetPermissionsForRoleInput, GetRolesForUserInput, GetRolesThatHavePermissionInput,
    GetUsersThatHaveRoleInput, RemovePermissionsFromRoleInput, RemoveUserRoleInput,
    UserRolesInstance,
};
use crate::{
    Context, Result,
    overrides::{Overrides, overridable},
};

overridable! {
    /// The recipe's functions.
    pub struct UserRolesFunctions;
    /// Replaces functions of [`UserRolesFunctions`].
    pub trait UserRolesOverride;
    trait UserRolesBase;
    handle UserRoles by userroles of UserRolesInstance;

    /// Gives a user a role in a tenant; any id is accepted, known or not.
    async fn add_role_to_user(input: AddRoleToUserInput) -> Result<AddUserRoleResponse>;

    /// Takes a role from a user in a tenant.
    async fn remove_user_role(input: RemoveUserRoleInput) -> Result<RemoveUserRoleResponse>;

    /// Lists a user's roles in a tenant.
    async fn get_roles_for_user(input: GetRolesForUserInput) -> Result<Vec<String>>;

    /// Lists the users that have a role in a tenant.
    async fn get_users_that_have_role(
        input: GetUsersThatHaveRoleInput,
    ) -> Result<GetUsersThatHaveRoleResponse>;

    /// Creates a role, or adds permissions to one; those that it has stay. Whether it is new.
    async fn create_new_role_or_add_permissions(
        input: CreateNewRoleOrAddPermissionsInput,
    ) -> Result<bool>;

    /// Lists a role's permissions.
    async fn get_permissions_for_role(
        input: GetPermissionsForRoleInput,
    ) -> Result<GetPermissionsForRoleResponse>;

    /// Takes permissions from a role.
    async fn remove_permissions_from_role(
        input: RemovePermissionsFromRoleInput,
    ) -> Result<RemovePermissionsFromRoleResponse>;

    /// Lists the roles that have a permission.
    async fn get_roles_that_have_permission(
        input: GetRolesThatHavePermissionInput,
    ) -> Result<Vec<String>>;

    /// Deletes a role and takes it from every user; whether it was there.
    async fn delete_role(input: DeleteRoleInput) -> Result<bool>;

    /// Lists every role.
    async fn get_all_roles() -> Result<Vec<String>>;
}

pub(super) fn with_overrides(overrides: Overrides<UserRolesFunctions>) -> UserRolesFunctions {
    overrides.around(UserRolesFunctions::new(Base))
}

struct Base;

#[async_trait]
impl UserRolesBase for Base {
    async fn add_role_to_user(
        &self,
        cx: &Context,
        input: AddRoleToUserInput,
    ) -> Result<AddUserRoleResponse> {
        let AddRoleToUserInput { user_id, role, tenant_id } = input;
        Ok(cx.core().call(&tenant_id, AddUserRole { user_id, role }).await?)
    }

    async fn remove_user_role(
        &self,
        cx: &Context,
        input: RemoveUserRoleInput,
    ) -> Result<RemoveUserRoleResponse> {
        let RemoveUserRoleInput { user_id, role, tenant_id } = input;
        Ok(cx.core().call(&tenant_id, RemoveUserRole { user_id, role }).await?)
    }

    async fn get_roles_for_user(
        &self,
        cx: &Context,
        input: GetRolesForUserInput,
    ) -> Result<Vec<String>> {
        let GetRolesForUserInput { user_id, tenant_id } = input;
        let GetRolesForUserResponse::Ok { roles } =
            cx.core().call(&tenant_id, GetRolesForUser { user_id }).await?;
        Ok(roles)
    }

    async fn get_users_that_have_role(
        &self,
        cx: &Context,
        input: GetUsersThatHaveRoleInput,
    ) -> Result<GetUsersThatHaveRoleResponse> {
        let GetUsersThatHaveRoleInput { role, tenant_id } = input;
        Ok(cx.core().call(&tenant_id, GetUsersThatHaveRole { role }).await?)
    }

    async fn create_new_role_or_add_permissions(
        &self,
        cx: &Context,
        input: CreateNewRoleOrAddPermissionsInput,
    ) -> Result<bool> {
        let CreateNewRoleOrAddPermissionsInput { role, permissions } = input;
        let request = CreateRole { role, permissions: Some(permissions) };
        let CreateRoleResponse::Ok { created_new_role } =
            cx.core().call(&TenantId::default(), request).await?;
        Ok(created_new_role)
    }

    async fn get_permissions_for_role(
        &self,
        cx: &Context,
        input: GetPermissionsForRoleInput,
    ) -> Result<GetPermissionsForRoleResponse> {
        let request = GetPermissionsForRole { role: input.role };
        Ok(cx.core().call(&TenantId::default(), request).await?)
    }

    async fn remove_permissions_from_role(
        &self,
        cx: &Context,
        input: RemovePermissionsFromRoleInput,
    ) -> Result<RemovePermissionsFromRoleResponse> {
        let RemovePermissionsFromRoleInput { role, permissions } = input;
        let request = RemovePermissionsFromRole { role, permissions: Some(permissions) };
        Ok(cx.core().call(&TenantId::default(), request).await?)
    }

    async fn get_roles_that_have_permission(
        &self,
        cx: &Context,
        input: GetRolesThatHavePermissionInput,
    ) -> Result<Vec<String>> {
        let request = GetRolesThatHavePermission { permission: input.permission };
        let GetRolesThatHavePermissionResponse::Ok { roles } =
            cx.core().call(&TenantId::default(), request).await?;
        Ok(roles)
    }

    async fn delete_role(&self, cx: &Context, input: DeleteRoleInput) -> Result<bool> {
        let request = DeleteRole { role: input.role };
        let DeleteRoleResponse::Ok { did_role_exist } =
            cx.core().call(&TenantId::default(), request).await?;
        Ok(did_role_exist)
    }

    async fn get_all_roles(&self, cx: &Context) -> Result<Vec<String>> {
        let GetAllRolesResponse::Ok { roles } =
            cx.core().call(&TenantId::default(), GetAllRoles {}).await?;
        Ok(roles)
    }
}
