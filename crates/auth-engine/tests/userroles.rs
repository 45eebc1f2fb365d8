//! Roles and permissions (CDI: user roles).

#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_imports, missing_docs)]

use auth_engine::{Engine, EngineConfig, EngineError, Handle};
use auth_protocol::{
    Operation, TenantScope,
    user::{DeleteUser, DeleteUserResponse},
    userroles::*,
};

struct Bench(Engine);

impl Bench {
    async fn new() -> Self {
        Self(Engine::open(EngineConfig::in_memory()).await.unwrap())
    }

    async fn try_ask<O: Operation>(&self, operation: O) -> Result<O::Response, EngineError>
    where
        Engine: Handle<O>,
    {
        self.0.handle(&TenantScope::default(), operation).await
    }

    async fn ask<O: Operation>(&self, operation: O) -> O::Response
    where
        Engine: Handle<O>,
    {
        self.try_ask(operation).await.unwrap()
    }

    async fn create(&self, role: &str, permissions: &[&str]) -> bool {
        let permissions = permissions.iter().map(|text| (*text).to_owned()).collect();
        let create = CreateRole { role: role.into(), permissions: Some(permissions) };
        let CreateRoleResponse::Ok { created_new_role } = self.ask(create).await;
        created_new_role
    }

    async fn add(&self, user: &str, role: &str) -> AddUserRoleResponse {
        self.ask(AddUserRole { user_id: user.into(), role: role.into() }).await
    }

    async fn roles_of(&self, user: &str) -> Vec<String> {
        let GetRolesForUserResponse::Ok { roles } =
            self.ask(GetRolesForUser { user_id: user.into() }).await;
        roles
    }

    async fn permissions_of(&self, role: &str) -> Option<Vec<String>> {
        match self.ask(GetPermissionsForRole { role: role.into() }).await {
            GetPermissionsForRoleResponse::Ok { permissions } => Some(permissions),
            GetPermissionsForRoleResponse::UnknownRoleError => None,
        }
    }
}

#[tokio::test]
async fn cdi_1_10_permissions_are_added_to_a_role_and_never_replaced() {
    let bench = Bench::new().await;
    assert!(bench.create("editor", &["read"]).await);
    assert!(!bench.create(" editor ", &["write", "read"]).await);
    assert_eq!(bench.permissions_of("editor").await.unwrap(), ["read", "write"]);
    let only = |permissions: Option<&[&str]>| RemovePermissionsFromRole {
        role: "editor".into(),
        permissions: permissions.map(|p| p.iter().map(|text| (*text).to_owned()).collect()),
    };
    let ok = RemovePermissionsFromRoleResponse::Ok;
    assert_eq!(bench.ask(only(Some(&["read", "unknown"]))).await, ok);
    assert_eq!(bench.permissions_of("editor").await.unwrap(), ["write"]);
    assert_eq!(bench.ask(only(Some(&[]))).await, ok);
    assert_eq!(bench.permissions_of("editor").await.unwrap(), ["write"]);
    assert_eq!(bench.ask(only(None)).await, ok);
    assert!(bench.permissions_of("editor").await.unwrap().is_empty());
}

#[tokio::test]
async fn cdi_1_10_any_user_can_have_a_role_and_only_once() {
    let bench = Bench::new().await;
    bench.create("editor", &["write"]).await;
    let had = |did_user_already_have_role| AddUserRoleResponse::Ok { did_user_already_have_role };
    assert_eq!(bench.add("ada", "editor").await, had(false));
    assert_eq!(bench.add("ada", "editor").await, had(true));
    assert_eq!(bench.add("ada", "unknown").await, AddUserRoleResponse::UnknownRoleError);
    assert_eq!(bench.roles_of("ada").await, ["editor"]);
    let users = bench.ask(GetUsersThatHaveRole { role: "editor".into() }).await;
    assert_eq!(users, GetUsersThatHaveRoleResponse::Ok { users: vec!["ada".into()] });
    let roles = bench.ask(GetRolesThatHavePermission { permission: "write".into() }).await;
    assert_eq!(roles, GetRolesThatHavePermissionResponse::Ok { roles: vec!["editor".into()] });
    let remove = || RemoveUserRole { user_id: "ada".into(), role: "editor".into() };
    let removed = |did_user_have_role| RemoveUserRoleResponse::Ok { did_user_have_role };
    assert_eq!(bench.ask(remove()).await, removed(true));
    assert_eq!(bench.ask(remove()).await, removed(false));
    assert!(bench.roles_of("ada").await.is_empty());
}

#[tokio::test]
async fn cdi_5_6_a_deleted_role_is_gone_everywhere() {
    let bench = Bench::new().await;
    bench.create("editor", &["write"]).await;
    bench.create("reader", &[]).await;
    bench.add("ada", "editor").await;
    let delete = || DeleteRole { role: "editor".into() };
    assert_eq!(bench.ask(delete()).await, DeleteRoleResponse::Ok { did_role_exist: true });
    assert_eq!(bench.ask(delete()).await, DeleteRoleResponse::Ok { did_role_exist: false });
    assert!(bench.roles_of("ada").await.is_empty());
    assert_eq!(bench.permissions_of("editor").await, None);
    let all = bench.ask(GetAllRoles {}).await;
    assert_eq!(all, GetAllRolesResponse::Ok { roles: vec!["reader".into()] });
    // Made again, it starts without what it had.
    bench.create("editor", &[]).await;
    assert!(bench.permissions_of("editor").await.unwrap().is_empty());
}

#[tokio::test]
async fn cdi_5_4_a_deleted_user_s_roles_go_with_it() {
    let bench = Bench::new().await;
    bench.create("editor", &[]).await;
    bench.add("ada", "editor").await;
    bench.add("bob", "editor").await;
    let delete = DeleteUser { user_id: "ada".into(), remove_all_linked_accounts: true };
    assert_eq!(bench.ask(delete).await, DeleteUserResponse::Ok);
    assert!(bench.roles_of("ada").await.is_empty());
    assert_eq!(bench.roles_of("bob").await, ["editor"]);
}

#[tokio::test]
async fn cdi_0_7_names_are_trimmed_and_an_empty_or_endless_one_is_refused() {
    let bench = Bench::new().await;
    bench.create("editor", &[]).await;
    let refusal = async |role: &str| {
        let create = CreateRole { role: role.into(), permissions: None };
        bench.try_ask(create).await.unwrap_err().to_string()
    };
    assert_eq!(refusal("  ").await, "Field name 'role' cannot be an empty String");
    assert_eq!(refusal(&"r".repeat(256)).await, "Field name 'role' is invalid in JSON input");
    let user = AddUserRole { user_id: " ".into(), role: "editor".into() };
    let text = bench.try_ask(user).await.unwrap_err().to_string();
    assert_eq!(text, "Field name 'userId' cannot be an empty String");
    bench.add(" ada ", " editor ").await;
    assert_eq!(bench.roles_of("ada").await, ["editor"]);
}
