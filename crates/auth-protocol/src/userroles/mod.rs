//! Roles of users, and permissions of roles.

mod add_role;
mod create_role;
mod delete_role;
mod list_roles;
mod permissions_of_role;
mod remove_permissions;
mod remove_user_role;
mod roles_of_user;
mod roles_with_permission;
mod users_of_role;

pub use add_role::{AddUserRole, AddUserRoleResponse};
pub use create_role::{CreateRole, CreateRoleResponse};
pub use delete_role::{DeleteRole, DeleteRoleResponse};
pub use list_roles::{GetAllRoles, GetAllRolesResponse};
pub use permissions_of_role::{GetPermissionsForRole, GetPermissionsForRoleResponse};
pub use remove_permissions::{RemovePermissionsFromRole, RemovePermissionsFromRoleResponse};
pub use remove_user_role::{RemoveUserRole, RemoveUserRoleResponse};
pub use roles_of_user::{GetRolesForUser, GetRolesForUserResponse};
pub use roles_with_permission::{GetRolesThatHavePermission, GetRolesThatHavePermissionResponse};
pub use users_of_role::{GetUsersThatHaveRole, GetUsersThatHaveRoleResponse};
