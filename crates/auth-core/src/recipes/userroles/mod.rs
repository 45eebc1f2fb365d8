//! Roles of users, and permissions of roles.
//!
//! Both are put into every new session's access token, where a route's validators look at them:
//!
//! ```
//! use auth_core::recipes::{session::SessionOptions, userroles::PERMISSION_CLAIM};
//!
//! let may_write = PERMISSION_CLAIM.validators().includes(&"write".to_owned(), None);
//! let options = SessionOptions::new().claims([may_write]);
//! # let _ = options;
//! ```

mod claims;
mod functions;

use std::sync::Arc;

use auth_protocol::{
    TenantId, UserId,
    userroles::{AddUserRoleResponse, RemoveUserRoleResponse},
};
pub use claims::{PERMISSION_CLAIM, USER_ROLE_CLAIM};
pub use functions::{UserRolesFunctions, UserRolesOverride};

use crate::{
    Auth, ConfigError, Context, Recipe, RecipeConfig, Result, Setup, overrides::override_methods,
    recipes::session::claims::AnyClaim,
};

const ID: &str = "userroles";

/// The recipe's settings.
#[derive(Default)]
#[must_use]
pub struct UserRolesRecipe {
    skip_adding_roles_to_access_token: bool,
    skip_adding_permissions_to_access_token: bool,
    overrides: Vec<Arc<dyn UserRolesOverride>>,
}

impl UserRolesRecipe {
    /// The recipe, with roles and permissions in every new session's access token.
    pub fn new() -> Self {
        Self::default()
    }

    /// Leaves the roles out of the access token.
    pub fn skip_adding_roles_to_access_token(mut self) -> Self {
        self.skip_adding_roles_to_access_token = true;
        self
    }

    /// Leaves the permissions out of the access token.
    pub fn skip_adding_permissions_to_access_token(mut self) -> Self {
        self.skip_adding_permissions_to_access_token = true;
        self
    }
}

override_methods!(UserRolesRecipe: UserRolesOverride);

impl RecipeConfig for UserRolesRecipe {
    type Recipe = UserRolesInstance;

    fn build(self, _setup: &Setup<'_>) -> Result<Self::Recipe, ConfigError> {
        let mut claims: Vec<Arc<dyn AnyClaim>> = Vec::new();
        if !self.skip_adding_roles_to_access_token {
            claims.push(Arc::new(USER_ROLE_CLAIM.clone()));
        }
        if !self.skip_adding_permissions_to_access_token {
            claims.push(Arc::new(PERMISSION_CLAIM.clone()));
        }
        Ok(UserRolesInstance { functions: functions::with_overrides(self.overrides), claims })
    }
}

/// The recipe in use, made of [`UserRolesRecipe`].
pub struct UserRolesInstance {
    functions: Arc<dyn UserRolesFunctions>,
    claims: Vec<Arc<dyn AnyClaim>>,
}

impl Recipe for UserRolesInstance {
    fn id(&self) -> &'static str {
        ID
    }

    fn session_claims(&self) -> Vec<Arc<dyn AnyClaim>> {
        self.claims.clone()
    }
}

/// The functions of roles and permissions, in a context; got by [`Context::userroles`] or
/// [`Auth::userroles`].
#[derive(Clone, Debug)]
pub struct UserRoles {
    cx: Context,
}

impl Context {
    /// The functions of roles and permissions in this context.
    ///
    /// # Errors
    /// [`crate::Error::RecipeMissing`] where the recipe isn't in the recipe list.
    pub fn userroles(&self) -> Result<UserRoles> {
        self.auth().recipe::<UserRolesInstance>(ID)?;
        Ok(UserRoles { cx: self.clone() })
    }
}

impl Auth {
    /// The functions of roles and permissions outside of a request.
    ///
    /// # Errors
    /// [`crate::Error::RecipeMissing`] where the recipe isn't in the recipe list.
    pub fn userroles(&self) -> Result<UserRoles> {
        self.context().userroles()
    }
}

impl UserRoles {
    fn functions(&self) -> Result<&dyn UserRolesFunctions> {
        Ok(&*self.cx.auth().recipe::<UserRolesInstance>(ID)?.functions)
    }

    /// Gives a user a role in a tenant; any id is accepted, known or not.
    pub async fn add_role_to_user(
        &self,
        tenant_id: &TenantId,
        user_id: &UserId,
        role: &str,
    ) -> Result<AddUserRoleResponse> {
        let (tenant_id, user_id) = (tenant_id.clone(), user_id.clone());
        self.functions()?.add_role_to_user(&self.cx, tenant_id, user_id, role.to_owned()).await
    }

    /// Takes a role from a user in a tenant.
    pub async fn remove_user_role(
        &self,
        tenant_id: &TenantId,
        user_id: &UserId,
        role: &str,
    ) -> Result<RemoveUserRoleResponse> {
        let (tenant_id, user_id) = (tenant_id.clone(), user_id.clone());
        self.functions()?.remove_user_role(&self.cx, tenant_id, user_id, role.to_owned()).await
    }

    /// Lists a user's roles in a tenant.
    pub async fn get_roles_for_user(
        &self,
        tenant_id: &TenantId,
        user_id: &UserId,
    ) -> Result<Vec<String>> {
        self.functions()?.get_roles_for_user(&self.cx, tenant_id.clone(), user_id.clone()).await
    }

    /// Lists the users that have a role in a tenant; `None` where there is no such role.
    pub async fn get_users_that_have_role(
        &self,
        tenant_id: &TenantId,
        role: &str,
    ) -> Result<Option<Vec<UserId>>> {
        self.functions()?
            .get_users_that_have_role(&self.cx, tenant_id.clone(), role.to_owned())
            .await
    }

    /// Creates a role, or adds permissions to one; those that it has stay. Whether it is new.
    pub async fn create_new_role_or_add_permissions(
        &self,
        role: &str,
        permissions: &[&str],
    ) -> Result<bool> {
        let permissions = permissions.iter().map(|permission| (*permission).to_owned()).collect();
        self.functions()?
            .create_new_role_or_add_permissions(&self.cx, role.to_owned(), permissions)
            .await
    }

    /// Lists a role's permissions; `None` where there is no such role.
    pub async fn get_permissions_for_role(&self, role: &str) -> Result<Option<Vec<String>>> {
        self.functions()?.get_permissions_for_role(&self.cx, role.to_owned()).await
    }

    /// Takes permissions from a role; false where there is no such role.
    pub async fn remove_permissions_from_role(
        &self,
        role: &str,
        permissions: &[&str],
    ) -> Result<bool> {
        let permissions = permissions.iter().map(|permission| (*permission).to_owned()).collect();
        self.functions()?.remove_permissions_from_role(&self.cx, role.to_owned(), permissions).await
    }

    /// Lists the roles that have a permission.
    pub async fn get_roles_that_have_permission(&self, permission: &str) -> Result<Vec<String>> {
        self.functions()?.get_roles_that_have_permission(&self.cx, permission.to_owned()).await
    }

    /// Deletes a role and takes it from every user; whether it was there.
    pub async fn delete_role(&self, role: &str) -> Result<bool> {
        self.functions()?.delete_role(&self.cx, role.to_owned()).await
    }

    /// Lists every role.
    pub async fn get_all_roles(&self) -> Result<Vec<String>> {
        self.functions()?.get_all_roles(&self.cx).await
    }
}
