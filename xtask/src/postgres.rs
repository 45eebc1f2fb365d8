//! The server for tests on PostgreSQL.

use test_postgres::{
    Durability, MISSING, PGBOUNCER_MISSING, POOLER_VARIABLE, PgBouncer, SERVER_VARIABLE, Server,
    TEMPLATE,
};

use crate::{
    run::{self, Outcome, cargo},
    test,
};

/// What the names of tests hold that need a pooler.
const POOLER: &str = "pooler";

/// Runs the tests that take a storage, and those that are about PostgreSQL.
pub(crate) fn tests(arguments: &test::Arguments) -> Outcome {
    with_server(|url| {
        let mut cargo = cargo();
        cargo.args(["test", "--lib", "--tests"]).env(SERVER_VARIABLE, url);
        for package in ["auth-engine", "auth-core", "auth-server"] {
            cargo.args(["--package", package]);
        }
        cargo.args(["--", "--include-ignored", "--skip", POOLER]);
        run::run_tests(&mut cargo, arguments.test_filter())
    })
}

/// Runs the tests that are about a pooler in transaction mode, and the engine's others with one
/// before the server.
pub(crate) fn pooler_tests(arguments: &test::Arguments) -> Outcome {
    if !PgBouncer::is_installed() {
        return Outcome::NotRun(PGBOUNCER_MISSING);
    }
    with_server(|url| {
        let Some(pooler) = port(url).and_then(|port| PgBouncer::start(port, "")) else {
            return Outcome::NotRun(PGBOUNCER_MISSING);
        };
        let engine = || {
            let mut cargo = cargo();
            cargo.args(["test", "--package", "auth-engine"]).env(SERVER_VARIABLE, url);
            cargo
        };
        let name = arguments.test_filter();
        let mut about = engine();
        about.args(["--test", "pgbouncer", "--test", "faults", "--", "--include-ignored"]);
        run::run_tests(&mut about, Some(name.unwrap_or(POOLER))).and(|| {
            let mut behind = engine();
            behind.args(["--lib", "--tests"]).env(POOLER_VARIABLE, pooler.url("postgres"));
            run::run_tests(behind.arg("--"), name)
        })
    })
}

fn port(url: &str) -> Option<u16> {
    url.rsplit_once(':')?.1.split('/').next()?.parse().ok()
}

/// Starts a private server with a template of the schema, hands over its URL, and removes it
/// afterwards.
pub(crate) fn with_server(work: impl FnOnce(&str) -> Outcome) -> Outcome {
    let Some(server) = Server::start(Durability::None) else { return Outcome::NotRun(MISSING) };
    server.psql("postgres", &format!("CREATE DATABASE {TEMPLATE}"));
    let mut migrate = cargo();
    migrate.args(["run", "--quiet", "--package", "auth-engine", "--example", "migrate", "--"]);
    migrate.arg(server.url(TEMPLATE));
    run::run(&mut migrate).then(|| work(&server.url("postgres")))
}
