//! Measures the budgets as ratios within one run: `cargo xtask bench`.
//!
//! The server runs in a child process, on one core where a route's own cost is looked at. What is
//! compared is measured in turns, A B A B, and the medians are set against each other, so that a
//! machine whose speed drifts does no harm.

mod client;
mod process;
mod report;
mod rows;
mod server;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[derive(Parser)]
struct Arguments {
    /// Where the figures are written as JSON
    #[arg(long, default_value = "target/bench.json")]
    json: PathBuf,
    /// Seconds for each turn of each measurement
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
    /// The release build of the example
    #[arg(long, default_value = "target/release/example-axum")]
    example: PathBuf,
    #[command(subcommand)]
    role: Option<Role>,
}

#[derive(Subcommand)]
enum Role {
    /// The measured server; started by the measurement itself
    #[command(hide = true)]
    Serve(server::Arguments),
}

fn main() -> Outcome<()> {
    let arguments = Arguments::parse();
    if let Some(Role::Serve(arguments)) = arguments.role {
        return server::serve(&arguments);
    }
    let rows = [
        rows::repeated_token(arguments.seconds)?,
        rows::first_seen_token()?,
        rows::refresh(arguments.seconds)?,
        rows::sign_in(arguments.seconds)?,
    ];
    let mut rows: Vec<_> = rows.into_iter().collect();
    rows.extend(rows::example(&arguments.example)?);
    report::print(&rows);
    report::write(&rows, &arguments.json)
}
