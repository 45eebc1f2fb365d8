//! `cargo xtask browser`

use clap::{Args, ValueEnum};

use crate::{
    demo::Framework,
    run::{self, Outcome, cargo_on_workspace, is_installed, npm, target_folder},
    web::{self, NODE_MISSING},
};

const FOLDER: &str = "tests/browser";

#[derive(Args)]
pub(crate) struct Arguments {
    /// Every browser test on every framework, not on the first alone
    #[arg(long)]
    pub(crate) full: bool,
}

/// Builds the web app and the examples, and drives each of them by a real browser, which also looks at
/// the mails. The pages are the same on all: the first framework serves every test, the others those
/// of the plain page and of `supertokens-web-js`.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    if !is_installed("npm") {
        return Outcome::NotRun(NODE_MISSING);
    }
    if !is_installed("chromium") {
        return Outcome::NotRun("Chromium is missing; install the package chromium");
    }
    let examples = Framework::value_variants().iter().map(|framework| framework.package());
    let programs = examples.clone().flat_map(|example| ["--bin", example]);
    let mut build = cargo_on_workspace("build");
    build.args(programs).args(["--example", "mails"]);
    let built = web::run()
        .then(|| run::run(&mut build))
        .then(|| run::run(npm(FOLDER).arg("ci")))
        .then(|| {
            let binary = target_folder().join("debug/examples/mails");
            run::run(npm(FOLDER).args(["run", "mails"]).env("MAILS_BIN", binary))
        });
    examples.enumerate().fold(built, |outcome, (number, example)| {
        outcome.then(|| {
            eprintln!("-- {example}");
            let binary = target_folder().join("debug").join(example);
            let tests = if number == 0 || arguments.full { "test" } else { "smoke" };
            run::run(npm(FOLDER).args(["run", tests]).env("EXAMPLE_BIN", binary))
        })
    })
}
