//! The server for tests on PostgreSQL.

use test_postgres::{Durability, MISSING, SERVER_VARIABLE, Server, TEMPLATE};

use crate::{
    run::{self, Outcome, cargo},
    test,
};

/// Runs the tests that take a storage, and those that are about PostgreSQL.
pub(crate) fn tests(arguments: &test::Arguments) -> Outcome {
    with_server(|url| {
        let mut cargo = cargo();
        cargo.args(["test", "--lib", "--tests"]).env(SERVER_VARIABLE, url);
        for package in ["auth-engine", "auth-core", "auth-server"] {
            cargo.args(["--package", package]);
        }
        run::run(cargo.args(["--", "--include-ignored"]).args(arguments.test_filter()))
    })
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
