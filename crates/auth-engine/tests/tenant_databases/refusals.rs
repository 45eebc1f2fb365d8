//! Databases that a tenant can't have.

use auth_engine::{EngineConfig, EngineError};
use auth_protocol::multitenancy::{
    GetTenant, GetTenantResponse, RemoveApp, RemoveResponse, RemoveTenant,
};
use serde_json::{Value, json};
use test_postgres::TestDatabase;

use crate::world::{World, at, uri};

async fn refused(world: &World, settings: Value) -> String {
    match world.set_tenant(&at("public", "t1"), settings.clone()).await {
        Err(EngineError::BadRequest(text)) => text,
        other => panic!("{settings}: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn a_database_that_is_wrong_is_refused_by_the_name_of_its_key_and_nothing_is_made() {
    let own = TestDatabase::create();
    let wrong_password = own.url().replace("-for-tests", "-hunter2");
    let no_database = own.url().replace(own.name(), "nowhere");
    for home in ["sqlite::memory:".to_owned(), TestDatabase::create().url()] {
        let world = World::new(&home).await;
        for (settings, key, problem) in [
            (uri("mysql://u:hunter2@h/d"), "postgresql_connection_uri", ""),
            (uri(&wrong_password), "postgresql_connection_uri", "refuses the user"),
            (uri(&no_database), "postgresql_connection_uri", "has no database"),
            (
                uri("postgres://u:hunter2@127.0.0.1:1/d?sslmode=disable"),
                "postgresql_connection_uri",
                "no connection",
            ),
            (
                json!({ "postgresql_host": "127.0.0.1", "postgresql_port": 1 }),
                "postgresql_host",
                "no connection",
            ),
            (json!({ "postgresql_table_schema": "a b" }), "postgresql_table_schema", ""),
        ] {
            let text = refused(&world, settings).await;
            assert!(text.starts_with("Invalid core config: "), "{text}");
            assert!(text.contains(key) && text.contains(problem), "{text}");
            assert!(!text.contains("hunter2"), "{text}");
            let found = world.run(&at("public", "t1"), GetTenant {}).await;
            assert!(matches!(found, GetTenantResponse::TenantNotFoundError));
        }
        world.engine.shutdown().await;
    }
}

/// It is gone for good, and its tenants may go without it, where the caller says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn a_tenant_goes_without_its_database_only_where_that_is_wanted_and_what_stays_is_told() {
    let other = TestDatabase::create();
    for home in ["sqlite::memory:".to_owned(), other.url()] {
        let (of_tenant, of_app) = (TestDatabase::create(), TestDatabase::create());
        let name = |database: &TestDatabase| database.name().to_owned();
        let names = [name(&of_tenant), name(&of_app)];
        let world = World::new(&home).await;
        let public = at("public", "public");
        let tenants = [at("public", "t1"), at("a1", "public")];
        world.set_tenant(&tenants[0], uri(&of_tenant.url())).await.unwrap();
        world.set_app("a1", uri(&of_app.url())).await.unwrap();
        for scope in &tenants {
            world.sign_up(scope, "ada@example.com").await;
        }
        // One that is there is cleared as always.
        world.set_tenant(&at("a1", "t2"), json!({})).await.unwrap();
        let removed = world.run(&tenants[1], RemoveTenant::new("t2").abandon_database()).await;
        assert_eq!(removed, RemoveResponse::Ok { did_exist: true, left_behind: None });
        drop((of_tenant, of_app));
        let left = names.each_ref().map(|name| format!("'{name}'")).join(", ");
        let left = format!("SELECT COUNT(*) FROM pg_database WHERE datname IN ({left})");
        while other.psql(&left).trim() != "0" {
            tokio::task::yield_now().await;
        }
        let (tenant, app) = (RemoveTenant::new("t1"), RemoveApp::new("a1"));
        let error = world.engine.handle(&public, tenant.clone()).await.unwrap_err();
        assert!(error.is_unavailable(), "{error}");
        let error = world.engine.handle(&public, app.clone()).await.unwrap_err();
        assert!(error.is_unavailable(), "{error}");
        let of_tenant = world.run(&public, tenant.abandon_database()).await;
        let of_app = world.run(&public, app.abandon_database()).await;
        for (removed, name) in [of_tenant, of_app].into_iter().zip(&names) {
            let RemoveResponse::Ok { did_exist: true, left_behind: Some(place) } = removed else {
                panic!("{removed:?}")
            };
            assert!(place.contains(name) && !place.contains("a-password"), "{place}");
        }
        for scope in &tenants {
            let gone = world.try_sign_in(scope, "ada@example.com").await.unwrap_err();
            assert!(matches!(gone, EngineError::TenantOrAppNotFound(_)), "{gone}");
        }
        world.engine.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn a_tenant_with_users_stays_where_it_is_and_one_without_may_move() {
    let (home, one, two) = (TestDatabase::create(), TestDatabase::create(), TestDatabase::create());
    let world = World::with(EngineConfig::new(home.url().parse().unwrap())).await;
    let scope = at("a1", "t1");
    world.set_app("a1", json!({})).await.unwrap();
    world.set_tenant(&scope, uri(&one.url())).await.unwrap();
    world.set_tenant(&scope, uri(&two.url())).await.unwrap();
    world.sign_up(&scope, "ada@example.com").await;
    let here = "SELECT COUNT(*) FROM app_id_to_user_id";
    assert_eq!((one.psql(here).trim(), two.psql(here).trim()), ("0", "1"));
    let back = json!({ "postgresql_connection_uri": null });
    for settings in [uri(&one.url()), back, json!({ "postgresql_table_schema": "t1" })] {
        let error = world.set_tenant(&scope, settings).await.unwrap_err();
        assert!(matches!(&error, EngineError::BadRequest(text) if text.contains("has users")));
    }
    // What leads to the same place may change.
    let size = json!({ "postgresql_connection_pool_size": 2 });
    world.set_tenant(&scope, size).await.unwrap();
    assert!(world.try_sign_in(&scope, "ada@example.com").await.unwrap().is_some());
    // A whole app doesn't move with tenants who stay, and not away from those who would have to.
    world.set_app("a1", uri(&one.url())).await.unwrap();
    world.sign_up(&at("a1", "public"), "ada@example.com").await;
    world.set_tenant(&at("a1", "t2"), json!({})).await.unwrap();
    let moved = world.set_app("a1", uri(&home.url())).await.unwrap_err();
    assert!(moved.to_string().contains("has users"), "{moved}");

    // The settings are given back as they were written.
    let GetTenantResponse::Ok(tenant) = world.run(&scope, GetTenant {}).await else { panic!() };
    assert_eq!(tenant.core_config["postgresql_connection_uri"], two.url());
    let shown = format!("{:?} {:?}", world.engine, world.engine.health().await.unwrap());
    assert!(!shown.contains("a-password"), "{shown}");

    // What a tenant has goes with it.
    world.session(&scope, &"somebody".into()).await;
    let remove = RemoveTenant::new("t1");
    let removed = world.run(&at("a1", "public"), remove).await;
    assert_eq!(removed, RemoveResponse::Ok { did_exist: true, left_behind: None });
    let left = "SELECT COUNT(*) FROM session_info";
    assert_eq!(two.psql(left).trim(), "0");
    let gone = world.try_sign_in(&scope, "ada@example.com").await.unwrap_err();
    assert!(matches!(gone, EngineError::TenantOrAppNotFound(_)), "{gone}");
    world.set_tenant(&scope, uri(&two.url())).await.unwrap();
    assert!(world.try_sign_in(&scope, "ada@example.com").await.unwrap().is_none());
    world.engine.shutdown().await;
}
