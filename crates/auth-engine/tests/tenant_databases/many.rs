//! Many tenants in one process: it holds no thread and no connection for each.

use std::{
    fs,
    time::{Duration, Instant},
};

use auth_engine::EngineConfig;
use serde_json::json;
use test_postgres::TestDatabase;

use crate::world::{World, at, uri};

const APPS: usize = 10;
const TENANTS: usize = 1000;
const SCHEMAS: usize = 20;
const MOST_CONNECTIONS: usize = 6;

const PATIENCE: Duration = Duration::from_secs(60);

fn threads() -> usize {
    fs::read_dir("/proc/self/task").unwrap().count()
}

fn connections(database: &TestDatabase) -> usize {
    let sql = format!(
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = '{}' \
         AND application_name = 'auth-engine'",
        database.name()
    );
    database.psql(&sql).trim().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn a_thousand_tenants_cost_no_thread_and_no_connection_each() {
    let (home, own) = (TestDatabase::create(), TestDatabase::create());
    let config = EngineConfig::new(home.url().parse().unwrap())
        .tenant_databases_max_connections(MOST_CONNECTIONS);
    let world = World::with(config).await;
    for app in 0..APPS {
        world.set_app(&format!("a{app}"), json!({})).await.unwrap();
    }
    let scope = |tenant: usize| at(&format!("a{}", tenant % APPS), &format!("t{tenant}"));
    for tenant in 0..TENANTS {
        // One in ten is elsewhere, in one of twenty schemas.
        let mut settings = json!({});
        if (tenant / APPS).is_multiple_of(10) {
            settings = uri(&own.url());
            settings["postgresql_table_schema"] = format!("s{}", tenant % SCHEMAS).into();
            settings["postgresql_idle_connection_timeout"] = 200.into();
        }
        world.set_tenant(&scope(tenant), settings).await.unwrap();
    }
    let mut most_threads = 0;
    let mut most_connections = 0;
    for round in 0..2 {
        for tenants in (0..TENANTS).collect::<Vec<_>>().chunks(50) {
            let work = tenants.iter().map(|tenant| {
                let (world, scope) = (&world, scope(*tenant));
                async move {
                    if round == 0 {
                        world.sign_up(&scope, "ada@example.com").await;
                    }
                    assert!(world.try_sign_in(&scope, "ada@example.com").await.unwrap().is_some());
                }
            });
            futures_util::future::join_all(work).await;
            most_connections = most_connections.max(connections(&own));
            if round == 1 {
                most_threads = most_threads.max(threads());
            }
        }
        if round == 0 {
            most_threads = threads();
        }
    }
    println!("{most_threads} threads, {most_connections} connections to the databases of tenants");
    assert!(most_connections <= MOST_CONNECTIONS, "{most_connections}");
    // Those of the test, of tokio and of password hashing.
    assert!(most_threads < 60, "{most_threads}");
    let start = Instant::now();
    while connections(&own) > 0 {
        assert!(start.elapsed() < PATIENCE, "idle connections stay open");
        tokio::task::yield_now().await;
    }
    let scope = scope(0);
    assert!(world.try_sign_in(&scope, "ada@example.com").await.unwrap().is_some());
    world.engine.shutdown().await;
}
