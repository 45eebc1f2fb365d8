//! Roles and permissions (CDI §5.6).
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

mod common;

use auth_protocol::{
    user::{DeleteUser, DeleteUserResponse},
    userroles::*,
};
use common::Test;

impl Test {
    async fn create(&self, role: &str, permissions: &[&str]) -> bool {
        let permissions = permissions.iter().map(|text| (*text).to_owned()).collect();
        let create = CreateRole { role: role.into(), permissions: Some(permissions) };
        let CreateRoleResponse::Ok { created_new_role } = self.run(create).await;
        created_new_role
    }

    async fn add(&self, user: &str, role: &str) -> AddUserRoleResponse {
        self.run(AddUserRole { user_id: user.into(), role: role.into() }).await
    }

    async fn roles_of(&self, user: &str) -> Vec<String> {
        let GetRolesForUserResponse::Ok { roles } =
            self.run(GetRolesForUser { user_id: user.into() }).await;
        roles
    }

    async fn permissions_of(&self, role: &str) -> Option<Vec<String>> {
        match self.run(GetPermissionsForRole { role: role.into() }).await {
            GetPermissionsForRoleResponse::Ok { permissions } => Some(permissions),
            GetPermissionsForRoleResponse::UnknownRoleError => None,
        }
    }
}

#[tokio::test]
async fn cdi_1_10_permissions_are_added_to_a_role_and_never_replaced() {
    let test = Test::new().await;
    assert!(test.create("editor", &["read"]).await);
    assert!(!test.create(" editor ", &["write", "read"]).await);
    assert_eq!(test.permissions_of("editor").await.unwrap(), ["read", "write"]);
    let only = |permissions: Option<&[&str]>| RemovePermissionsFromRole {
        role: "editor".into(),
        permissions: permissions.map(|p| p.iter().map(|text| (*text).to_owned()).collect()),
    };
    let ok = RemovePermissionsFromRoleResponse::Ok;
    assert_eq!(test.run(only(Some(&["read", "unknown"]))).await, ok);
    assert_eq!(test.permissions_of("editor").await.unwrap(), ["write"]);
    assert_eq!(test.run(only(Some(&[]))).await, ok);
    assert_eq!(test.permissions_of("editor").await.unwrap(), ["write"]);
    assert_eq!(test.run(only(None)).await, ok);
    assert!(test.permissions_of("editor").await.unwrap().is_empty());
}

#[tokio::test]
async fn cdi_1_10_any_user_can_have_a_role_and_only_once() {
    let test = Test::new().await;
    test.create("editor", &["write"]).await;
    let had = |did_user_already_have_role| AddUserRoleResponse::Ok { did_user_already_have_role };
    assert_eq!(test.add("ada", "editor").await, had(false));
    assert_eq!(test.add("ada", "editor").await, had(true));
    assert_eq!(test.add("ada", "unknown").await, AddUserRoleResponse::UnknownRoleError);
    assert_eq!(test.roles_of("ada").await, ["editor"]);
    let users = test.run(GetUsersThatHaveRole { role: "editor".into() }).await;
    assert_eq!(users, GetUsersThatHaveRoleResponse::Ok { users: vec!["ada".into()] });
    let roles = test.run(GetRolesThatHavePermission { permission: "write".into() }).await;
    assert_eq!(roles, GetRolesThatHavePermissionResponse::Ok { roles: vec!["editor".into()] });
    let remove = || RemoveUserRole { user_id: "ada".into(), role: "editor".into() };
    let removed = |did_user_have_role| RemoveUserRoleResponse::Ok { did_user_have_role };
    assert_eq!(test.run(remove()).await, removed(true));
    assert_eq!(test.run(remove()).await, removed(false));
    assert!(test.roles_of("ada").await.is_empty());
}

#[tokio::test]
async fn cdi_5_6_a_deleted_role_is_gone_everywhere() {
    let test = Test::new().await;
    test.create("editor", &["write"]).await;
    test.create("reader", &[]).await;
    test.add("ada", "editor").await;
    let delete = || DeleteRole { role: "editor".into() };
    assert_eq!(test.run(delete()).await, DeleteRoleResponse::Ok { did_role_exist: true });
    assert_eq!(test.run(delete()).await, DeleteRoleResponse::Ok { did_role_exist: false });
    assert!(test.roles_of("ada").await.is_empty());
    assert_eq!(test.permissions_of("editor").await, None);
    let all = test.run(GetAllRoles {}).await;
    assert_eq!(all, GetAllRolesResponse::Ok { roles: vec!["reader".into()] });
    // Made again, it starts without what it had.
    test.create("editor", &[]).await;
    assert!(test.permissions_of("editor").await.unwrap().is_empty());
}

#[tokio::test]
async fn cdi_5_4_a_deleted_user_s_roles_go_with_it() {
    let test = Test::new().await;
    test.sign_up_as("ada").await;
    test.create("editor", &[]).await;
    test.add("ada", "editor").await;
    test.add("bob", "editor").await;
    let delete = DeleteUser { user_id: "ada".into(), remove_all_linked_accounts: true };
    assert_eq!(test.run(delete).await, DeleteUserResponse::Ok);
    assert!(test.roles_of("ada").await.is_empty());
    assert_eq!(test.roles_of("bob").await, ["editor"]);
}

#[tokio::test]
async fn cdi_0_7_names_are_trimmed_and_an_empty_or_endless_one_is_refused() {
    let test = Test::new().await;
    test.create("editor", &[]).await;
    let refusal = async |role: &str| {
        let create = CreateRole { role: role.into(), permissions: None };
        test.refused(create).await
    };
    assert_eq!(refusal("  ").await, "Field name 'role' cannot be an empty String");
    assert_eq!(refusal(&"r".repeat(256)).await, "Field name 'role' is invalid in JSON input");
    for empty in ["", "\0", "\u{1f} \t"] {
        assert_eq!(refusal(empty).await, "Field name 'role' cannot be an empty String");
    }
    // A user's id is whatever the caller says that it is.
    for id in ["ada", " ada ", " ", ""] {
        assert!(test.roles_of(id).await.is_empty(), "{id:?}");
        test.add(id, " editor ").await;
        assert_eq!(test.roles_of(id).await, ["editor"], "{id:?}");
    }
}
