//! One app in several databases: everybody is found, and what is the app's is the same for all.

use auth_engine::{EngineConfig, EngineError};
use auth_protocol::{
    CdiVersion, RecipeUserId, Secret, SessionHandle, UserId,
    accountlinking::{CreatePrimaryUser, LinkAccounts},
    audit::{ListAuditEntries, ListAuditEntriesResponse},
    session::{
        GetSession, GetSessionResponse, ListSessionHandles, ListSessionHandlesResponse,
        RefreshSession, RefreshSessionResponse, RemoveSessions, RemoveSessionsResponse,
        VerifySession, VerifySessionResponse,
    },
    user::{
        CountActiveUsers, CountActiveUsersResponse, CountUsers, CountUsersResponse, DeleteUser,
        GetUserById, GetUserByIdResponse,
    },
    user_id_mapping::{CreateUserIdMapping, CreateUserIdMappingResponse},
    usermetadata::{
        GetMetadataOfUsers, GetMetadataOfUsersResponse, GetUserMetadata, GetUserMetadataResponse,
        UpdateUserMetadata,
    },
    userroles::{
        AddUserRole, AddUserRoleResponse, CreateRole, DeleteRole, GetRolesForUser,
        GetRolesForUserResponse, GetUsersThatHaveRole, GetUsersThatHaveRoleResponse,
    },
};
use serde_json::json;
use test_postgres::TestDatabase;

use crate::world::{World, at, uri};

/// Three databases of one app: home, a schema or a database beside it, and another database.
struct App {
    world: World,
    own: TestDatabase,
    other: TestDatabase,
    users: Vec<(auth_protocol::TenantScope, UserId)>,
}

impl App {
    async fn new(home: &str) -> Self {
        let world = World::new(home).await;
        let (own, other) = (TestDatabase::create_empty(), TestDatabase::create_empty());
        let schema = json!({
            "postgresql_connection_uri": own.url(),
            "postgresql_table_schema": "t1",
        });
        world.set_app("a1", json!({})).await.unwrap();
        world.set_tenant(&at("a1", "t1"), schema).await.unwrap();
        world.set_tenant(&at("a1", "t2"), uri(&other.url())).await.unwrap();
        world.set_tenant(&at("a1", "t3"), uri(&other.url())).await.unwrap();
        let mut users = Vec::new();
        for tenant in ["public", "t1", "t2", "t3"] {
            let scope = at("a1", tenant);
            let user = world.sign_up(&scope, "ada@example.com").await;
            users.push((scope, user));
        }
        Self { world, own, other, users }
    }
}

fn refresh(refresh_token: Secret) -> RefreshSession {
    RefreshSession {
        refresh_token,
        anti_csrf_token: None,
        enable_anti_csrf: false,
        use_dynamic_signing_key: None,
        access_token_validity_ms: None,
        proven_devices: None,
        cdi_version: CdiVersion::LATEST,
    }
}

fn verify(access_token: Secret, check_database: bool) -> VerifySession {
    VerifySession {
        access_token,
        anti_csrf_token: None,
        do_anti_csrf_check: false,
        enable_anti_csrf: false,
        check_database,
        cdi_version: CdiVersion::LATEST,
    }
}

fn sessions_of(user_id: UserId) -> ListSessionHandles {
    ListSessionHandles {
        user_id,
        fetch_across_all_tenants: true,
        fetch_sessions_for_all_linked_accounts: true,
    }
}

