//! Measures how operations slow down as users grow: `cargo xtask bench --scale`.
//!
//! Each storage is filled with 10 thousand, 100 thousand and a million users, with three sessions
//! each, and the times are printed as ratios to those at the smallest size. On PostgreSQL the
//! server's own statistics tell whether a keyed operation ever read a large table from end to end.

mod load;
mod measure;

use std::time::{Duration, Instant};

use auth_engine::{Clock, Engine, EngineConfig, SigningAlgorithm};
use clap::Parser;
use test_postgres::{Durability, MISSING, Server};

use crate::measure::Figure;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// A keyed operation may take this much longer with a million users than with ten thousand.
const BUDGET: f64 = 1.5;

/// Tables that grow with the users.
const LARGE_TABLES: &str = "'app_id_to_user_id', 'recipe_user_account_infos', \
    'recipe_user_tenants', 'emailpassword_users', 'session_info'";

#[derive(Parser)]
struct Arguments {
    /// How many users, from few to many
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 100_000, 1_000_000])]
    users: Vec<u32>,
    /// `sqlite` or `postgres` alone
    #[arg(long)]
    storage: Option<String>,
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments = Arguments::parse();
    let wants = |name: &str| arguments.storage.as_deref().is_none_or(|only| only == name);
    if wants("sqlite") {
        let mut columns = Vec::new();
        for users in &arguments.users {
            columns.push(on_sqlite(*users).await?);
        }
        print("SQLite", &arguments.users, &columns);
    }
    if wants("postgres") {
        let Some(server) = Server::start(Durability::None) else { return Err(MISSING.into()) };
        let mut columns = Vec::new();
        for users in &arguments.users {
            columns.push(on_postgres(&server, *users).await?);
        }
        print("PostgreSQL", &arguments.users, &columns);
    }
    Ok(())
}

fn config(url: &str) -> Outcome<EngineConfig> {
    // Quick to sign, so that the storage shows.
    let config = EngineConfig::new(url.parse()?).clock(Clock::manual(load::NOW_MS));
    Ok(config.signing_algorithm(SigningAlgorithm::EdDsa))
}

async fn on_sqlite(users: u32) -> Outcome<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("scale.db");
    let url = format!("sqlite:{}", path.display());
    Engine::open(config(&url)?).await?.shutdown().await;
    let start = Instant::now();
    load::sqlite(&path, users)?;
    eprintln!("SQLite: {users} users loaded in {:?}", start.elapsed());
    let engine = Engine::open(config(&url)?).await?;
    let figures = measure::all(&engine, users).await?;
    engine.shutdown().await;
    Ok(figures)
}

async fn on_postgres(server: &Server, users: u32) -> Outcome<Vec<Figure>> {
    let name = format!("scale_{users}");
    server.psql("postgres", &format!("CREATE DATABASE {name}"));
    let url = server.url(&name);
    Engine::open(config(&url)?).await?.shutdown().await;
    let start = Instant::now();
    load::postgres(server, &name, users);
    eprintln!("PostgreSQL: {users} users loaded in {:?}", start.elapsed());
    let scans = format!(
        "SELECT relname || ' ' || seq_scan FROM pg_stat_user_tables \
         WHERE relname IN ({LARGE_TABLES}) ORDER BY relname"
    );
    let before = server.psql(&name, &scans);
    let engine = Engine::open(config(&url)?).await?;
    let figures = measure::all(&engine, users).await?;
    // Statistics are complete once the connections are closed.
    engine.shutdown().await;
    let connections = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()";
    while server.psql(&name, connections).trim() != "1" {
        std::thread::yield_now();
    }
    let after = server.psql(&name, &scans);
    report_scans(users, &before, &after);
    server.psql("postgres", &format!("DROP DATABASE {name} WITH (FORCE)"));
    Ok(figures)
}

/// Counting reads everything, as it must; nothing else may.
fn report_scans(users: u32, before: &str, after: &str) {
    let grown: Vec<_> = before.lines().zip(after.lines()).filter(|(old, new)| old != new).collect();
    println!("PostgreSQL, {users} users: tables read from end to end, before and after: {grown:?}");
}

fn print(storage: &str, users: &[u32], columns: &[Vec<Figure>]) {
    println!("\n| {storage} | {} users | {} |", users.first().unwrap_or(&0), ratios(users));
    println!("|---|---|{}", "---|".repeat(users.len().saturating_sub(1)));
    let Some((smallest, larger)) = columns.split_first() else { return };
    for (row, figure) in smallest.iter().enumerate() {
        let cells = larger.iter().filter_map(|column| column.get(row)).map(|at_size| {
            let ratio = at_size.each.as_secs_f64() / figure.each.as_secs_f64();
            let over = figure.is_keyed && ratio > BUDGET;
            format!("× {ratio:.2}{}", if over { " (over)" } else { "" })
        });
        let cells: Vec<_> = cells.collect();
        println!("| {} | {} | {} |", figure.name, micros(figure.each), cells.join(" | "));
    }
}

fn ratios(users: &[u32]) -> String {
    let sizes: Vec<_> = users.iter().skip(1).map(u32::to_string).collect();
    sizes.join(" | ")
}

fn micros(time: Duration) -> String {
    format!("{:.0} µs", time.as_secs_f64() * 1e6)
}
