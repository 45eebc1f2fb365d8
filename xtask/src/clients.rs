//! The reference's SDKs against `auth-server`, on each storage.

use std::process::Command;

use test_postgres::{Durability, Server, TestDatabase};

use crate::{
    run::{self, Outcome, cargo, is_installed, npm, root, target_folder},
    web::NODE_MISSING,
};

const NODE: &str = "tests/clients/node";
const PYTHON: &str = "tests/clients/python";
const GO: &str = "tests/clients/go";

/// An application on one of the SDKs.
struct Application {
    name: &'static str,
    /// What runs its cases.
    command: fn() -> Command,
}

const APPLICATIONS: [Application; 5] = [
    Application { name: "Node, Express", command: || node("express.test.mjs") },
    Application { name: "Node, Fastify", command: || node("fastify.test.mjs") },
    Application { name: "Python, FastAPI", command: || python("test_fastapi") },
    Application { name: "Python, Flask", command: || python("test_flask") },
    Application { name: "Go, net/http", command: go },
];

/// Builds the server and runs each application's cases against it, on SQLite and on PostgreSQL.
pub(crate) fn run() -> Outcome {
    if !is_installed("npm") {
        return Outcome::NotRun(NODE_MISSING);
    }
    if !is_installed("python3") {
        return Outcome::NotRun("Python is missing; install the packages python3 and python3-venv");
    }
    if Command::new("go").arg("version").output().is_err() {
        return Outcome::NotRun("Go is missing; install the package golang");
    }
    prepare().then(|| {
        // Where it is missing, the group of the tests on PostgreSQL says so.
        let server = Server::start(Durability::None);
        applications(server.as_ref().map(|server| server.url("postgres")).as_deref())
    })
}

/// Everything that is downloaded or built.
fn prepare() -> Outcome {
    run::run(cargo().args(["build", "-p", "auth-server"]))
        .then(|| run::run(npm(NODE).args(["ci", "--no-audit", "--no-fund"])))
        .then(|| run::run(Command::new("python3").args(["-m", "venv"]).arg(python_folder())))
        .then(|| {
            let requirements = root().join(PYTHON).join("requirements.txt");
            let mut pip = Command::new(python_folder().join("bin/python"));
            run::run(pip.args(["-m", "pip", "install", "-q", "-r"]).arg(requirements))
        })
}

/// Runs them all, even where one fails, and prints which did.
fn applications(server: Option<&str>) -> Outcome {
    let mut rows = Vec::new();
    for Application { name, command } in APPLICATIONS {
        rows.push((name, "SQLite", run::run(&mut command())));
        if let Some(server) = server {
            // Each counts its users, so that each has a database of its own.
            let database = TestDatabase::on(server);
            let on_postgres = run::run(command().env("AUTH_DATABASE", database.url()));
            rows.push((name, "PostgreSQL", on_postgres));
        }
    }
    println!();
    let mut all = Outcome::Passed;
    for (name, storage, outcome) in rows {
        let passed = matches!(outcome, Outcome::Passed);
        println!("{name:<16} on {storage:<12} {}", if passed { "passed" } else { "FAILED" });
        all = all.then(|| outcome);
    }
    all
}

fn with_auth_server(mut command: Command) -> Command {
    command.env("AUTH_SERVER", target_folder().join("debug/auth-server"));
    command
}

fn node(file: &str) -> Command {
    let mut node = Command::new("node");
    node.current_dir(root().join(NODE)).args(["--test", file]);
    with_auth_server(node)
}

/// Its packages lie in a folder of their own, below cargo's.
fn python_folder() -> std::path::PathBuf {
    target_folder().join("clients-python")
}

fn python(module: &str) -> Command {
    let mut python = Command::new(python_folder().join("bin/python"));
    python.current_dir(root().join(PYTHON)).args(["-m", "unittest", "-q", module]);
    with_auth_server(python)
}

/// Each run starts a server of its own: an earlier result proves nothing.
fn go() -> Command {
    let mut go = Command::new("go");
    go.current_dir(root().join(GO)).args(["test", "-count=1", "./..."]);
    with_auth_server(go)
}
