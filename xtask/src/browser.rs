//! `cargo xtask browser`

use clap::ValueEnum;

use crate::{
    demo::Framework,
    run::{self, Outcome, cargo, is_installed, npm, target_folder},
    web::{self, NODE_MISSING},
};

const FOLDER: &str = "tests/browser";

/// Builds the web app and the examples, and drives each of them by a real browser, which also looks at
/// the mails.
pub(crate) fn run() -> Outcome {
    if !is_installed("npm") {
        return Outcome::NotRun(NODE_MISSING);
    }
    if !is_installed("chromium") {
        return Outcome::NotRun("Chromium is missing; install the package chromium");
    }
    let examples = Framework::value_variants().iter().map(|framework| framework.package());
    let packages = examples.clone().flat_map(|package| ["-p", package]);
    let built = web::run()
        .then(|| run::run(cargo().arg("build").args(packages)))
        .then(|| run::run(cargo().args(["build", "-p", "delivery", "--example", "mails"])))
        .then(|| run::run(npm(FOLDER).arg("ci")))
        .then(|| {
            let binary = target_folder().join("debug/examples/mails");
            run::run(npm(FOLDER).args(["run", "mails"]).env("MAILS_BIN", binary))
        });
    examples.fold(built, |outcome, example| {
        outcome.then(|| {
            eprintln!("-- {example}");
            let binary = target_folder().join("debug").join(example);
            run::run(npm(FOLDER).arg("test").env("EXAMPLE_BIN", binary))
        })
    })
}
