//! Measures the budgets as ratios within one run: `cargo xtask bench`.
//!
//! The servers run in child processes, on one core where a route's own cost is looked at. What is
//! compared is measured in turns, A B A B, and the median of the turns' ratios counts, so that a
//! machine whose speed drifts does little harm. Ratios are of the processor time that the server
//! spends, which the load client beside it and other programs don't share; how often it answered,
//! and how much of the processors the client took, stands beside them.

mod client;
mod frameworks;
mod instructions;
mod process;
mod report;
mod rows;
mod server;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use frameworks::FRAMEWORKS;
use report::Row;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[derive(Parser)]
#[command(args_override_self = true)]
struct Arguments {
    /// Where the figures are written as JSON
    #[arg(long, default_value = "target/bench.json")]
    json: PathBuf,
    /// Seconds for each turn of each measurement
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
    /// Only rows whose name contains this; of instructions, only frameworks
    #[arg(long, default_value = "")]
    filter: String,
    /// The release build of the example
    #[arg(long, default_value = "target/release/example-axum")]
    example: PathBuf,
    /// The release build of the server
    #[arg(long, default_value = "target/release/auth-server")]
    auth_server: PathBuf,
    /// Count the instructions of each route by valgrind, in place of measuring times
    #[arg(long)]
    instructions: bool,
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
    match &arguments.role {
        Some(Role::Serve(serve)) => return server::serve(serve),
        None if arguments.instructions => return instructions::print(&arguments.filter),
        None => {}
    }
    let rows = measure(&arguments)?;
    report::print(&rows);
    report::write(&rows, &arguments.json)
}

fn measure(arguments: &Arguments) -> Outcome<Vec<Row>> {
    let is_wanted = |name: &str| name.contains(&arguments.filter);
    let mut rows = Vec::new();
    for framework in FRAMEWORKS {
        let name = rows::repeated_token_name(framework);
        if is_wanted(&name) {
            rows.push(rows::repeated_token(framework, name, arguments.seconds)?);
        }
    }
    for framework in FRAMEWORKS {
        let name = rows::second_factor_name(framework);
        if is_wanted(&name) {
            rows.push(rows::second_factor(framework, name, arguments.seconds)?);
        }
    }
    if is_wanted(rows::FIRST_SEEN_TOKEN) {
        rows.push(rows::first_seen_token()?);
    }
    if is_wanted(rows::REFRESH) {
        rows.push(rows::refresh(arguments.seconds)?);
    }
    if is_wanted(rows::SIGN_IN) {
        rows.push(rows::sign_in(arguments.seconds)?);
    }
    rows.extend(rows::codes(is_wanted)?);
    rows.extend(rows::passkeys(is_wanted)?);
    rows.extend(rows::postgres(arguments.seconds, is_wanted)?);
    rows.extend(rows::served(&arguments.auth_server, arguments.seconds, is_wanted)?);
    rows.extend(rows::at_rest(&rows::EXAMPLE, &arguments.example, is_wanted)?);
    rows.extend(rows::at_rest(&rows::SERVER, &arguments.auth_server, is_wanted)?);
    Ok(rows)
}
