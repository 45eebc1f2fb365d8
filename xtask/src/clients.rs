//! The reference's SDKs, on every framework that they know, against `auth-server`.

use std::{
    fs,
    process::Command,
    time::{Duration, Instant},
};

use test_postgres::{Durability, Server, TestDatabase};

use crate::{
    run::{self, Outcome, cargo_on_workspace, is_installed, npm, root, target_folder},
    web::NODE_MISSING,
};

/// An SDK, with the applications on it.
struct Sdk {
    folder: &'static str,
    /// Names the exact version of every package.
    manifest: &'static str,
    package: &'static str,
    applications: &'static [Application],
}

/// An application on a framework.
struct Application {
    name: &'static str,
    /// The framework's package, where it isn't a part of the language.
    package: Option<&'static str>,
    /// What runs its cases.
    command: fn() -> Command,
    /// One of each language runs on PostgreSQL, too: what a framework does is the same on both.
    storages: &'static [Storage],
}

#[derive(Clone, Copy)]
enum Storage {
    Sqlite,
    Postgres,
}

const SQLITE: &[Storage] = &[Storage::Sqlite];
const BOTH: &[Storage] = &[Storage::Sqlite, Storage::Postgres];

const NODE: Sdk = Sdk {
    folder: "tests/clients/node",
    manifest: "package.json",
    package: "supertokens-node",
    applications: &[
        application("Express", Some("express"), || node(&["express"]), BOTH),
        application("Fastify", Some("fastify"), || node(&["fastify"]), SQLITE),
        application("Koa", Some("koa"), || node(&["koa"]), SQLITE),
        application("hapi", Some("@hapi/hapi"), || node(&["hapi"]), SQLITE),
        application("LoopBack", Some("@loopback/rest"), || node(&["loopback"]), SQLITE),
        application("NestJS", Some("@nestjs/core"), || node(&["nest"]), SQLITE),
        application("Next.js", Some("next"), || node(&["next"]), SQLITE),
        application(
            "AWS Lambda, middy",
            Some("@middy/core"),
            || node(&["lambda-http", "lambda-rest"]),
            SQLITE,
        ),
    ],
};

const PYTHON: Sdk = Sdk {
    folder: "tests/clients/python",
    manifest: "requirements.txt",
    package: "supertokens-python",
    applications: &[
        application("FastAPI", Some("fastapi"), || python("test_fastapi"), BOTH),
        application("Flask", Some("flask"), || python("test_flask"), SQLITE),
        application("Django, ASGI", Some("django"), || python("test_django_asgi"), SQLITE),
        application("Django, WSGI", Some("django"), || python("test_django_wsgi"), SQLITE),
    ],
};

const GO: Sdk = Sdk {
    folder: "tests/clients/go",
    manifest: "go.mod",
    package: "github.com/supertokens/supertokens-golang",
    applications: &[application("Go, net/http", None, go, BOTH)],
};

const fn application(
    name: &'static str,
    package: Option<&'static str>,
    command: fn() -> Command,
    storages: &'static [Storage],
) -> Application {
    Application { name, package, command, storages }
}

/// Builds the server and runs each application's cases against it.
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
    let start = Instant::now();
    prepare().then(|| {
        let prepared = start.elapsed();
        // Where it is missing, the group of the tests on PostgreSQL says so.
        let server = Server::start(Durability::None);
        let url = server.as_ref().map(|server| server.url("postgres"));
        let outcome = applications(url.as_deref(), prepared);
        println!("all in {} s", start.elapsed().as_secs());
        outcome
    })
}

/// Everything that is downloaded or built.
fn prepare() -> Outcome {
    // The server comes with the tests that start it.
    run::run(cargo_on_workspace("test").args(["--test", "binary", "--no-run"]))
        .then(|| run::run(npm(NODE.folder).args(["ci", "--no-audit", "--no-fund"])))
        .then(|| run::run(Command::new("python3").args(["-m", "venv"]).arg(python_folder())))
        .then(|| {
            let mut pip = Command::new(python_folder().join("bin/python"));
            pip.current_dir(root().join(PYTHON.folder));
            pip.args(["-m", "pip", "install", "-q", "-r", PYTHON.manifest]);
            // What those packages need in turn.
            run::run(pip.args(["-c", "constraints.txt"]))
        })
}

