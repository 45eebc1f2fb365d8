//! Tenants whose databases can't be used, over the wire (CDI §0.5, 6.2).

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use std::{
    net::{Ipv4Addr, TcpListener},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use auth_engine::EngineConfig;
use auth_server::ServerConfig;
use common::{Answer, Core};
use serde_json::{Value, json};
use test_postgres::TestDatabase;

const SIGN_UP: &str = "/recipe/signup";

/// How long an operation may take.
const TIMEOUT: Duration = Duration::from_secs(2);

fn credentials() -> Value {
    json!({ "email": "ada@example.com", "password": "correct1horse" })
}

/// A server with a tenant that has a database of its own, and one that hasn't.
struct World {
    core: Core,
    home: TestDatabase,
}

impl World {
    /// The tenant's database is gone over to this URL, after it was made.
    async fn with_database(url: &str) -> Self {
        let home = TestDatabase::create();
        let engine = EngineConfig::new(home.url().parse().unwrap());
        let engine = engine.database_operation_timeout(TIMEOUT);
        let core = Core::on(engine, ServerConfig::new()).await;
        let world = Self { core, home };
        for tenant in ["acme", "blog"] {
            let body = json!({ "tenantId": tenant });
            let path = "/recipe/multitenancy/tenant/v2";
            let made = common::send(world.core.request("PUT", path).json(&body)).await;
            assert_eq!(made.json()["createdNew"], true);
        }
        // As if it had been there when the tenant got it.
        let settings = json!({ "postgresql_connection_uri": url });
        world.home.psql(&format!(
            "UPDATE tenant_configs SET core_config = '{settings}' WHERE tenant_id = 'acme'; \
             UPDATE tenant_changes SET generation = generation + 1"
        ));
        world.core.clock.advance(Duration::from_secs(2));
        world
    }

    async fn sign_up(&self, tenant: &str) -> Answer {
        self.core.post(&format!("/{tenant}{SIGN_UP}"), &credentials()).await
    }

    /// The tenant is answered 503 within a time, and the others are served.
    async fn assert_down(&self, within: Duration) {
        let start = Instant::now();
        let answer = self.sign_up("acme").await;
        assert!(start.elapsed() < within, "{:?}", start.elapsed());
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(!answer.text.contains("hunter2"), "{answer:?}");
        let list = self.core.get("/recipe/multitenancy/tenant/list/v2").await;
        assert_eq!(list.json()["tenants"].as_array().unwrap().len(), 3);
        assert_eq!(self.core.get("/blog/users/count").await.json()["status"], "OK");
        assert_eq!(self.core.get("/hello").await.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn a_tenant_whose_database_is_down_is_503_and_the_others_are_served() {
    let nobody = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = nobody.local_addr().unwrap().port();
    drop(nobody);
    let url = format!("postgres://u:hunter2@127.0.0.1:{port}/d?sslmode=disable");
    let world = World::with_database(&url).await;
    for _ in 0..2 {
        world.assert_down(TIMEOUT * 3).await;
    }
    // It can be removed where that is said.
    let removal = |abandon: bool| json!({ "tenantId": "acme", "abandonDatabase": abandon });
    let path = "/recipe/multitenancy/tenant/remove";
    assert_eq!(world.core.post(path, &removal(false)).await.status, 503);
    let removed = world.core.post(path, &removal(true)).await.json();
    assert_eq!((&removed["status"], &removed["didExist"]), (&json!("OK"), &json!(true)));
    let left_behind = removed["leftBehind"].as_str().unwrap();
    assert!(left_behind.contains(&port.to_string()) && !left_behind.contains("hunter2"));
    assert_eq!(world.sign_up("acme").await.status, 400);
}

/// It accepts connections, and never says a word.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn a_tenant_whose_database_is_silent_is_503_after_a_bounded_time_and_then_at_once() {
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = silent.local_addr().unwrap().port();
    let (accepted, connections) = mpsc::channel();
    thread::spawn(move || {
        for connection in silent.incoming() {
            // Held, so that it stays open.
            if accepted.send(connection).is_err() {
                return;
            }
        }
    });
    let url = format!("postgres://u:hunter2@127.0.0.1:{port}/d?sslmode=disable");
    let world = World::with_database(&url).await;
    world.assert_down(TIMEOUT * 5).await;
    assert!(connections.try_recv().is_ok(), "it was connected to");
    // While it isn't tried again.
    let waited: Vec<Duration> = {
        let mut waited = Vec::new();
        for _ in 0..5 {
            let start = Instant::now();
            assert_eq!(world.sign_up("acme").await.status, 503);
            waited.push(start.elapsed());
        }
        waited
    };
    assert!(waited.iter().any(|time| *time < TIMEOUT / 2), "{waited:?}");
}
