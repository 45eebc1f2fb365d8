//! Three servers, of which one goes away and comes back.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use auth_engine::{Engine, EngineConfig, EngineError};
use auth_protocol::TenantScope;
use serde_json::json;
use test_postgres::{Durability, MISSING, Server};
use tokio::task::JoinSet;

use crate::{
    common::cheap,
    world::{World, at, uri},
};

const TENANTS: usize = 100;

/// How long what must happen some time may take.
const PATIENCE: Duration = Duration::from_secs(60);

const EMAIL: &str = "ada@example.com";

/// A tenant, and on which server it is.
#[derive(Clone)]
struct Tenant {
    scope: TenantScope,
    server: usize,
}

/// Two processes with an app each, and a hundred tenants of both.
struct Site {
    worlds: Vec<Arc<World>>,
    tenants: Vec<Tenant>,
    servers: Vec<Server>,
}

impl Site {
    /// The first server is home, too.
    async fn new() -> Self {
        let servers: Vec<Server> =
            (0..3).map(|_| Server::start(Durability::Full).expect(MISSING)).collect();
        let mut worlds = Vec::new();
        for _ in 0..2 {
            let config = EngineConfig::new(servers[0].url("postgres").parse().unwrap());
            let engine = Engine::open(cheap(config)).await.unwrap();
            worlds.push(Arc::new(World { engine }));
        }
        for app in ["a0", "a1"] {
            worlds[0].set_app(app, json!({})).await.unwrap();
        }
        let mut tenants = Vec::new();
        for index in 0..TENANTS {
            let (scope, server) = (at(&format!("a{}", index % 2), &format!("t{index}")), index % 3);
            let settings = match server {
                0 => json!({}),
                _ => uri(&servers[server].url("postgres")),
            };
            // Each process makes some, and sees those of the other.
            worlds[index % 2].set_tenant(&scope, settings).await.unwrap();
            tenants.push(Tenant { scope, server });
        }
        for (index, tenant) in tenants.iter().enumerate() {
            let world = &worlds[(index + 1) % 2];
            let start = Instant::now();
            // Within a second after it was made.
            while let Err(error) = world.try_sign_up(&tenant.scope, EMAIL).await {
                assert!(start.elapsed() < PATIENCE, "{error}");
            }
        }
        Self { worlds, tenants, servers }
    }

    fn on(&self, is_wanted: impl Fn(usize) -> bool) -> Vec<Tenant> {
        self.tenants.iter().filter(|tenant| is_wanted(tenant.server)).cloned().collect()
    }

    /// Signs in to every one of these tenants by both processes at once.
    async fn sign_in_to_all(&self, tenants: &[Tenant]) -> Vec<Result<(), EngineError>> {
        let mut all = JoinSet::new();
        for tenant in tenants {
            for world in &self.worlds {
                let (world, scope) = (Arc::clone(world), tenant.scope.clone());
                all.spawn(async move { sign_in(&world, &scope).await });
            }
        }
        all.join_all().await
    }
}

async fn sign_in(world: &World, scope: &TenantScope) -> Result<(), EngineError> {
    let found = world.try_sign_in(scope, EMAIL).await?.unwrap();
    world.try_session(scope, &found.into()).await.map(drop)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_server_that_is_killed_stops_its_own_tenants_until_it_is_back() {
    let mut site = Site::new().await;
    let (lost, others) = (site.on(|server| server == 2), site.on(|server| server != 2));
    assert!(site.sign_in_to_all(&site.tenants).await.iter().all(Result::is_ok));

    // All the time, whatever becomes of the one, the others are worked with.
    let (is_over, rounds) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut callers = JoinSet::new();
    for world in &site.worlds {
        let (world, others) = (Arc::clone(world), others.clone());
        let (is_over, rounds) = (Arc::clone(&is_over), Arc::clone(&rounds));
        callers.spawn(async move {
            while !is_over.load(Ordering::SeqCst) {
                for tenant in &others {
                    sign_in(&world, &tenant.scope).await.unwrap();
                }
                rounds.fetch_add(1, Ordering::SeqCst);
            }
        });
    }
    site.servers[2].kill();
    let killed_at = rounds.load(Ordering::SeqCst);
    let start = Instant::now();
    // Who waits for the dead one is many times as many as there are connections.
    while rounds.load(Ordering::SeqCst) < killed_at + 4 {
        assert!(start.elapsed() < PATIENCE, "the others don't get on");
        for answer in site.sign_in_to_all(&lost).await {
            let error = answer.unwrap_err();
            assert!(error.is_unavailable() && !error.is_unreachable(), "{error}");
            assert!(!error.to_string().contains("a-password"), "{error}");
        }
    }
    for world in &site.worlds {
        // It is told, and no reason to send requests elsewhere.
        let health = world.engine.health().await.unwrap();
        let down = health.tenant_databases.iter().filter(|database| database.trouble.is_some());
        let down: Vec<_> = down.map(|database| database.database.clone()).collect();
        assert_eq!(down, [format!("127.0.0.1:{}/postgres/public", site.servers[2].port())]);
    }
    site.servers[2].restart();
    let start = Instant::now();
    while let Some(error) = site.sign_in_to_all(&lost).await.into_iter().find_map(Result::err) {
        assert!(start.elapsed() < PATIENCE, "{error}");
        assert!(error.is_unavailable(), "{error}");
    }
    is_over.store(true, Ordering::SeqCst);
    callers.join_all().await;
    assert!(site.sign_in_to_all(&site.tenants).await.iter().all(Result::is_ok));
    for world in &site.worlds {
        let health = world.engine.health().await.unwrap();
        assert!(health.tenant_databases.iter().all(|database| database.trouble.is_none()));
        world.engine.shutdown().await;
        let error = sign_in(world, &lost[0].scope).await.unwrap_err();
        assert!(matches!(error, EngineError::ShuttingDown), "{error}");
    }
}

/// A server that doesn't run is met at the start, too; and home may be gone for those elsewhere.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_process_starts_without_a_tenants_server_and_its_tenants_come_when_that_does() {
    let mut server = Server::start(Durability::Full).expect(MISSING);
    let mut home = Server::start(Durability::Full).expect(MISSING);
    let scope = at("public", "t1");
    let first = World::new(&home.url("postgres")).await;
    first.set_tenant(&scope, uri(&server.url("postgres"))).await.unwrap();
    first.sign_up(&scope, EMAIL).await;
    first.engine.shutdown().await;
    server.kill();
    let world = World::new(&home.url("postgres")).await;
    let error = world.try_sign_in(&scope, EMAIL).await.unwrap_err();
    assert!(error.is_unavailable() && !error.is_unreachable(), "{error}");
    world.sign_up(&at("public", "public"), EMAIL).await;
    server.restart();
    let start = Instant::now();
    while let Err(error) = sign_in(&world, &scope).await {
        assert!(start.elapsed() < PATIENCE && error.is_unavailable(), "{error}");
    }
    home.kill();
    // What is known goes on being used.
    for _ in 0..3 {
        sign_in(&world, &scope).await.unwrap();
    }
    let error = world.try_sign_in(&at("public", "public"), EMAIL).await.unwrap_err();
    assert!(error.is_unavailable(), "{error}");
    home.restart();
    world.engine.shutdown().await;
}
