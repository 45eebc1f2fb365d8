//! `cargo xtask bench`

use clap::Args;

use crate::run::{self, Outcome, cargo};

#[derive(Args)]
pub(crate) struct Arguments {
    /// Flags of the measurement, after `--`
    #[arg(last = true)]
    flags: Vec<String>,
}

/// Measures release builds: the example's start and size, then everything else against it.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    run::run(cargo().args(["build", "--release", "-p", "example-axum"])).then(|| {
        run::run(cargo().args(["run", "--release", "-p", "bench", "--"]).args(&arguments.flags))
    })
}
