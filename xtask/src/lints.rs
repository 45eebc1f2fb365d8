//! Clippy, over the workspace and over what its features leave out.

use crate::run::{self, BY_NAME, Outcome, cargo, cargo_on_workspace};

/// What an application builds on. Examples and tests always have every feature.
const LIBRARIES: &[&str] = &[
    "auth-core",
    "auth-axum",
    "auth-actix",
    "auth-rocket",
    "auth-warp",
    "auth-poem",
    "auth-tower",
];

/// Which features are on where the defaults are off; the workspace is checked with all of them.
const SELECTIONS: &[&str] =
    &["sqlite", "postgres", "breached-passwords,captcha,remote,smtp,thirdparty,twilio,zxcvbn"];

/// Denies every warning. Nothing is linked or run.
pub(crate) fn run() -> Outcome {
    let targets = [&["--all-targets"], BY_NAME];
    let workspace = targets.iter().fold(Outcome::Passed, |outcome, targets| {
        outcome.then(|| {
            let mut cargo = cargo_on_workspace("clippy");
            run::run(cargo.args(*targets).args(["--", "-D", "warnings"]))
        })
    });
    SELECTIONS.iter().fold(workspace, |outcome, features| {
        outcome.then(|| {
            let mut cargo = cargo();
            cargo.args(["clippy", "--no-default-features", "--features", features]);
            for library in LIBRARIES {
                cargo.args(["--package", library]);
            }
            run::run(cargo.args(["--", "-D", "warnings"]))
        })
    })
}
