//! `cargo xtask check`

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use clap::Args;

use crate::{
    run::{self, Outcome, cargo, root},
    tidy,
};

#[derive(Args)]
pub(crate) struct Arguments {
    /// Only the tests whose name contains this
    name: Option<String>,
    /// What counts as changed: all since this revision, what isn't committed included
    #[arg(long, value_name = "REVISION", default_value = "HEAD")]
    since: String,
}

/// The suite, which runs on its quickest pair rather than by itself.
const CONFORMANCE: &str = "conformance";

/// Checks what a change touches: format, house rules, lints and tests of its packages, and the
/// suite on auth-core alone with SQLite in memory.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let start = Instant::now();
    let packages = match changed_packages(&arguments.since) {
        Ok(packages) => packages,
        Err(error) => {
            eprintln!("what has changed since {} can't be told: {error}", arguments.since);
            return Outcome::Failed;
        }
    };
    if packages.is_empty() {
        eprintln!("no package has changed since {}; the suite runs all the same", arguments.since);
    }
    let mut counts = Counts::default();
    let outcome = steps(&packages, arguments.name.as_deref(), &mut counts);
    eprintln!("\n{} tests in {:.0} s", counts.run, start.elapsed().as_secs_f64());
    match (&outcome, &arguments.name) {
        (Outcome::Passed, Some(name)) if counts.run == 0 => {
            eprintln!("no test has `{name}` in its name");
            Outcome::Failed
        }
        _ => outcome,
    }
}

/// How many tests ran.
#[derive(Default)]
struct Counts {
    run: usize,
}

fn steps(packages: &[String], name: Option<&str>, counts: &mut Counts) -> Outcome {
    let outcome = run::run(cargo().args(["fmt", "--all", "--", "--check"])).then(tidy::run);
    let outcome = outcome.then(|| match packages {
        [] => Outcome::Passed,
        _ => run::run(cargo().arg("clippy").args(of(packages)).args([
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ])),
    });
    let tested: Vec<String> = packages.iter().filter(|it| *it != CONFORMANCE).cloned().collect();
    let outcome = outcome.then(|| match &tested[..] {
        [] => Outcome::Passed,
        // Doc tests are compiled one by one; `cargo xtask test` has them.
        _ => {
            test(cargo().arg("test").args(of(&tested)).args(["--all-targets", "--"]), name, counts)
        }
    });
    outcome.then(|| {
        let mut suite = cargo();
        suite.args(["test", "--package", CONFORMANCE, "--no-default-features", "--lib"]);
        suite.args(["--test", CONFORMANCE]);
        suite.env("CONFORMANCE_STORAGE", "sqlite-memory");
        test(suite.args(["--", "--quiet"]), name, counts)
    })
}

fn of(packages: &[String]) -> impl Iterator<Item = &str> {
    packages.iter().flat_map(|package| ["--package", package])
}

/// Runs tests, and counts them by what their runners say at the end.
fn test(command: &mut Command, name: Option<&str>, counts: &mut Counts) -> Outcome {
    let (outcome, output) = run::run_and_read(command.args(name));
    counts.run += run::number_of_tests(&output);
    outcome
}

/// The names of the packages that a change touches.
fn changed_packages(since: &str) -> io::Result<Vec<String>> {
    let folders = package_folders()?;
    let mut names = Vec::new();
    for file in git(&["diff", "--name-only", since])?
        .lines()
        .chain(git(&["ls-files", "--others", "--exclude-standard"])?.lines())
    {
        let mut holders = Path::new(file).ancestors().filter_map(|folder| folders.get(folder));
        if let Some(name) = holders.next()
            && !names.contains(name)
        {
            names.push(name.clone());
        }
    }
    Ok(names)
}

fn git(arguments: &[&str]) -> io::Result<String> {
    let output = Command::new("git").current_dir(root()).args(arguments).output()?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(io::Error::other(String::from_utf8_lossy(&output.stderr).trim().to_owned())),
    }
}

/// The workspace's packages by their folders.
fn package_folders() -> io::Result<BTreeMap<PathBuf, String>> {
    let mut folders = BTreeMap::new();
    for parent in ["crates", "examples", "tests"] {
        for entry in fs::read_dir(root().join(parent))? {
            let folder = PathBuf::from(parent).join(entry?.file_name());
            // Some folders hold no package, or one of another workspace.
            if let Ok(manifest) = fs::read_to_string(root().join(&folder).join("Cargo.toml"))
                && manifest.contains("version.workspace")
                && let Some(name) = name_of(&manifest)
            {
                folders.insert(folder, name);
            }
        }
    }
    folders.insert("xtask".into(), "xtask".into());
    Ok(folders)
}

fn name_of(manifest: &str) -> Option<String> {
    let line = manifest.lines().find_map(|line| line.strip_prefix("name = \""))?;
    line.strip_suffix('"').map(str::to_owned)
}
