//! The project's only tool: `cargo xtask --help`.

mod asvs;
mod bench;
mod browser;
mod check;
mod citations;
mod clients;
mod demo;
mod dependencies;
mod layers;
mod lints;
mod names;
mod pages;
mod postgres;
mod run;
mod snippets;
mod test;
mod tidy;
mod web;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Tests, demonstrates and measures the project")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Checks what a change touches, in seconds: its packages, and the suite on auth-core alone
    Check(check::Arguments),
    /// Checks the format and the lints, runs every test and the browser, and sums up
    Test(test::Arguments),
    /// Runs a framework's example
    Demo(demo::Arguments),
    /// Builds the web app on the npm packages into examples/web/dist
    Web,
    /// Runs the browser tests on the examples
    Browser(browser::Arguments),
    /// Measures the budgets, as ratios in one run
    Bench(bench::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Test(arguments) => return test::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Web => web::run(),
        Command::Browser(arguments) => browser::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
    };
    match outcome {
        run::Outcome::Passed => ExitCode::SUCCESS,
        run::Outcome::Failed | run::Outcome::TestsFailed(_) | run::Outcome::NoSuchTest => {
            ExitCode::FAILURE
        }
        run::Outcome::NotRun(why) | run::Outcome::NotFetched(why) => {
            eprintln!("not run: {why}");
            ExitCode::FAILURE
        }
    }
}
