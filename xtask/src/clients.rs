//! The reference's SDKs against `auth-server`.

use std::process::Command;

use crate::{
    run::{self, Outcome, cargo, is_installed, npm, root, target_folder},
    web::NODE_MISSING,
};

const NODE: &str = "tests/clients/node";
const PYTHON: &str = "tests/clients/python";
const GO: &str = "tests/clients/go";

/// Builds the server and runs each SDK's cases against it.
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
    run::run(cargo().args(["build", "-p", "auth-server"])).then(node).then(python).then(go)
}

fn node() -> Outcome {
    let server = target_folder().join("debug/auth-server");
    run::run(npm(NODE).args(["ci", "--no-audit", "--no-fund"]))
        .then(|| run::run(npm(NODE).arg("test").env("AUTH_SERVER", server)))
}

/// Its packages lie in a folder of their own, below cargo's.
fn python() -> Outcome {
    let server = target_folder().join("debug/auth-server");
    let folder = target_folder().join("clients-python");
    let python = folder.join("bin/python");
    let requirements = root().join(PYTHON).join("requirements.txt");
    run::run(Command::new("python3").args(["-m", "venv"]).arg(&folder))
        .then(|| {
            let mut pip = Command::new(&python);
            run::run(pip.args(["-m", "pip", "install", "-q", "-r"]).arg(requirements))
        })
        .then(|| {
            let mut tests = Command::new(&python);
            tests.current_dir(root().join(PYTHON)).env("AUTH_SERVER", server);
            run::run(tests.args(["-m", "unittest", "-q"]))
        })
}

/// Each run starts a server of its own: an earlier result proves nothing.
fn go() -> Outcome {
    let server = target_folder().join("debug/auth-server");
    let mut go = Command::new("go");
    go.current_dir(root().join(GO)).env("AUTH_SERVER", server);
    run::run(go.args(["test", "-count=1", "./..."]))
}
