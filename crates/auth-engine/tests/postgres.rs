//! What is particular to PostgreSQL: `cargo xtask test` starts a server for these.
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

mod common;

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
    thread,
    time::{Duration, Instant},
};

use auth_engine::{Engine, EngineConfig, EngineError, StorageError};
use auth_protocol::usermetadata::UpdateUserMetadata;
use common::{cheap, public};
use test_postgres::{Durability, MISSING, Server, TestDatabase};

const PASSWORD: &str = "hunter2-is-secret";

type Connection = tokio::task::JoinHandle<Result<(), tokio_postgres::Error>>;

fn config(url: &str) -> EngineConfig {
    cheap(EngineConfig::new(url.parse().unwrap()))
}

/// What is said at start-up: one line, about the setting, without a password.
async fn refused(url: &str) -> String {
    let error = match url.parse() {
        Ok(database) => Engine::open(EngineConfig::new(database)).await.unwrap_err(),
        Err(error) => EngineError::Config(error),
    };
    let text = error.to_string();
    assert!(text.starts_with("`database`: "), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
    let password = url.split(['@', ':']).nth(2).unwrap_or(PASSWORD);
    assert!(!text.contains(password) && !format!("{error:?}").contains(password), "{text}");
    text
}

/// A client beside the engine's, and the task that works for it.
async fn connect(database: &TestDatabase) -> (tokio_postgres::Client, Connection) {
    let url = database.url();
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
    (client, tokio::spawn(connection))
}

/// The database's URL for another user and password.
fn as_user(database: &TestDatabase, user: &str, password: &str) -> String {
    let url = database.url();
    let (_, server) = url.split_once('@').unwrap();
    format!("postgres://{user}:{password}@{server}")
}

#[tokio::test]
#[ignore = "needs a server: cargo xtask test"]
async fn a_newer_schema_is_refused_with_both_versions() {
    let database = TestDatabase::create();
    Engine::open(config(&database.url())).await.unwrap().shutdown().await;
    database.psql(
        "INSERT INTO schema_migrations (version, name, applied_at) VALUES (999, 'future', 0)",
    );
    let error = Engine::open(config(&database.url())).await.unwrap_err();
    let EngineError::Storage(StorageError::NewerThanBinary { found: 999, known }) = error else {
        panic!("{error}")
    };
    assert!(known < 999);
}

#[tokio::test]
#[ignore = "needs a server: cargo xtask test"]
async fn every_text_is_compared_byte_by_byte() {
    let database = TestDatabase::create();
    Engine::open(config(&database.url())).await.unwrap().shutdown().await;
    let others = "SELECT table_name, column_name FROM information_schema.columns \
        WHERE table_schema = 'public' AND data_type IN ('text', 'character varying') \
        AND collation_name IS DISTINCT FROM 'C'";
    assert_eq!(database.psql(others), "");
}

#[tokio::test]
#[ignore = "needs a server: cargo xtask test"]
async fn a_wrong_password_user_or_database_is_named() {
    let database = TestDatabase::create();
    let text = refused(&as_user(&database, "postgres", PASSWORD)).await;
    assert!(text.contains("refuses the user `postgres`"), "{text}");
    let text = refused(&as_user(&database, "nobody_here", PASSWORD)).await;
    assert!(text.contains("refuses the user `nobody_here`"), "{text}");
    let text = refused(&database.url().replace(database.name(), "not_there")).await;
    assert!(text.contains("has no database `not_there`"), "{text}");
}

#[tokio::test]
#[ignore = "needs a server: cargo xtask test"]
async fn a_server_that_is_not_there_is_named() {
    // Bound and let go: nobody listens on it.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let text = refused(&format!("postgres://ada:{PASSWORD}@127.0.0.1:{port}/auth")).await;
    assert!(text.contains(&format!("no connection to 127.0.0.1:{port}")), "{text}");
    let text = refused(&format!("postgres://ada:{PASSWORD}@host.invalid/auth")).await;
    assert!(text.contains("host.invalid:5432"), "{text}");
}

#[tokio::test]
#[ignore = "needs a server: cargo xtask test"]
async fn a_user_without_rights_is_told_which_and_one_with_the_least_rights_is_enough() {
    let database = TestDatabase::create_empty();
    let user = format!("user_of_{}", database.name());
    database.psql(&format!("CREATE ROLE {user} LOGIN PASSWORD '{PASSWORD}'"));
    let url = as_user(&database, &user, PASSWORD);
    let text = refused(&url).await;
    assert!(text.contains(&format!("the user `{user}` lacks a right")), "{text}");
    assert!(text.contains("GRANT"), "{text}");
    // Once the tables are there, using them is enough.
    Engine::open(config(&database.url())).await.unwrap().shutdown().await;
    database.psql(&format!(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {user}"
    ));
    let engine = Engine::open(config(&url)).await.unwrap();
    engine.health().await.unwrap();
    engine.shutdown().await;
    database.psql(&format!("DROP OWNED BY {user}; DROP ROLE {user}"));
}

#[tokio::test]
#[ignore = "needs a server: cargo xtask test"]
async fn an_encrypted_connection_is_not_given_up_silently() {
    let database = TestDatabase::create();
    for mode in ["require", "verify-ca", "verify-full"] {
        let url = database.url().replace("sslmode=disable", &format!("sslmode={mode}"));
        let text = refused(&url).await;
        assert!(text.contains("no encrypted connection"), "{mode}: {text}");
    }
    let url = database.url().replace("sslmode=disable", "sslmode=prefer");
    Engine::open(config(&url)).await.unwrap();
}

/// A server that lets everybody in, and says only which version it is.
fn old_server() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut input = [0; 4096];
            let _ = stream.read(&mut input);
            // Let in, and ready.
            stream.write_all(b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I").unwrap();
            while let Ok(length @ 1..) = stream.read(&mut input) {
                let query = String::from_utf8_lossy(&input[..length]).into_owned();
                let mut answer = Vec::new();
                if query.contains("SHOW") {
                    let value = match query.contains("version_num") {
                        true => "90624",
                        false => "9.6.24",
                    };
                    message(
                        &mut answer,
                        b'T',
                        b"\0\x01v\0\0\0\0\0\0\0\0\0\0\x19\xff\xff\0\0\0\0\0\0",
                    );
                    let mut row = vec![0, 1, 0, 0, 0, u8::try_from(value.len()).unwrap()];
                    row.extend(value.bytes());
                    message(&mut answer, b'D', &row);
                }
                message(&mut answer, b'C', b"SHOW\0");
                message(&mut answer, b'Z', b"I");
                stream.write_all(&answer).unwrap();
            }
        }
    });
    address
}