/// Runs them all, even where one fails, and prints which did.
fn applications(server: Option<&str>, prepared: Duration) -> Outcome {
    let mut rows = vec![format!("downloads and builds: {} s", prepared.as_secs())];
    let mut all = Outcome::Passed;
    for sdk in [NODE, PYTHON, GO] {
        let pins = fs::read_to_string(root().join(sdk.folder).join(sdk.manifest));
        let pins = pins.unwrap_or_default();
        let sdk_name = sdk.package.rsplit('/').next().unwrap_or_default();
        let sdk_version = version(&pins, sdk.package).unwrap_or_default();
        let sdk_name = format!("{sdk_name} {}", sdk_version.trim_start_matches('v'));
        for application in sdk.applications {
            let package = application.package.and_then(|package| version(&pins, package));
            for storage in application.storages {
                let start = Instant::now();
                let Some((storage, outcome)) = run_on(*storage, application, server) else {
                    continue;
                };
                let passed = matches!(outcome, Outcome::Passed);
                rows.push(format!(
                    "{:<17} {:<9} {sdk_name:<27} {storage:<10} {:>4} s  {}",
                    application.name,
                    package.unwrap_or_default(),
                    start.elapsed().as_secs(),
                    if passed { "passed" } else { "FAILED" },
                ));
                all = all.then(|| outcome);
            }
        }
    }
    println!("\n{}", rows.join("\n"));
    all
}

/// Runs an application's cases on a storage that is there.
fn run_on(
    storage: Storage,
    application: &Application,
    server: Option<&str>,
) -> Option<(&'static str, Outcome)> {
    let mut command = (application.command)();
    match storage {
        Storage::Sqlite => Some(("SQLite", run::run(&mut command))),
        Storage::Postgres => {
            // Each counts its users, so that each has a database of its own.
            let database = TestDatabase::on(server?);
            let outcome = run::run(command.env("AUTH_DATABASE", database.url()));
            Some(("PostgreSQL", outcome))
        }
    }
}

/// The version of a package, by the manifest of any of the three languages: the word after its name.
fn version<'a>(manifest: &'a str, package: &str) -> Option<&'a str> {
    let is_between = |c: char| c.is_whitespace() || "\",:=".contains(c);
    let mut words = manifest.split(is_between).filter(|word| !word.is_empty());
    words.find(|word| *word == package)?;
    words.next()
}

fn with_auth_server(mut command: Command) -> Command {
    command.env("AUTH_SERVER", target_folder().join("debug/auth-server"));
    command
}

fn node(names: &[&str]) -> Command {
    let mut node = Command::new("node");
    node.current_dir(root().join(NODE.folder)).arg("--test");
    node.args(names.iter().map(|name| format!("{name}.test.mjs")));
    with_auth_server(node)
}

/// Its packages lie in a folder of their own, below cargo's.
fn python_folder() -> std::path::PathBuf {
    target_folder().join("clients-python")
}

fn python(module: &str) -> Command {
    let mut python = Command::new(python_folder().join("bin/python"));
    python.current_dir(root().join(PYTHON.folder)).args(["-m", "unittest", "-q", module]);
    with_auth_server(python)
}

/// Each run starts a server of its own: an earlier result proves nothing.
fn go() -> Command {
    let mut go = Command::new("go");
    go.current_dir(root().join(GO.folder)).args(["test", "-count=1", "./..."]);
    with_auth_server(go)
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn a_version_is_read_from_each_language_s_manifest() {
        for (manifest, package, expected) in [
            ("{ \"koa\": \"3.3.0\",\n \"next\": \"16.4.6\" }", "next", Some("16.4.6")),
            ("fastapi==0.165.0\nflask==3.1.3\n", "flask", Some("3.1.3")),
            ("require example.org/sdk v0.25.2\n", "example.org/sdk", Some("v0.25.2")),
            ("flask==3.1.3", "koa", None),
        ] {
            assert_eq!(version(manifest, package), expected, "{package}");
        }
    }
}
