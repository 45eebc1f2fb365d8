//! The server for tests on PostgreSQL.

use std::{collections::BTreeSet, fs, process::Command};

use test_postgres::{
    Durability, MISSING, PARAMETERS_VARIABLE, PGBOUNCER_MISSING, POOLER_VARIABLE, PgBouncer,
    SERVER_VARIABLE, Server, TEMPLATE,
};

use crate::{
    run::{self, Outcome, cargo_on_workspace, root, target_folder},
    test,
};

/// What the names of tests hold that need a pooler.
const POOLER: &str = "pooler";

/// What may run on PostgreSQL.
const PACKAGES: [&str; 3] = ["auth-engine", "auth-core", "auth-server"];

/// Programs of auth-core that aren't about a storage.
const WITHOUT_STORAGE: [&str; 3] = ["breached_passwords", "events", "remote"];

/// What the names of unit tests begin with that go through millions of states, of no storage.
const STATES: [&str; 4] = ["--skip", "mutants::", "--skip", "proved::"];

/// Runs the tests that take a storage, and those that are about PostgreSQL.
pub(crate) fn tests(arguments: &test::Arguments) -> Outcome {
    with_server(|url| {
        let mut cargo = cargo_on_workspace("test");
        cargo.args(["--lib", "--no-fail-fast"]).env(SERVER_VARIABLE, url);
        cargo.args(test_programs(&PACKAGES));
        cargo.args(["--", "--include-ignored", "--skip", POOLER]).args(STATES);
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
        let name = arguments.test_filter();
        let mut about = cargo_on_workspace("test");
        about.env(SERVER_VARIABLE, url);
        about.args(["--test", "pgbouncer", "--test", "faults", "--", "--include-ignored"]);
        run::run_tests(&mut about, Some(name.unwrap_or(POOLER))).and(|| {
            let mut behind = cargo_on_workspace("test");
            behind.env(SERVER_VARIABLE, url).env(POOLER_VARIABLE, pooler.url("postgres"));
            behind.arg("--lib").args(test_programs(&PACKAGES[..1]));
            run::run_tests(behind.arg("--").args(STATES), name)
        })
    })
}

/// Runs the engine's tests with transactions that are `SERIALIZABLE`, as those of distributed engines
/// are: what is undone for the sake of another one is run again.
pub(crate) fn serializable_tests(arguments: &test::Arguments) -> Outcome {
    with_server(|url| {
        let mut cargo = cargo_on_workspace("test");
        cargo.env(SERVER_VARIABLE, url).env(PARAMETERS_VARIABLE, "isolation=serializable");
        cargo.args(["--no-fail-fast", "--lib"]).args(test_programs(&PACKAGES[..1]));
        run::run_tests(cargo.arg("--").args(STATES), arguments.test_filter())
    })
}

/// The flags for packages' test programs, by their files and folders. Packages may have programs of the
/// same name; a flag is for all of them.
fn test_programs(packages: &[&str]) -> Vec<String> {
    let folders = packages.iter().map(|package| root().join("crates").join(package).join("tests"));
    let entries = folders.flat_map(|folder| fs::read_dir(folder).into_iter().flatten());
    let names: BTreeSet<String> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some() || path.join("main.rs").exists())
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .filter(|name| !WITHOUT_STORAGE.contains(&name.as_str()))
        .collect();
    names.into_iter().flat_map(|name| ["--test".to_owned(), name]).collect()
}

fn port(url: &str) -> Option<u16> {
    url.rsplit_once(':')?.1.split('/').next()?.parse().ok()
}

/// Starts a private server with a template of the schema, hands over its URL, and removes it
/// afterwards.
pub(crate) fn with_server(work: impl FnOnce(&str) -> Outcome) -> Outcome {
    let Some(server) = Server::start(Durability::None) else { return Outcome::NotRun(MISSING) };
    server.psql("postgres", &format!("CREATE DATABASE {TEMPLATE}"));
    let mut build = cargo_on_workspace("build");
    let mut migrate = Command::new(target_folder().join("debug/examples/migrate"));
    migrate.arg(server.url(TEMPLATE));
    run::run(build.args(["--example", "migrate"]))
        .then(|| run::run(&mut migrate))
        .then(|| work(&server.url("postgres")))
}
