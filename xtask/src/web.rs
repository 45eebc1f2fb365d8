//! `cargo xtask web`

use crate::run::{self, Outcome, is_installed, npm};

const FOLDER: &str = "examples/web";

pub(crate) const NODE_MISSING: &str = "Node.js is missing; install the packages nodejs and npm";

/// Installs what the web app needs, checks its types and builds it.
pub(crate) fn run() -> Outcome {
    if !is_installed("npm") {
        return Outcome::NotRun(NODE_MISSING);
    }
    run::run(npm(FOLDER).arg("ci"))
        .then(|| run::run(npm(FOLDER).args(["run", "typecheck"])))
        .then(|| run::run(npm(FOLDER).args(["run", "build"])))
}
