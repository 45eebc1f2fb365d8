//! A standby takes the primary's place, and the primary comes back as a standby.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use auth_engine::{Engine, EngineConfig, EngineError};
use auth_protocol::{
    TenantScope,
    usermetadata::{GetUserMetadata, GetUserMetadataResponse, UpdateUserMetadata},
};
use test_postgres::{Durability, MISSING, PGBOUNCER_MISSING, PgBouncer, Server, TestDatabase};

use crate::{proxy::Proxy, workload::config};

/// How long the engine may take to find the new primary.
const PATIENCE: Duration = Duration::from_secs(30);

async fn write(engine: &Engine, value: &str) -> Result<(), EngineError> {
    let metadata_update = [("a".to_owned(), value.into())].into_iter().collect();
    let update = UpdateUserMetadata { user_id: "ada".into(), metadata_update };
    engine.handle(&TenantScope::default(), update).await.map(drop)
}

async fn read(engine: &Engine) -> Result<String, EngineError> {
    let read = GetUserMetadata { user_id: "ada".into() };
    let GetUserMetadataResponse::Ok { metadata } =
        engine.handle(&TenantScope::default(), read).await?;
    Ok(metadata["a"].as_str().unwrap().to_owned())
}

/// Nothing is written, nothing old is read, and health says so; all of it as 503, on CDI as well.
async fn assert_unavailable(engine: &Engine) {
    let failures = [
        ("write", write(engine, "lost").await.unwrap_err()),
        ("read", read(engine).await.unwrap_err()),
        ("health", engine.health().await.unwrap_err()),
    ];
    for (what, error) in failures {
        assert!(error.is_unavailable() && !error.is_unreachable(), "{what}: {error}");
        assert!(error.to_string().contains("standby"), "{what}: {error}");
    }
}

async fn until_healthy(engine: &Engine) {
    let start = Instant::now();
    while let Err(error) = engine.health().await {
        assert!(error.is_unavailable(), "{error}");
        assert!(start.elapsed() < PATIENCE, "{error}");
    }
}

fn local(server: &Server) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], server.port()))
}

fn at_port(server: &Server, port: u16) -> String {
    server.url("postgres").replace(&format!(":{}/", server.port()), &format!(":{port}/"))
}

/// One address, which leads to whichever server somebody else has decided on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn an_address_that_comes_to_lead_to_another_primary_is_followed() {
    let mut old = Server::start(Durability::Full).expect(MISSING);
    let new = old.start_standby();
    let proxy = Proxy::start(local(&old)).await;
    let engine = Engine::open(config(&at_port(&old, proxy.port))).await.unwrap();
    write(&engine, "before").await.unwrap();
    new.catch_up(&old);
    old.demote();
    // It lets everybody in, and answers what is read.
    assert_unavailable(&engine).await;
    new.promote();
    // Whoever has a connection to the old one still reads there.
    assert_unavailable(&engine).await;
    proxy.lead_to(local(&new));
    until_healthy(&engine).await;
    assert_eq!(read(&engine).await.unwrap(), "before");
    write(&engine, "after").await.unwrap();
    assert_eq!(read(&engine).await.unwrap(), "after");
    engine.shutdown().await;
}

/// Several hosts in the URL: the one that takes writes is found.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn of_several_hosts_the_primary_is_used_whichever_it_is() {
    let mut old = Server::start(Durability::Full).expect(MISSING);
    let new = old.start_standby();
    let (a, b) = (old.port(), new.port());
    // The standby first.
    let url = old
        .url("postgres")
        .replace(&format!("127.0.0.1:{a}/"), &format!("127.0.0.1:{b},127.0.0.1:{a}/"));
    let engine = Engine::open(config(&url)).await.unwrap();
    write(&engine, "before").await.unwrap();
    new.catch_up(&old);
    old.demote();
    assert_unavailable(&engine).await;
    new.promote();
    until_healthy(&engine).await;
    assert_eq!(read(&engine).await.unwrap(), "before");
    write(&engine, "after").await.unwrap();
    engine.shutdown().await;
}

