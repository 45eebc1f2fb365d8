//! Behind a pooler in transaction mode, which lends a connection to the server for one transaction.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a failed test panics

mod common;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use auth_engine::{Engine, EngineConfig, EngineError, StorageError};
use auth_protocol::{
    emailpassword::{SignIn, SignInResponse, SignUp, SignUpResponse},
    session::{CreateSession, CreateSessionResponse, GetSession, GetSessionResponse},
    usermetadata::{GetUserMetadata, GetUserMetadataResponse, UpdateUserMetadata},
};
use common::{cheap, public};
use test_postgres::{Durability, MISSING, PGBOUNCER_MISSING, PgBouncer, Server};

/// Fewer connections to the server than any of the clients has to the pooler.
const FEW: &str = "default_pool_size = 2";

/// What a client sees of the settings of whoever had the connection before.
const SETTINGS: &str = "SELECT current_setting('statement_timeout') || ' ' || \
    current_setting('lock_timeout') || ' ' || \
    current_setting('idle_in_transaction_session_timeout') || ' ' || \
    current_setting('search_path') || ' ' || (SELECT COUNT(*) FROM pg_prepared_statements)";

const UNTOUCHED: &str = "0 0 0 \"$user\", public 0";

struct Behind {
    server: Server,
    pooler: PgBouncer,
}

impl Behind {
    fn new(settings: &str) -> Self {
        let server = Server::start(Durability::None).expect(MISSING);
        let pooler = PgBouncer::start(server.port(), settings).expect(PGBOUNCER_MISSING);
        Self { server, pooler }
    }

    fn config(&self, parameters: &str) -> EngineConfig {
        let url = format!("{}{parameters}", self.pooler.url("postgres"));
        cheap(EngineConfig::new(url.parse().unwrap()))
    }

    /// Another program behind the same pooler.
    async fn stranger(&self) -> tokio_postgres::Client {
        let url = self.pooler.url("postgres");
        let (client, connection) =
            tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }
}

