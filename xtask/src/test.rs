//! `cargo xtask test`

use std::{process::ExitCode, time::Instant};

use clap::Args;

use crate::{
    browser,
    run::{self, Outcome, cargo, root},
};

#[derive(Args)]
pub(crate) struct Arguments {
    /// Only the groups whose name contains this
    #[arg(long)]
    filter: Option<String>,
}

struct Group {
    name: &'static str,
    run: fn() -> Outcome,
}

const GROUPS: &[Group] = &[
    Group { name: "format", run: || run::run(cargo().args(["fmt", "--all", "--", "--check"])) },
    Group {
        name: "lints",
        run: || {
            let arguments = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
            run::run(cargo().args(arguments))
        },
    },
    Group { name: "tests", run: || run::run(cargo().args(["test", "--workspace"])) },
    Group {
        name: "documentation",
        run: || {
            let mut cargo = cargo();
            cargo.args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings");
            run::run(&mut cargo)
        },
    },
    Group { name: "fuzz targets", run: fuzz_targets },
    Group { name: "browser", run: browser::run },
];

/// Fuzzing needs a nightly compiler; that the targets compile can be seen without one.
fn fuzz_targets() -> Outcome {
    let manifest = root().join("tests/fuzz/Cargo.toml");
    run::run(cargo().arg("check").arg("--manifest-path").arg(manifest))
}

pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let is_wanted = |group: &&Group| {
        arguments.filter.as_ref().is_none_or(|filter| group.name.contains(filter.as_str()))
    };
    let mut rows = Vec::new();
    for group in GROUPS.iter().filter(is_wanted) {
        eprintln!("\n== {}", group.name);
        let start = Instant::now();
        let outcome = (group.run)();
        rows.push((group.name, outcome, start.elapsed().as_secs()));
    }
    let must_run_all = std::env::var_os("CI").is_some();
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    println!();
    for (name, outcome, seconds) in &rows {
        let text = match outcome {
            Outcome::Passed => {
                passed += 1;
                "passed".to_owned()
            }
            Outcome::Failed => {
                failed += 1;
                "FAILED".to_owned()
            }
            Outcome::NotRun(why) if must_run_all => {
                failed += 1;
                format!("FAILED: {why}")
            }
            Outcome::NotRun(why) => {
                skipped += 1;
                format!("not run: {why}")
            }
        };
        println!("{name:<16} {seconds:>5} s  {text}");
    }
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    if failed == 0 && passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
