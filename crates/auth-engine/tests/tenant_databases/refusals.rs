//! Databases that a tenant can't have.

use auth_engine::{EngineConfig, EngineError};
use auth_protocol::multitenancy::{GetTenant, GetTenantResponse, RemoveResponse, RemoveTenant};
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
    let remove = RemoveTenant { tenant_id: "t1".into() };
    let removed = world.run(&at("a1", "public"), remove).await;
    assert_eq!(removed, RemoveResponse::Ok { did_exist: true });
    let left = "SELECT COUNT(*) FROM session_info";
    assert_eq!(two.psql(left).trim(), "0");
    let gone = world.try_sign_in(&scope, "ada@example.com").await.unwrap_err();
    assert!(matches!(gone, EngineError::TenantOrAppNotFound(_)), "{gone}");
    world.set_tenant(&scope, uri(&two.url())).await.unwrap();
    assert!(world.try_sign_in(&scope, "ada@example.com").await.unwrap().is_none());
    world.engine.shutdown().await;
}
