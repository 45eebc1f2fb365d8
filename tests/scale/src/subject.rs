//! A database with a number of users, and an engine on it.

use std::{
    collections::BTreeSet,
    path::PathBuf,
    time::{Duration, Instant},
};

use auth_engine::{Clock, Engine, EngineConfig, SigningAlgorithm};
use tempfile::TempDir;
use test_postgres::{Durability, MISSING, Server};

use crate::{Outcome, load, statements};

/// Tables that grow with the users.
const LARGE_TABLES: &str = "'app_id_to_user_id', 'recipe_user_account_infos', \
    'recipe_user_tenants', 'tenant_users', 'emailpassword_users', 'session_info', \
    'user_last_active'";

/// Where the databases are.
pub(crate) enum Storage {
    Sqlite(TempDir),
    Postgres(Server),
}

impl Storage {
    /// The storages that are wanted, or all of them.
    pub(crate) fn wanted(only: Option<&str>) -> Outcome<Vec<Self>> {
        let wants = |name: &str| only.is_none_or(|only| only == name);
        let mut storages = Vec::new();
        if wants("sqlite") {
            storages.push(Self::Sqlite(tempfile::tempdir()?));
        }
        if wants("postgres") {
            match Server::start(Durability::None) {
                Some(server) => storages.push(Self::Postgres(server)),
                None if only.is_some() => return Err(MISSING.into()),
                None => println!("skipped: {MISSING}"),
            }
        }
        Ok(storages)
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }
}

/// Below this many users PostgreSQL may rightly find a table small enough to read it whole.
const LARGE: u32 = 100_000;

/// A database on one of them.
pub(crate) struct Subject<'s> {
    storage: &'s Storage,
    pub(crate) users: u32,
    clock: Clock,
    pub(crate) engine: Engine,
    /// How often PostgreSQL had read each large table from end to end.
    scans_at_start: String,
}

impl<'s> Subject<'s> {
    /// Creates and fills it.
    pub(crate) async fn create(storage: &'s Storage, users: u32) -> Outcome<Self> {
        let clock = Clock::manual(load::NOW_MS);
        if let Storage::Postgres(server) = storage {
            server.psql("postgres", &format!("CREATE DATABASE {}", name(users)));
        }
        // The schema, without jobs of an engine that runs meanwhile.
        open(storage, users, &clock).await?.shutdown().await;
        let start = Instant::now();
        match storage {
            Storage::Sqlite(folder) => load::sqlite(&file(folder, users), users)?,
            Storage::Postgres(server) => load::postgres(server, &name(users), users),
        }
        let took = start.elapsed().as_secs_f64();
        eprintln!("{}: {users} users loaded in {took:.0} s", storage.name());
        let scans_at_start = scans_so_far(storage, users);
        let engine = open(storage, users, &clock).await?;
        Ok(Self { storage, users, clock, engine, scans_at_start })
    }

    /// Which large tables were read from end to end: on SQLite by the plans of the statements
    /// that were run, on PostgreSQL by the server's own account.
    pub(crate) async fn scans(&mut self, run: &BTreeSet<String>) -> Outcome<Vec<String>> {
        let server = match self.storage {
            Storage::Sqlite(folder) => return statements::scans(&file(folder, self.users), run),
            Storage::Postgres(_) if self.users < LARGE => return Ok(Vec::new()),
            Storage::Postgres(server) => server,
        };
        // Its account is complete once the connections are closed.
        self.engine.shutdown().await;
        let others = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() \
                      AND application_name = 'auth-engine'";
        while server.psql(&name(self.users), others).trim() != "0" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let scans = scans_so_far(self.storage, self.users);
        self.engine = open(self.storage, self.users, &self.clock).await?;
        let before = self.scans_at_start.lines();
        let grown = before.zip(scans.lines()).filter(|(before, after)| before != after);
        Ok(grown.map(|(before, after)| format!("`{before}` became `{after}`")).collect())
    }
}

async fn open(storage: &Storage, users: u32, clock: &Clock) -> Outcome<Engine> {
    let url = match storage {
        Storage::Sqlite(folder) => format!("sqlite:{}", file(folder, users).display()),
        Storage::Postgres(server) => server.url(&name(users)),
    };
    // Quick to sign, so that the storage shows.
    let config = EngineConfig::new(url.parse()?).clock(clock.clone());
    Ok(Engine::open(config.signing_algorithm(SigningAlgorithm::EdDsa)).await?)
}

/// How often PostgreSQL has read each large table from end to end, one a line.
fn scans_so_far(storage: &Storage, users: u32) -> String {
    let Storage::Postgres(server) = storage else { return String::new() };
    let sql = format!(
        "SELECT relname || ': ' || seq_scan FROM pg_stat_user_tables \
         WHERE relname IN ({LARGE_TABLES}) ORDER BY relname"
    );
    server.psql(&name(users), &sql)
}

fn name(users: u32) -> String {
    format!("scale_{users}")
}

fn file(folder: &TempDir, users: u32) -> PathBuf {
    folder.path().join(format!("{}.db", name(users)))
}
