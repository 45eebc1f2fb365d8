//! `cargo xtask test`

use std::{process::ExitCode, time::Instant};

use clap::Args;
use test_postgres::{Programs, SERVER_VARIABLE};

use crate::{
    browser, clients, dependencies, lints, names, postgres,
    run::{self, Outcome, cargo, cargo_on_workspace, npm, root},
    tidy,
};

#[derive(Args)]
pub(crate) struct Arguments {
    /// Only the groups whose name contains this, in any case; where there is none, only the tests
    /// whose name contains it
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Only the conformance suite, on this framework's adapter, such as `axum`
    #[arg(long, value_name = "NAME")]
    adapter: Option<String>,
    /// Only the conformance suite, on this storage, such as `sqlite-file`
    #[arg(long, value_name = "NAME")]
    storage: Option<String>,
    /// Every adapter on every storage, and every browser test on every framework, instead of each
    /// on one of the others
    #[arg(long)]
    full: bool,
}

impl Arguments {
    fn wants(&self, group: &Group) -> bool {
        if self.is_conformance() {
            return group.name == CONFORMANCE;
        }
        match &self.filter {
            None => true,
            Some(_) if self.test_filter().is_some() => group.has_named_tests,
            Some(filter) => group.is_called(filter),
        }
    }

    /// An adapter and a storage are chosen for this suite alone.
    fn is_conformance(&self) -> bool {
        self.adapter.is_some() || self.storage.is_some()
    }

    /// The filter, where it isn't the name of a group that may run.
    pub(crate) fn test_filter(&self) -> Option<&str> {
        let filter = self.filter.as_deref()?;
        let may_run = |group: &&Group| !self.is_conformance() || group.name == CONFORMANCE;
        let is_group = GROUPS.iter().filter(may_run).any(|group| group.is_called(filter));
        (!is_group).then_some(filter)
    }
}

struct Group {
    name: &'static str,
    has_named_tests: bool,
    run: fn(&Arguments) -> Outcome,
}

impl Group {
    const fn new(name: &'static str, run: fn(&Arguments) -> Outcome) -> Self {
        Self { name, has_named_tests: false, run }
    }

    const fn with_named_tests(self) -> Self {
        Self { has_named_tests: true, ..self }
    }

    fn is_called(&self, filter: &str) -> bool {
        self.name.to_lowercase().contains(&filter.to_lowercase())
    }
}

const CONFORMANCE: &str = "conformance";

const GROUPS: &[Group] = &[
    Group::new("format", |_| run::run(cargo().args(["fmt", "--all", "--", "--check"]))),
    Group::new("house rules", |_| tidy::run()),
    Group::new("lints", |_| lints::run()),
    Group::new("dependencies", |_| dependencies::allowed()),
    Group::new("oldest Rust", |_| dependencies::oldest_rust()),
    Group::new("tests", tests).with_named_tests(),
    Group::new("PostgreSQL", postgres::tests).with_named_tests(),
    Group::new("PgBouncer", postgres::pooler_tests).with_named_tests(),
    Group::new("serializable", postgres::serializable_tests).with_named_tests(),
    Group::new(CONFORMANCE, conformance).with_named_tests(),
    Group::new("delivery", delivery).with_named_tests(),
    Group::new("documentation", |_| {
        let mut cargo = cargo();
        cargo.args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings");
        run::run(&mut cargo)
    }),
    Group::new("fuzz targets", |_| fuzz_targets()),
    Group::new("browser", |it| browser::run(&browser::Arguments { full: it.full })),
    Group::new("clients", |_| clients::run()),
];

/// Every test but those that run by their names alone: the conformance suite, and those that need a
/// mail server.
fn tests(arguments: &Arguments) -> Outcome {
    let mut cargo = cargo_on_workspace("test");
    run::run_tests(cargo.args(["--no-fail-fast", "--"]), arguments.test_filter())
}