async fn on_either_home(test: impl AsyncFn(App)) {
    let home = TestDatabase::create();
    for url in ["sqlite::memory:", &home.url()] {
        test(App::new(url).await).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn every_user_is_in_the_database_of_its_tenant_and_is_found_by_its_id() {
    on_either_home(async |app| {
        let world = &app.world;
        let there = |database: &TestDatabase, schema: &str| {
            let sql = format!("SELECT COUNT(*) FROM {schema}.app_id_to_user_id");
            database.psql(&sql).trim().to_owned()
        };
        assert_eq!((there(&app.own, "t1"), there(&app.other, "public")), ("1".into(), "2".into()));
        let public = at("a1", "public");
        for (scope, id) in &app.users {
            assert!(world.try_sign_in(scope, "ada@example.com").await.unwrap().is_some());
            let found = world.run(&public, GetUserById { user_id: id.clone() }).await;
            let GetUserByIdResponse::Ok { user } = found else { panic!("{scope:?}") };
            assert_eq!((&user.id, &user.tenant_ids), (id, &vec![scope.tenant.clone()]));
            // What is kept of it is beside it.
            let metadata_update = json!({ "tenant": scope.tenant }).as_object().unwrap().clone();
            let update = UpdateUserMetadata { user_id: id.clone(), metadata_update };
            world.run(&public, update).await;
            let read = GetUserMetadata { user_id: id.clone() };
            let GetUserMetadataResponse::Ok { metadata } = world.run(&public, read).await;
            assert_eq!(metadata["tenant"], scope.tenant.as_str());
        }
        let rows = "SELECT COUNT(*) FROM public.user_metadata";
        assert_eq!(app.other.psql(rows).trim(), "2");
        let user_ids: Vec<UserId> = app.users.iter().map(|(_, id)| id.clone()).collect();
        let many = GetMetadataOfUsers { user_ids: user_ids.clone() };
        let GetMetadataOfUsersResponse::Ok { users } = world.run(&public, many).await;
        for ((scope, _), user) in app.users.iter().zip(&users) {
            assert_eq!(user.metadata.as_ref().unwrap()["tenant"], scope.tenant.as_str());
        }
        // Somebody whom the core doesn't know is the app's.
        let user_id = UserId::from("nobody");
        let metadata_update = json!({ "a": 1 }).as_object().unwrap().clone();
        let update = UpdateUserMetadata { user_id: user_id.clone(), metadata_update };
        world.run(&public, update).await;
        let GetUserMetadataResponse::Ok { metadata } =
            world.run(&public, GetUserMetadata { user_id }).await;
        assert_eq!(metadata["a"], 1);

        let count = CountUsers { include_all_tenants: true, ..CountUsers::default() };
        let CountUsersResponse::Ok { count, .. } = world.run(&public, count).await;
        assert_eq!(count, 4);
        let CountActiveUsersResponse::Ok { count } =
            world.run(&public, CountActiveUsers { since: 0 }).await;
        assert_eq!(count, 4);

        let (_, gone) = &app.users[2];
        world
            .run(&public, DeleteUser { user_id: gone.clone(), remove_all_linked_accounts: true })
            .await;
        let found = world.run(&public, GetUserById { user_id: gone.clone() }).await;
        assert!(matches!(found, GetUserByIdResponse::UnknownUserIdError));
        assert_eq!(app.other.psql(rows).trim(), "1");
        // The audit log of a database tells of what happened there.
        let read = ListAuditEntries { user_id: None, ..ListAuditEntries::default() };
        let ListAuditEntriesResponse::Ok { entries, .. } = world.run(&at("a1", "t2"), read).await;
        assert!(entries.iter().any(|entry| entry.kind == "user_deleted"), "{entries:?}");
        world.engine.delete_expired().await.unwrap();
        let health = world.engine.health().await.unwrap();
        assert_eq!(health.tenant_databases.len(), 2);
        world.engine.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn a_session_is_found_by_its_handle_and_by_its_tokens() {
    on_either_home(async |app| {
        let (world, public) = (&app.world, at("a1", "public"));
        let mut handles: Vec<SessionHandle> = Vec::new();
        for (scope, user) in &app.users {
            let tokens = world.session(scope, user).await;
            let session_handle = tokens.session.handle.clone();
            let read = GetSession { session_handle: session_handle.clone() };
            let found = world.run(&public, read).await;
            assert!(matches!(found, GetSessionResponse::Ok { .. }), "{scope:?}");
            let refreshed = world.run(&public, refresh(tokens.refresh_token.token)).await;
            let RefreshSessionResponse::Ok(tokens) = refreshed else { panic!("{refreshed:?}") };
            for check_database in [false, true] {
                let verify = verify(tokens.access_token.token.clone(), check_database);
                let verified = world.run(&public, verify).await;
                assert!(matches!(verified, VerifySessionResponse::Ok { .. }), "{verified:?}");
            }
            let listed = world.run(&public, sessions_of(user.clone())).await;
            let ListSessionHandlesResponse::Ok { session_handles } = listed;
            assert_eq!(session_handles, std::slice::from_ref(&session_handle));
            handles.push(session_handle);
            // Of somebody whom the core doesn't know, too.
            world.session(scope, &"stranger".into()).await;
        }
        let strangers = sessions_of("stranger".into());
        let ListSessionHandlesResponse::Ok { session_handles } =
            world.run(&public, strangers).await;
        assert_eq!(session_handles.len(), 4);
        let revoke = |user_id: Option<UserId>, session_handles| RemoveSessions {
            user_id,
            session_handles,
            ..RemoveSessions::default()
        };
        let ended = async |operation| {
            let RemoveSessionsResponse::Ok { session_handles_revoked } =
                world.run(&public, operation).await;
            session_handles_revoked.len()
        };
        assert_eq!(ended(revoke(Some("stranger".into()), None)).await, 4);
        assert_eq!(ended(revoke(Some(app.users[3].1.clone()), None)).await, 1);
        assert_eq!(ended(revoke(None, Some(handles))).await, 3);
        world.engine.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn roles_are_the_apps_and_who_has_them_is_the_tenants() {
    on_either_home(async |app| {
        let (world, public) = (&app.world, at("a1", "public"));
        let role = "admin".to_owned();
        let give = |user: &UserId| AddUserRole { user_id: user.clone(), role: role.clone() };
        let of = async |scope: &auth_protocol::TenantScope, user: &UserId| {
            let read = GetRolesForUser { user_id: user.clone() };
            let GetRolesForUserResponse::Ok { roles } = world.run(scope, read).await;
            roles
        };
        let (scope, user) = &app.users[1];
        let answer = world.run(scope, give(user)).await;
        assert_eq!(answer, AddUserRoleResponse::UnknownRoleError);
        for _ in 0..2 {
            let create = CreateRole { role: role.clone(), permissions: None };
            world.run(&public, create).await;
            for (scope, user) in &app.users {
                assert_eq!(of(scope, user).await, [""; 0]);
                let users = GetUsersThatHaveRole { role: role.clone() };
                let users = world.run(scope, users).await;
                assert_eq!(users, GetUsersThatHaveRoleResponse::Ok { users: Vec::new() });
                let given = world.run(scope, give(user)).await;
                let expected = AddUserRoleResponse::Ok { did_user_already_have_role: false };
                assert_eq!(given, expected);
                assert_eq!(of(scope, user).await, std::slice::from_ref(&role));
            }
            // Gone everywhere; who makes it again gives it to nobody.
            world.run(&public, DeleteRole { role: role.clone() }).await;
            for (scope, user) in &app.users {
                assert_eq!(of(scope, user).await, [""; 0]);
                let answer = world.run(scope, give(user)).await;
                assert_eq!(answer, AddUserRoleResponse::UnknownRoleError);
            }
        }
        world.engine.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn users_of_different_databases_are_not_linked_and_share_no_id() {
    on_either_home(async |app| {
        let (world, public) = (&app.world, at("a1", "public"));
        let ids: Vec<RecipeUserId> = app.users.iter().map(|(_, id)| id.as_str().into()).collect();
        world.run(&public, CreatePrimaryUser { recipe_user_id: ids[1].clone() }).await;
        let primary_user_id = app.users[1].1.clone();
        let link = LinkAccounts { recipe_user_id: ids[2].clone(), primary_user_id };
        match world.engine.handle(&public, link).await {
            Err(EngineError::BadRequest(text)) => assert!(text.contains("databases"), "{text}"),
            other => panic!("{other:?}"),
        }
        let map = |own: usize| CreateUserIdMapping::new(app.users[own].1.clone(), "ada".into());
        assert_eq!(world.run(&public, map(2)).await, CreateUserIdMappingResponse::Ok);
        let refused = world.run(&public, map(1)).await;
        assert_eq!(
            refused,
            CreateUserIdMappingResponse::UserIdMappingAlreadyExistsError {
                does_super_tokens_user_id_exist: false,
                does_external_user_id_exist: true,
            }
        );
        let found = world.run(&public, GetUserById { user_id: "ada".into() }).await;
        let GetUserByIdResponse::Ok { user } = found else { panic!() };
        assert_eq!(user.tenant_ids, [auth_protocol::TenantId::from("t2")]);
        world.engine.shutdown().await;
    })
    .await;
}

/// A whole app may be elsewhere, and its tenants with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn an_app_may_have_a_database_and_its_tenants_have_it_too() {
    let (home, own) = (TestDatabase::create(), TestDatabase::create());
    let world = World::with(EngineConfig::new(home.url().parse().unwrap())).await;
    world.set_app("a1", uri(&own.url())).await.unwrap();
    world.set_tenant(&at("a1", "t1"), json!({ "totp_max_attempts": 3 })).await.unwrap();
    world.set_tenant(&at("a1", "t2"), json!({})).await.unwrap();
    for tenant in ["public", "t1", "t2"] {
        let scope = at("a1", tenant);
        let user = world.sign_up(&scope, "ada@example.com").await;
        let tokens = world.session(&scope, &user).await;
        let refreshed = world.run(&at("a1", "public"), refresh(tokens.refresh_token.token)).await;
        assert!(matches!(refreshed, RefreshSessionResponse::Ok(_)), "{refreshed:?}");
    }
    let users = "SELECT COUNT(*) FROM app_id_to_user_id";
    assert_eq!((home.psql(users).trim(), own.psql(users).trim()), ("0", "3"));
    // What isn't there, isn't made by asking for it.
    let unknown = world.try_sign_up(&at("a1", "t9"), "ada@example.com").await.unwrap_err();
    assert!(matches!(unknown, EngineError::TenantOrAppNotFound(_)), "{unknown}");
    world.engine.shutdown().await;
}
