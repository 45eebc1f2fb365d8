//! Roles (FDI §1.15).

use auth_core::{
    AppInfo, Auth, Error,
    core::EngineConfig,
    protocol::{
        UserId,
        userroles::{
            AddUserRoleResponse, GetPermissionsForRoleResponse, GetUsersThatHaveRoleResponse,
            RemovePermissionsFromRoleResponse,
        },
    },
    recipes::{
        session::{NewSessionInput, SessionRecipe},
        userroles::{
            AddRoleToUserInput, CreateNewRoleOrAddPermissionsInput, PERMISSION_CLAIM,
            RemovePermissionsFromRoleInput, USER_ROLE_CLAIM, UserRolesRecipe,
        },
    },
};
use serde_json::{Value, json};

async fn with_roles(recipe: UserRolesRecipe) -> Auth {
    Auth::builder(AppInfo::new("Roles", "https://api.example.com", "https://www.example.com"))
        .core(EngineConfig::in_memory())
        .recipe(SessionRecipe::new())
        .recipe(recipe)
        .build()
        .await
        .expect("a valid configuration")
}

/// The claims of a new session of `ada`, who is an editor and a reader.
async fn claims(auth: &Auth) -> (Value, Value) {
    let (roles, ada) = (auth.userroles().unwrap(), UserId::new("ada"));
    let editor = CreateNewRoleOrAddPermissionsInput::new("editor").permissions(["write", "read"]);
    assert!(roles.create_new_role_or_add_permissions(editor).await.unwrap());
    let reader = CreateNewRoleOrAddPermissionsInput::new("reader").permissions(["read"]);
    assert!(roles.create_new_role_or_add_permissions(reader).await.unwrap());
    for role in ["editor", "reader"] {
        let added = roles.add_role_to_user(AddRoleToUserInput::new(&ada, role)).await.unwrap();
        assert_eq!(added, AddUserRoleResponse::Ok { did_user_already_have_role: false });
    }
    let session = auth
        .session()
        .unwrap()
        .create_new_session_without_request_response(NewSessionInput::new(ada.as_str()))
        .await
        .unwrap();
    let payload = session.get_access_token_payload().clone();
    let value = |claim: &str| payload.get(claim).map_or(Value::Null, |claim| claim["v"].clone());
    (value("st-role"), value("st-perm"))
}

#[tokio::test]
async fn fdi_either_claim_can_be_left_out() {
    let auth = with_roles(UserRolesRecipe::new().skip_adding_roles_to_access_token()).await;
    assert_eq!(claims(&auth).await, (Value::Null, json!(["read", "write"])));
    let auth = with_roles(UserRolesRecipe::new().skip_adding_permissions_to_access_token()).await;
    assert_eq!(claims(&auth).await, (json!(["editor", "reader"]), Value::Null));
}

#[tokio::test]
async fn fdi_unknown_roles_are_told_apart_from_empty_ones() {
    let auth = with_roles(UserRolesRecipe::new()).await;
    let roles = auth.userroles().unwrap();
    let added = roles.add_role_to_user(AddRoleToUserInput::new("ada", "unknown")).await.unwrap();
    assert_eq!(added, AddUserRoleResponse::UnknownRoleError);
    let permissions = roles.get_permissions_for_role("unknown").await.unwrap();
    assert_eq!(permissions, GetPermissionsForRoleResponse::UnknownRoleError);
    let users = roles.get_users_that_have_role("unknown").await.unwrap();
    assert_eq!(users, GetUsersThatHaveRoleResponse::UnknownRoleError);
    let input = RemovePermissionsFromRoleInput::new("unknown", ["a"]);
    let removed = roles.remove_permissions_from_role(input).await.unwrap();
    assert_eq!(removed, RemovePermissionsFromRoleResponse::UnknownRoleError);
    assert!(roles.create_new_role_or_add_permissions("empty").await.unwrap());
    let permissions = roles.get_permissions_for_role("empty").await.unwrap();
    assert_eq!(permissions, GetPermissionsForRoleResponse::Ok { permissions: Vec::new() });
    assert_eq!(roles.get_all_roles().await.unwrap(), ["empty"]);
    assert!(roles.delete_role("empty").await.unwrap());
    assert!(!roles.delete_role("empty").await.unwrap());
}

#[tokio::test]
async fn without_the_recipe_its_functions_say_that_it_is_missing() {
    let auth = Auth::builder(AppInfo::new("No", "https://a.example.com", "https://a.example.com"))
        .core(EngineConfig::in_memory())
        .recipe(SessionRecipe::new())
        .build()
        .await
        .unwrap();
    assert!(matches!(auth.userroles(), Err(Error::RecipeMissing("userroles"))));
    assert_eq!(auth_core_key(&*USER_ROLE_CLAIM), "st-role");
    assert_eq!(auth_core_key(&*PERMISSION_CLAIM), "st-perm");
}

fn auth_core_key(claim: &impl auth_core::recipes::session::claims::SessionClaim) -> &str {
    claim.key()
}