/// A pooler keeps its clients over a failover, so that no connection tells of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_pooler_that_leads_to_a_standby_is_unavailable_until_it_leads_to_a_primary() {
    let mut server = Server::start(Durability::Full).expect(MISSING);
    let pooler =
        PgBouncer::start(server.port(), "server_login_retry = 1").expect(PGBOUNCER_MISSING);
    let engine = Engine::open(config(&pooler.url("postgres"))).await.unwrap();
    write(&engine, "before").await.unwrap();
    server.demote();
    let start = Instant::now();
    // At first the pooler tells of connections that it has lost.
    while !engine.health().await.unwrap_err().to_string().contains("standby") {
        assert!(start.elapsed() < PATIENCE);
    }
    assert_unavailable(&engine).await;
    server.promote();
    until_healthy(&engine).await;
    assert_eq!(read(&engine).await.unwrap(), "before");
    write(&engine, "after").await.unwrap();
    engine.shutdown().await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_process_does_not_start_on_a_standby_and_says_what_it_needs() {
    let primary = Server::start(Durability::None).expect(MISSING);
    let standby = primary.start_standby();
    let error = Engine::open(config(&standby.url("postgres"))).await.unwrap_err().to_string();
    let place = format!("127.0.0.1:{}", standby.port());
    assert!(error.starts_with("`database`: the server at "), "{error}");
    assert!(error.contains(&place) && error.contains("is a standby"), "{error}");
}

/// Every connection has the statements of a table whose columns change under it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn a_column_whose_type_changes_is_read_on() {
    let database = TestDatabase::create();
    let engine = Engine::open(config(&database.url())).await.unwrap();
    write(&engine, "kept").await.unwrap();
    for kind in ["VARCHAR(60000)", "TEXT"] {
        let mut callers = tokio::task::JoinSet::new();
        for _ in 0..32 {
            let engine = engine.clone();
            callers.spawn(async move { read(&engine).await.unwrap() });
        }
        callers.join_all().await;
        database.psql(&format!("ALTER TABLE user_metadata ALTER COLUMN user_metadata TYPE {kind}"));
        for _ in 0..64 {
            assert_eq!(read(&engine).await.unwrap(), "kept");
            write(&engine, "kept").await.unwrap();
        }
    }
    engine.shutdown().await;
}

/// What the server refuses to write is seen, and looked for seldom.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn health_tries_a_write_at_a_bounded_rate_and_leaves_nothing_behind() {
    let database = TestDatabase::create();
    let engine = Engine::open(EngineConfig::new(database.url().parse().unwrap())).await.unwrap();
    let tried = "SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'key_value'";
    let start = Instant::now();
    for _ in 0..500 {
        engine.health().await.unwrap();
    }
    let seconds = start.elapsed().as_secs();
    // The rows of the engine's jobs come when those begin.
    let left = database.psql("SELECT COUNT(*) FROM key_value WHERE name LIKE 'health %'");
    assert_eq!(left.trim(), "0");
    engine.shutdown().await;
    // The figures come when a connection ends.
    let start = Instant::now();
    let mut number = 0;
    while number == 0 {
        number = database.psql(tried).trim().parse::<u64>().unwrap();
        assert!(start.elapsed() < PATIENCE, "nothing was tried");
    }
    assert!(number <= 20 + seconds, "{number} writes in {seconds} s");
    let engine = Engine::open(EngineConfig::new(database.url().parse().unwrap())).await.unwrap();
    engine.health().await.unwrap();
    database.psql(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$; \
         CREATE TRIGGER refuse BEFORE INSERT ON key_value FOR EACH ROW EXECUTE FUNCTION refuse()",
    );
    let start = Instant::now();
    while engine.health().await.is_ok() {
        assert!(start.elapsed() < PATIENCE, "it says that all is well");
    }
    let error = engine.health().await.unwrap_err();
    assert!(error.to_string().contains("no room"), "{error}");
}
