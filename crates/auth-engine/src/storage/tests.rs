use std::{sync::Arc, time::Duration};

use super::{Store, Tx, in_tx, params};
use crate::{EngineConfig, EngineError, StorageError};

async fn in_memory() -> Store {
    Store::open(&EngineConfig::in_memory()).await.unwrap()
}

/// In memory, or on PostgreSQL where the run is told to.
async fn fresh() -> Store {
    let url = test_postgres::url_for_this_test();
    Store::open(&EngineConfig::new(url.parse().unwrap())).await.unwrap()
}

async fn put(tx: &mut Tx<'_>, name: &str) -> Result<u64, EngineError> {
    let sql = "INSERT INTO key_value VALUES ('public', 'public', $1, 'v', 0)";
    tx.execute(sql, params![name]).await
}

async fn names(store: &Store) -> Vec<String> {
    let body = in_tx!(|tx| {
        let rows = tx.query("SELECT name FROM key_value ORDER BY name", params![]).await?;
        rows.iter().map(|row| row.get("name")).collect::<Result<Vec<String>, _>>()
    });
    store.read(body).await.unwrap()
}

#[tokio::test]
async fn what_is_written_is_read() {
    let store = fresh().await;
    store.write(in_tx!(|tx| { put(tx, "a").await })).await.unwrap();
    assert_eq!(names(&store).await, ["a"]);
}

#[tokio::test]
async fn a_read_of_one_statement_needs_no_transaction_and_postgresql_refuses_a_second() {
    const LOCKED: &str = "SELECT name FROM key_value FOR UPDATE";
    let store = fresh().await;
    store.write(in_tx!(|tx| { put(tx, "a").await })).await.unwrap();
    let one = in_tx!(|tx| { Ok(tx.query(LOCKED, params![]).await?.len()) });
    assert_eq!(store.read_one(one).await.unwrap(), 1, "the lock is left out");
    let two = in_tx!(|tx| {
        tx.query(LOCKED, params![]).await?;
        tx.query(LOCKED, params![]).await.map(drop)
    });
    let is_refused = matches!(store.read_one(two).await, Err(EngineError::Internal(_)));
    assert_eq!(is_refused, store.pool().is_some());
    // The connection was given back as it was.
    store.write(in_tx!(|tx| { put(tx, "b").await })).await.unwrap();
    assert_eq!(names(&store).await, ["a", "b"]);
}

#[tokio::test]
async fn an_error_undoes_its_own_transaction_and_no_other() {
    let store = fresh().await;
    let store = Arc::new(store);
    let mut tasks = tokio::task::JoinSet::new();
    for index in 0..100_u32 {
        let store = store.clone();
        tasks.spawn(async move {
            let name = format!("{index:03}");
            let body = in_tx!(name, |tx| {
                put(tx, &name).await?;
                if index % 2 == 0 { Ok(()) } else { Err(EngineError::BadRequest(name)) }
            });
            (index, store.write(body).await.is_ok())
        });
    }
    for (index, succeeded) in tasks.join_all().await {
        assert_eq!(succeeded, index % 2 == 0);
    }
    let expected: Vec<String> = (0..100).step_by(2).map(|index| format!("{index:03}")).collect();
    assert_eq!(names(&store).await, expected);
}

#[tokio::test]
async fn a_panic_undoes_its_own_transaction_and_the_store_goes_on() {
    let store = fresh().await;
    let body = in_tx!(|tx| {
        put(tx, "lost").await?;
        assert_eq!(1, 2, "a bug in an operation");
        Ok(())
    });
    assert!(matches!(store.write(body).await, Err(EngineError::Internal(_))));
    store.write(in_tx!(|tx| { put(tx, "kept").await })).await.unwrap();
    assert_eq!(names(&store).await, ["kept"]);
}

#[tokio::test]
async fn a_transaction_that_awaits_something_else_is_refused() {
    let store = in_memory().await;
    let body = in_tx!(|tx| {
        put(tx, "lost").await?;
        tokio::task::yield_now().await;
        Ok(())
    });
    let error = store.write(body).await.unwrap_err();
    assert!(error.to_string().contains("other than its own Tx"), "{error}");
    assert!(names(&store).await.is_empty());
}

#[tokio::test]
async fn violated_keys_and_references_are_told_apart() {
    let store = fresh().await;
    let twice = in_tx!(|tx| {
        put(tx, "a").await?;
        put(tx, "a").await
    });
    assert!(store.write(twice).await.unwrap_err().is_unique_violation());
    let nowhere = in_tx!(|tx| {
        let sql = "INSERT INTO key_value VALUES ('public', 'nowhere', 'n', 'v', 0)";
        tx.execute(sql, params![]).await
    });
    assert!(store.write(nowhere).await.unwrap_err().is_foreign_key_violation());
}

