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
//!
//! An application gives them by functions:
//!
//! ```
//! # use auth_core::{Auth, Result, protocol::{TenantId, UserId}};
//! use auth_core::recipes::userroles::{AddRoleToUserInput, CreateNewRoleOrAddPermissionsInput};
//!
//! async fn make_editor(auth: &Auth, user_id: &UserId, tenant_id: &TenantId) -> Result<()> {
//!     let roles = auth.userroles()?;
//!     let editor = CreateNewRoleOrAddPermissionsInput::new("editor").permissions(["write"]);
//!     roles.create_new_role_or_add_permissions(editor).await?;
//!     let grant = AddRoleToUserInput::new(user_id, "editor").tenant_id(tenant_id);
//!     roles.add_role_to_user(grant).await.map(drop)
//! }
//! ```

mod claims;
mod functions;
mod inputs;

use std::sync::Arc;

pub use claims::{PERMISSION_CLAIM, USER_ROLE_CLAIM};
pub use functions::{UserRoles, UserRolesFunctions, UserRolesOverride};
pub use inputs::{
    AddRoleToUserInput, CreateNewRoleOrAddPermissionsInput, DeleteRoleInput,
    GetPermissionsForRoleInput, GetRolesForUserInput, GetRolesThatHavePermissionInput,
    GetUsersThatHaveRoleInput, RemovePermissionsFromRoleInput, RemoveUserRoleInput,
};

use crate::{
    ConfigError, Context, Recipe, RecipeConfig, Result, Setup,
    overrides::{Overrides, override_methods},
    recipes::session::claims::AnyClaim,
};

const ID: &str = "userroles";

/// The recipe's settings.
#[derive(Default)]
#[must_use]
pub struct UserRolesRecipe {
    skip_adding_roles_to_access_token: bool,
    skip_adding_permissions_to_access_token: bool,
    overrides: Overrides<UserRolesFunctions>,
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
    functions: UserRolesFunctions,
    claims: Vec<Arc<dyn AnyClaim>>,
}

impl UserRolesInstance {
    fn of(cx: &Context) -> Result<&Self> {
        cx.auth().recipe(ID)
    }

    /// The outermost layer of the functions.
    fn functions(&self) -> &UserRolesFunctions {
        &self.functions
    }
}

impl Recipe for UserRolesInstance {
    fn id(&self) -> &'static str {
        ID
    }

    fn session_claims(&self) -> Vec<Arc<dyn AnyClaim>> {
        self.claims.clone()
    }
}
