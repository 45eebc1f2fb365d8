//! Measures how operations slow down as users grow: `cargo xtask bench --scale`.
//!
//! Each storage gets databases with 10 thousand, 100 thousand and a million users, with three
//! sessions each. They are measured by turns, so that all of them meet the machine in the same
//! mood, and of all rounds the quickest counts: whatever else runs can only make one slower. The
//! times are printed as ratios to those at the smallest size. It fails where an operation takes
//! more than the budget, and where one reads a large table from end to end.

mod load;
mod measure;
mod report;
mod statements;
mod subject;

use std::process::ExitCode;

use clap::Parser;

use crate::{
    measure::{Figure, Work},
    statements::Statements,
    subject::{Storage, Subject},
};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[derive(Parser)]
struct Arguments {
    /// How many users, from few to many
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 100_000, 1_000_000])]
    users: Vec<u32>,
    /// `sqlite` or `postgres` alone
    #[arg(long)]
    storage: Option<String>,
}

#[tokio::main]
async fn main() -> Outcome<ExitCode> {
    let arguments = Arguments::parse();
    let statements = Statements::collect()?;
    let mut problems = Vec::new();
    for storage in Storage::wanted(arguments.storage.as_deref())? {
        problems.extend(run(&storage, &arguments.users, &statements).await?);
    }
    for problem in &problems {
        println!("FAILED: {problem}");
    }
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Measures on one storage, prints its table, and says what is wrong.
async fn run(storage: &Storage, users: &[u32], statements: &Statements) -> Outcome<Vec<String>> {
    let mut subjects = Vec::new();
    for users in users {
        subjects.push(Subject::create(storage, *users).await?);
    }
    for subject in &subjects {
        measure::warm_up(subject).await?;
    }
    statements.take();
    let mut figures = Vec::new();
    for work in Work::ALL {
        figures.push(Figure::measure(work, &subjects).await?);
    }
    let run = statements.take();
    let mut problems = Vec::new();
    for subject in &mut subjects {
        let scans = subject.scans(&run).await?;
        let at = format!("{}, {} users", storage.name(), subject.users);
        problems.extend(
            scans.into_iter().map(|scan| format!("{at}: a large table is read whole: {scan}")),
        );
    }
    problems.extend(report::print(storage.name(), users, &figures));
    for subject in subjects {
        subject.engine.shutdown().await;
    }
    Ok(problems)
}