async fn settings(client: &tokio_postgres::Client) -> String {
    let answer = client.simple_query(SETTINGS).await.unwrap();
    let row = answer.iter().find_map(|message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    row.unwrap().to_owned()
}

async fn use_engine(engine: &Engine, name: &str) -> Result<(), EngineError> {
    let scope = public();
    let email = format!("{name}@example.com");
    let sign_up = SignUp { email: email.clone(), password: "password 1".into() };
    let SignUpResponse::Ok { user, .. } = engine.handle(&scope, sign_up).await? else {
        panic!("{email} is taken")
    };
    let sign_in = SignIn { email, password: "password 1".into() };
    let SignInResponse::Ok { user: found, .. } = engine.handle(&scope, sign_in).await? else {
        panic!("{name} can't sign in")
    };
    assert_eq!(found.id, user.id);
    let session = CreateSession::new(user.id.as_str().into());
    let CreateSessionResponse::Ok(tokens) = engine.handle(&scope, session).await? else { panic!() };
    let session_handle = tokens.session.handle;
    let found = engine.handle(&scope, GetSession { session_handle }).await?;
    let GetSessionResponse::Ok { user_id, .. } = found else { panic!("{name} has no session") };
    assert_eq!(user_id, user.id);
    let metadata_update = [("name".to_owned(), name.into())].into_iter().collect();
    let update = UpdateUserMetadata { user_id: user.id.as_str().into(), metadata_update };
    engine.handle(&scope, update).await?;
    let read = GetUserMetadata { user_id: user.id.as_str().into() };
    let GetUserMetadataResponse::Ok { metadata } = engine.handle(&scope, read).await?;
    assert_eq!(metadata["name"], name);
    engine.health().await.map(drop)
}

/// Two processes and a stranger at once: nobody meets what another has left.
async fn work_beside_each_other(behind: &Behind, parameters: &str) {
    let stranger = behind.stranger().await;
    // Opened at the same time: one creates the schema, the other finds it.
    let config = || behind.config(parameters);
    let (first, second) = tokio::join!(Engine::open(config()), Engine::open(config()));
    let engines = [first.unwrap(), second.unwrap()];
    let is_over = Arc::new(AtomicBool::new(false));
    let looked = Arc::new(AtomicUsize::new(0));
    let looking = tokio::spawn({
        let (is_over, looked) = (Arc::clone(&is_over), Arc::clone(&looked));
        async move {
            while !is_over.load(Ordering::SeqCst) {
                assert_eq!(settings(&stranger).await, UNTOUCHED);
                looked.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..24 {
        let engine = engines[caller % 2].clone();
        callers.spawn(async move {
            for round in 0..8 {
                use_engine(&engine, &format!("user-{caller}-{round}")).await.unwrap();
            }
        });
    }
    callers.join_all().await;
    for engine in &engines {
        engine.delete_expired().await.unwrap();
        engine.shutdown().await;
    }
    is_over.store(true, Ordering::SeqCst);
    looking.await.unwrap();
    assert!(looked.load(Ordering::SeqCst) > 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PgBouncer: cargo xtask test"]
async fn a_pooler_is_found_at_start_up_and_nobody_meets_what_another_left() {
    work_beside_each_other(&Behind::new(FEW), "").await;
}

/// Connections are lent to one and the other, transaction by transaction.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PgBouncer: cargo xtask test"]
async fn behind_a_pooler_each_schema_is_a_world_of_its_own() {
    let behind = Behind::new(FEW);
    let stranger = behind.stranger().await;
    let mut engines = Vec::new();
    for (schema, mode) in [("One", ""), ("two", "&pool_mode=transaction")] {
        let config = behind.config(&format!("&schema={schema}{mode}"));
        engines.push(Engine::open(config).await.unwrap());
    }
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..16 {
        let engine = engines[caller % 2].clone();
        callers.spawn(async move {
            for round in 0..4 {
                // The same names in both.
                let name = format!("user-{}-{round}", caller / 2);
                use_engine(&engine, &name).await.unwrap();
            }
        });
    }
    callers.join_all().await;
    assert_eq!(settings(&stranger).await, UNTOUCHED);
    for (engine, schema) in engines.iter().zip(["\"One\"", "two"]) {
        engine.delete_expired().await.unwrap();
        engine.shutdown().await;
        let users = format!("SELECT COUNT(*) FROM {schema}.app_id_to_user_id");
        assert_eq!(behind.server.psql("postgres", &users).trim(), "32");
    }
    let elsewhere = "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(behind.server.psql("postgres", elsewhere).trim(), "0");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PgBouncer: cargo xtask test"]
async fn a_pooler_that_hides_is_found_as_well() {
    let settings = format!("{FEW}\nignore_startup_parameters = options");
    work_beside_each_other(&Behind::new(&settings), "").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PgBouncer: cargo xtask test"]
async fn a_pooler_can_be_named_in_the_url() {
    work_beside_each_other(&Behind::new(FEW), "&pool_mode=transaction").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PgBouncer: cargo xtask test"]
async fn in_session_mode_a_pooler_clears_what_was_left() {
    let behind = Behind::new("pool_mode = session\ndefault_pool_size = 40");
    let engine = Engine::open(behind.config("&pool_mode=session")).await.unwrap();
    use_engine(&engine, "ada").await.unwrap();
    engine.shutdown().await;
    drop(engine);
    assert_eq!(settings(&behind.stranger().await).await, UNTOUCHED);
}

/// One client and one connection, so that nothing but the statements is lost with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PgBouncer: cargo xtask test"]
async fn a_wrong_word_about_the_pooler_is_found_out_by_the_first_statement_that_is_missing() {
    let behind = Behind::new("default_pool_size = 1");
    let config = behind.config("&pool_mode=session").database_pool_size(1);
    let engine = Engine::open(config).await.unwrap();
    use_engine(&engine, "ada").await.unwrap();
    behind.server.psql(
        "postgres",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE application_name = 'auth-engine'",
    );
    use_engine(&engine, "bob").await.unwrap();
}

/// The limits hold nevertheless, as those of each transaction.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PgBouncer: cargo xtask test"]
async fn behind_a_pooler_a_lock_is_waited_for_no_longer_than_configured() {
    let behind = Behind::new("");
    let patience = Duration::from_millis(200);
    let engine = Engine::open(behind.config("").database_busy_timeout(patience)).await.unwrap();
    use_engine(&engine, "ada").await.unwrap();
    let url = behind.server.url("postgres");
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute("BEGIN; LOCK TABLE user_metadata").await.unwrap();
    let scope = public();
    let metadata_update = [("a".to_owned(), 1.into())].into_iter().collect();
    let update = UpdateUserMetadata { user_id: "ada".into(), metadata_update };
    let read = GetUserMetadata { user_id: "ada".into() };
    let (written, read) = tokio::join!(engine.handle(&scope, update), engine.handle(&scope, read));
    for error in [written.unwrap_err(), read.map(drop).unwrap_err()] {
        assert!(matches!(error, EngineError::Storage(StorageError::Locked(_))), "{error}");
    }
    client.batch_execute("COMMIT").await.unwrap();
    use_engine(&engine, "bob").await.unwrap();
}
