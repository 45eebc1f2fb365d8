//! What is particular to PostgreSQL: `cargo xtask test` starts a server for these.
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

mod common;

use auth_engine::{Engine, EngineConfig, EngineError, StorageError};
use common::{cheap, on_postgres};
use test_postgres::TestDatabase;

fn config(database: &TestDatabase) -> EngineConfig {
    cheap(on_postgres(database))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs a server: cargo xtask test"]
async fn ten_engines_that_open_an_empty_database_at_once_make_its_schema_once() {
    let database = TestDatabase::create_empty();
    let mut opening = tokio::task::JoinSet::new();
    for _ in 0..10 {
        opening.spawn(Engine::open(config(&database).database_pool_size(2)));
    }
    for opened in opening.join_all().await {
        opened.unwrap();
    }
    let applied = database.psql("SELECT COUNT(*), COUNT(DISTINCT version) FROM schema_migrations");
    let (all, distinct) = applied.trim().split_once('|').unwrap();
    assert_eq!(all, distinct);
    assert_eq!(database.psql("SELECT app_id, tenant_id FROM tenants"), "public|public\n");
}

#[tokio::test]
#[ignore = "needs a server: cargo xtask test"]
async fn a_newer_schema_is_refused_with_both_versions() {
    let database = TestDatabase::create();
    Engine::open(config(&database)).await.unwrap().shutdown().await;
    database.psql("INSERT INTO schema_migrations VALUES (999, 'future', 0)");
    let error = Engine::open(config(&database)).await.unwrap_err();
    let EngineError::Storage(StorageError::NewerThanBinary { found: 999, known }) = error else {
        panic!("{error}")
    };
    assert!(known < 999);
}

#[tokio::test]
#[ignore = "needs a server: cargo xtask test"]
async fn every_text_is_compared_byte_by_byte() {
    let database = TestDatabase::create();
    Engine::open(config(&database)).await.unwrap().shutdown().await;
    let others = "SELECT table_name, column_name FROM information_schema.columns \
        WHERE table_schema = 'public' AND data_type IN ('text', 'character varying') \
        AND collation_name IS DISTINCT FROM 'C'";
    assert_eq!(database.psql(others), "");
}