#[tokio::test]
async fn a_transaction_that_goes_on_after_a_failed_statement_is_undone() {
    let store = fresh().await;
    for is_last in [true, false] {
        let body = in_tx!(|tx| {
            put(tx, "lost").await?;
            let _ = put(tx, "lost").await;
            if is_last { Ok(0) } else { put(tx, "also lost").await }
        });
        let error = store.write(body).await.unwrap_err();
        assert!(error.to_string().contains("after a statement had failed"), "{error}");
    }
    assert!(names(&store).await.is_empty());
}

#[tokio::test]
async fn no_text_that_one_database_could_not_store_reaches_the_other() {
    let store = fresh().await;
    let error = store.write(in_tx!(|tx| { put(tx, "a\0b").await })).await.unwrap_err();
    assert!(matches!(error, EngineError::BadRequest(_)), "{error}");
}

#[tokio::test]
async fn a_closed_store_refuses_and_has_finished_what_was_queued() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("auth.db");
    let store = Store::open(&EngineConfig::sqlite_file(&path)).await.unwrap();
    let queued = {
        let store = store.clone();
        tokio::spawn(async move { store.write(in_tx!(|tx| { put(tx, "queued").await })).await })
    };
    tokio::task::yield_now().await;
    store.close().await;
    queued.await.unwrap().unwrap();
    let refused = store.write(in_tx!(|tx| { put(tx, "late").await })).await;
    assert!(matches!(refused, Err(EngineError::ShuttingDown)));
    assert!(!directory.path().join("auth.db-wal").exists(), "the log was moved into the file");
    let reopened = Store::open(&EngineConfig::sqlite_file(&path)).await.unwrap();
    assert_eq!(names(&reopened).await, ["queued"]);
}

#[tokio::test]
async fn reading_connections_write_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let config = EngineConfig::sqlite_file(directory.path().join("auth.db"));
    let store = Store::open(&config).await.unwrap();
    let error = store.read(in_tx!(|tx| { put(tx, "a").await })).await.unwrap_err();
    assert!(matches!(error, EngineError::Storage(StorageError::ReadOnly(_))), "{error}");
}

#[tokio::test]
async fn another_process_lock_is_waited_for_and_then_reported() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("auth.db");
    let config = EngineConfig::sqlite_file(&path).database_busy_timeout(Duration::from_millis(20));
    let store = Store::open(&config).await.unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = store.write(in_tx!(|tx| { put(tx, "a").await })).await.unwrap_err();
    assert!(matches!(error, EngineError::Storage(StorageError::Locked(_))), "{error}");
    other.execute_batch("ROLLBACK").unwrap();
    store.write(in_tx!(|tx| { put(tx, "a").await })).await.unwrap();
    assert_eq!(names(&store).await, ["a"]);
}

#[tokio::test]
async fn the_threads_end_when_the_last_handle_is_dropped() {
    let directory = tempfile::tempdir().unwrap();
    let config = EngineConfig::sqlite_file(directory.path().join("auth.db"));
    let store = Store::open(&config).await.unwrap();
    let Store::Sqlite(sqlite) = &store else { panic!("a file") };
    let threads = sqlite.take_threads();
    assert!(threads.len() > 2);
    drop(store);
    for thread in threads {
        thread.join().unwrap();
    }
}

/// The plan of a statement on SQLite, step by step.
async fn plan(store: &Store, sql: &'static str) -> Vec<String> {
    let body = in_tx!(|tx| {
        let rows = tx.query(sql, params![]).await?;
        rows.iter().map(|row| row.get("detail")).collect::<Result<Vec<String>, _>>()
    });
    store.read(body).await.unwrap()
}

#[tokio::test]
async fn sqlite_finds_a_users_rows_by_the_user_and_not_by_the_app() {
    let store = in_memory().await;
    let steps = plan(
        &store,
        "EXPLAIN QUERY PLAN SELECT DISTINCT t.recipe_user_id, t.tenant_id \
         FROM app_id_to_user_id u \
         JOIN recipe_user_tenants t ON t.app_id = u.app_id AND t.recipe_user_id = u.user_id \
         WHERE u.app_id = 'a' AND u.primary_or_recipe_user_id IN ('b', 'c') \
         ORDER BY t.recipe_user_id, t.tenant_id",
    )
    .await;
    assert!(steps.iter().all(|step| !step.ends_with("(app_id=?)")), "{steps:?}");
    assert!(steps[0].contains("primary_or_recipe_user_id=?"), "{steps:?}");
}