fn message(out: &mut Vec<u8>, kind: u8, body: &[u8]) {
    out.push(kind);
    out.extend(u32::try_from(body.len() + 4).unwrap().to_be_bytes());
    out.extend(body);
}

#[tokio::test]
async fn an_old_server_is_told_which_version_is_needed() {
    let url = format!("postgres://ada:{PASSWORD}@{}/auth?sslmode=disable", old_server());
    let text = refused(&url).await;
    assert!(text.contains("has the version 9.6.24; expected PostgreSQL 13 or later"), "{text}");
}

fn update(user: &str) -> UpdateUserMetadata {
    let metadata_update = [("a".to_owned(), 1.into())].into_iter().collect();
    UpdateUserMetadata { user_id: user.into(), metadata_update }
}

#[tokio::test]
#[ignore = "needs a server: cargo xtask test"]
async fn a_table_that_has_just_been_filled_is_analysed_before_the_server_gets_to_it() {
    let database = TestDatabase::create();
    let engine = Engine::open(config(&database.url())).await.unwrap();
    database.psql("ALTER TABLE user_metadata SET (autovacuum_enabled = false)");
    for number in 0..128 {
        engine.handle(&public(), update(&format!("user-{number}"))).await.unwrap();
    }
    let is_known = "SELECT reltuples > 0 FROM pg_class WHERE relname = 'user_metadata'";
    let start = Instant::now();
    while database.psql(is_known).trim() != "t" {
        assert!(start.elapsed() < Duration::from_secs(60), "it was not analysed");
        tokio::task::yield_now().await;
    }
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn a_lock_that_is_held_for_too_long_ends_in_unavailable_and_not_in_a_hang() {
    let database = TestDatabase::create();
    let patience = Duration::from_millis(200);
    let engine = Engine::open(config(&database.url()).database_busy_timeout(patience));
    let engine = engine.await.unwrap();
    engine.handle(&public(), update("ada")).await.unwrap();
    let (client, connection) = connect(&database).await;
    client.batch_execute("BEGIN; SELECT 1 FROM user_metadata FOR UPDATE").await.unwrap();
    let start = Instant::now();
    let error = engine.handle(&public(), update("ada")).await.unwrap_err();
    assert!(matches!(error, EngineError::Storage(StorageError::Locked(_))), "{error:?}");
    assert!(error.is_unavailable() && !error.is_unreachable());
    assert!(start.elapsed() < Duration::from_secs(10));
    client.batch_execute("COMMIT").await.unwrap();
    engine.handle(&public(), update("ada")).await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn more_callers_than_connections_wait_their_turn_and_no_longer_than_configured() {
    let database = TestDatabase::create();
    let config = config(&database.url())
        .database_pool_size(1)
        .database_busy_timeout(Duration::from_millis(300));
    let engine = Engine::open(config).await.unwrap();
    let mut callers = tokio::task::JoinSet::new();
    for number in 0..50 {
        let engine = engine.clone();
        callers.spawn(async move {
            engine.handle(&public(), update(&number.to_string())).await.is_ok()
        });
    }
    assert!(callers.join_all().await.iter().any(|done| *done));
    // Held by a lock, the only connection is missing for everybody.
    let (client, connection) = connect(&database).await;
    client.batch_execute("BEGIN; LOCK TABLE user_metadata").await.unwrap();
    let scope = public();
    let (first, second) =
        tokio::join!(engine.handle(&scope, update("ada")), engine.handle(&scope, update("bob")));
    for error in [first.unwrap_err(), second.unwrap_err()] {
        assert!(error.is_unavailable() && !error.is_unreachable(), "{error}");
    }
    client.batch_execute("COMMIT").await.unwrap();
    engine.handle(&public(), update("ada")).await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn a_server_that_is_gone_is_told_from_one_that_is_busy() {
    let mut server = Server::start(Durability::Full).expect(MISSING);
    let url = server.url("postgres");
    let engine = Engine::open(config(&url)).await.unwrap();
    server.kill();
    // The connections that are open break; then there are none.
    for _ in 0..3 {
        let error = engine.handle(&public(), update("ada")).await.unwrap_err();
        assert!(error.is_unavailable() && error.is_unreachable(), "{error}");
        assert!(!error.to_string().contains("a-password-for-tests"), "{error}");
    }
    server.restart();
    engine.handle(&public(), update("ada")).await.unwrap();
}

/// The server ends the connection in a statement, which is run again in vain, and in a commit.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn a_connection_that_is_lost_is_no_busy_server() {
    let database = TestDatabase::create();
    let engine = Engine::open(config(&database.url())).await.unwrap();
    database.psql(
        "CREATE FUNCTION quit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$; \
         CREATE TRIGGER quit BEFORE INSERT ON user_metadata FOR EACH ROW \
         WHEN (NEW.user_id = 'ada') EXECUTE FUNCTION quit(); \
         CREATE CONSTRAINT TRIGGER quit_late AFTER INSERT ON user_metadata \
         DEFERRABLE INITIALLY DEFERRED FOR EACH ROW \
         WHEN (NEW.user_id = 'bob') EXECUTE FUNCTION quit()",
    );
    for (user, expected) in [("ada", "terminating connection"), ("bob", "during a commit")] {
        let error = engine.handle(&public(), update(user)).await.unwrap_err();
        assert!(error.is_unreachable() && error.is_unavailable(), "{user}: {error}");
        assert!(error.to_string().contains(expected), "{user}: {error}");
    }
    engine.handle(&public(), update("eve")).await.unwrap();
}

/// Two transactions that lock two rows in opposite orders: the server undoes one, which is run
/// again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn a_deadlock_is_run_again_until_it_succeeds() {
    let database = TestDatabase::create();
    let engine = Engine::open(config(&database.url())).await.unwrap();
    for user in ["ada", "bob"] {
        engine.handle(&public(), update(user)).await.unwrap();
    }
    let (client, connection) = connect(&database).await;
    // The engine's update of `ada` reaches for the row of `bob` by a trigger.
    client
        .batch_execute(
            "CREATE FUNCTION touch_bob() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             PERFORM 1 FROM user_metadata WHERE user_id = 'bob' FOR UPDATE; RETURN NEW; END $$; \
             CREATE TRIGGER touch_bob BEFORE UPDATE ON user_metadata FOR EACH ROW \
             WHEN (OLD.user_id = 'ada') EXECUTE FUNCTION touch_bob(); \
             BEGIN; SET LOCAL deadlock_timeout = '1min'; \
             SELECT 1 FROM user_metadata WHERE user_id = 'bob' FOR UPDATE",
        )
        .await
        .unwrap();
    let other = engine.clone();
    let updating = tokio::spawn(async move { other.handle(&public(), update("ada")).await });
    // Waits for the row that the engine holds, while the engine waits for ours.
    let ada = "SELECT 1 FROM user_metadata WHERE user_id = 'ada' FOR UPDATE";
    let waits = "SELECT COUNT(*) FROM pg_stat_activity \
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while database.psql(waits).trim() != "1" {
        tokio::task::yield_now().await;
    }
    client.batch_execute(ada).await.unwrap();
    client.batch_execute("COMMIT").await.unwrap();
    updating.await.unwrap().unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
}