/// Every adapter on one storage and every storage under one adapter, or each with each; the suite
/// itself prints the matrix at its end.
fn conformance(arguments: &Arguments) -> Outcome {
    let storage = arguments.storage.as_ref();
    let wants_server = storage.is_none_or(|storage| storage.eq_ignore_ascii_case("postgres"));
    // Where it is missing, the group of the tests on PostgreSQL says so.
    if wants_server && (arguments.storage.is_some() || Programs::find().is_some()) {
        return postgres::with_server(|url| conformance_on(arguments, Some(url)));
    }
    conformance_on(arguments, None)
}

fn conformance_on(arguments: &Arguments, server: Option<&str>) -> Outcome {
    let mut cargo = cargo_on_workspace("test");
    cargo.args(["--test", CONFORMANCE]);
    cargo.envs(server.map(|url| (SERVER_VARIABLE, url)));
    let chosen =
        [("CONFORMANCE_ADAPTER", &arguments.adapter), ("CONFORMANCE_STORAGE", &arguments.storage)];
    cargo.envs(chosen.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?))));
    cargo.envs(arguments.full.then_some(("CONFORMANCE_FULL", "1")));
    run::run_tests(cargo.arg("--"), arguments.test_filter())
}

/// Mails through a real server, which is a package of npm.
fn delivery(arguments: &Arguments) -> Outcome {
    if !run::is_installed("node") || !run::is_installed("npm") {
        return Outcome::NotRun("the mail server needs Node.js with npm");
    }
    run::run(npm("tests/delivery").arg("ci")).then(|| {
        let mut cargo = cargo_on_workspace("test");
        cargo.args(["--no-fail-fast", "--test", "captcha", "--test", "smtp", "--test", "twilio"]);
        run::run_tests(cargo.arg("--"), arguments.test_filter())
    })
}

/// Fuzzing needs a nightly compiler; that the targets compile can be seen without one. They are a
/// workspace of their own: in the folder and with the profile of this one, two thirds of what they
/// need are there already.
fn fuzz_targets() -> Outcome {
    let mut cargo = cargo();
    cargo.args(["check", "--manifest-path"]).arg(root().join("tests/fuzz/Cargo.toml"));
    cargo.arg("--target-dir").arg(run::target_folder());
    for setting in ["opt-level=1", "debug=false"] {
        cargo.arg("--config").arg(format!("profile.dev.package.'*'.{setting}"));
    }
    run::run(&mut cargo)
}

pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let mut rows = Vec::new();
    for group in GROUPS.iter().filter(|group| arguments.wants(group)) {
        eprintln!("\n== {}", group.name);
        let start = Instant::now();
        let outcome = (group.run)(arguments);
        rows.push((group.name, outcome, start.elapsed().as_secs()));
    }
    let must_run_all = std::env::var_os("CI").is_some();
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    // What failed an hour ago is told at the end as well.
    for (name, outcome, _) in &rows {
        if let Outcome::TestsFailed(failures) = outcome {
            println!("\n== {name} failed\n{failures}");
        }
    }
    println!();
    for (name, outcome, seconds) in &rows {
        let text = match outcome {
            Outcome::Passed => {
                passed += 1;
                "passed".to_owned()
            }
            Outcome::Failed | Outcome::TestsFailed(_) => {
                failed += 1;
                "FAILED".to_owned()
            }
            Outcome::NoSuchTest => {
                skipped += 1;
                "no test of this name".to_owned()
            }
            Outcome::NotRun(why) if must_run_all => {
                failed += 1;
                format!("FAILED: {why}")
            }
            Outcome::NotRun(why) | Outcome::NotFetched(why) => {
                skipped += 1;
                format!("not run: {why}")
            }
        };
        println!("{name:<16} {seconds:>5} s  {text}");
    }
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    let is_unknown = |row: &(&str, Outcome, u64)| matches!(row.1, Outcome::NoSuchTest);
    if let Some(filter) = arguments.test_filter()
        && passed + failed == 0
        && rows.iter().any(is_unknown)
    {
        let groups: Vec<&str> = GROUPS.iter().map(|group| group.name).collect();
        eprintln!("{}", names::unknown(filter, &groups));
    }
    if failed == 0 && passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
