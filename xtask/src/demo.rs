//! `cargo xtask demo`

use clap::{Args, ValueEnum};

use crate::run::{self, Outcome, cargo};

#[derive(Args)]
pub(crate) struct Arguments {
    /// The framework
    #[arg(value_enum, default_value = "axum")]
    framework: Framework,
    /// Flags of the example, after `--`
    #[arg(last = true)]
    flags: Vec<String>,
}

/// The frameworks that have an example; each serves the same application.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Framework {
    Axum,
    Actix,
    Poem,
    Rocket,
    Warp,
}

impl Framework {
    pub(crate) fn package(self) -> &'static str {
        match self {
            Self::Actix => "example-actix",
            Self::Axum => "example-axum",
            Self::Poem => "example-poem",
            Self::Rocket => "example-rocket",
            Self::Warp => "example-warp",
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let package = arguments.framework.package();
    run::run(cargo().args(["run", "-p", package, "--"]).args(&arguments.flags))
}
