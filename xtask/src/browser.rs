//! `cargo xtask browser`

use crate::{
    run::{self, Outcome, cargo, is_installed, npm, target_folder},
    web::{self, NODE_MISSING},
};

const FOLDER: &str = "tests/browser";

/// Builds the web app and the example, and drives both by a real browser.
pub(crate) fn run() -> Outcome {
    if !is_installed("npm") {
        return Outcome::NotRun(NODE_MISSING);
    }
    if !is_installed("chromium") {
        return Outcome::NotRun("Chromium is missing; install the package chromium");
    }
    let example = target_folder().join("debug/example-axum");
    web::run()
        .then(|| run::run(cargo().args(["build", "-p", "example-axum"])))
        .then(|| run::run(npm(FOLDER).arg("ci")))
        .then(|| run::run(npm(FOLDER).arg("test").env("EXAMPLE_BIN", example)))
}
