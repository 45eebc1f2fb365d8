//! `cargo xtask bench`

use std::process::Command;

use clap::Args;

use crate::run::{self, Outcome, cargo, target_folder};

#[derive(Args)]
pub(crate) struct Arguments {
    /// Measure instead how operations slow down as users grow to a million
    #[arg(long)]
    scale: bool,
    /// Flags of the measurement, after `--`
    #[arg(last = true)]
    flags: Vec<String>,
}

/// Measures release builds.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    if arguments.scale {
        let mut scale = cargo();
        scale.args(["run", "--release", "-p", "scale", "--"]).args(&arguments.flags);
        return run::run(&mut scale);
    }
    run::run(cargo().args(["build", "--release", "-p", "example-axum", "-p", "auth-server"]))
        .then(|| run::run(&mut measure(arguments)))
}

fn measure(arguments: &Arguments) -> Command {
    let mut command = cargo();
    command.args(["run", "--release", "-p", "bench", "--"]);
    command.arg("--example").arg(target_folder().join("release/example-axum"));
    command.arg("--auth-server").arg(target_folder().join("release/auth-server"));
    command.arg("--json").arg(target_folder().join("bench.json"));
    command.args(&arguments.flags);
    command
}
