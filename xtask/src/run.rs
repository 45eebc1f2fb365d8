//! Programs that are run.

use std::{
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// What became of a group.
pub(crate) enum Outcome {
    Passed,
    Failed,
    /// Tests failed; the text is what their runners say of them at the end.
    TestsFailed(String),
    /// Nothing failed, because no test has the name that was asked for.
    NoSuchTest,
    /// A program is missing; the text says which package has it.
    NotRun(&'static str),
    /// What is needed couldn't be fetched, and a machine may do without it, CI's as well; the text
    /// says what.
    NotFetched(&'static str),
}

impl Outcome {
    /// Goes on where the step before passed.
    pub(crate) fn then(self, next: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Passed => next(),
            other => other,
        }
    }

    /// Goes on where no test failed. That one of the two has a test of the name is enough.
    pub(crate) fn and(self, next: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Passed => match next() {
                Self::NoSuchTest => Self::Passed,
                other => other,
            },
            Self::NoSuchTest => next(),
            other => other,
        }
    }
}

/// The top of the project.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

/// The cargo that runs this, in the top of the project.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}

/// The tests that run by their names alone, as their manifests say; no other flag is for them.
pub(crate) const BY_NAME: &[&str] =
    &["--test", "conformance", "--test", "captcha", "--test", "smtp", "--test", "twilio"];

/// A subcommand of cargo on the workspace, of which each group takes its targets. With some packages
/// alone, dependencies would have other features, and they and all that stands on them would be
/// compiled again.
pub(crate) fn cargo_on_workspace(subcommand: &str) -> Command {
    let mut cargo = cargo();
    cargo.args([subcommand, "--workspace"]);
    cargo
}

/// npm in a folder of the project.
pub(crate) fn npm(folder: &str) -> Command {
    let mut npm = Command::new("npm");
    npm.current_dir(root().join(folder));
    npm
}

/// Runs a command to its end, showing what it is.
pub(crate) fn run(command: &mut Command) -> Outcome {
    show(command);
    match command.status() {
        Ok(status) if status.success() => Outcome::Passed,
        Ok(_) => Outcome::Failed,
        Err(error) => not_started(command, &error),
    }
}

/// Runs test programs: all their tests, or those whose name contains a text. That none does isn't
/// the same as that they pass.
pub(crate) fn run_tests(command: &mut Command, filter: Option<&str>) -> Outcome {
    match run_and_read(command.args(filter)) {
        (Outcome::Passed, text) if filter.is_some() && number_of_tests(&text) == 0 => {
            Outcome::NoSuchTest
        }
        (Outcome::Failed, text) => Outcome::TestsFailed(failures_in(&text)),
        (outcome, _) => outcome,
    }
}

/// How many tests ran, by what test programs printed.
pub(crate) fn number_of_tests(text: &str) -> usize {
    text.lines().map(tests_of).sum()
}

/// What test programs say of their failures: from the line that announces them to the one that sums
/// up. A long run is read by its end.
fn failures_in(text: &str) -> String {
    let mut is_inside = false;
    let mut failures = String::new();
    for line in text.lines() {
        is_inside |= line == "failures:";
        if is_inside {
            failures.push_str(line);
            failures.push('\n');
        }
        is_inside &= !line.starts_with("test result: ");
    }
    failures
}

/// How many tests the last line of a test program tells of.
fn tests_of(line: &str) -> usize {
    let Some(result) = line.trim_start().strip_prefix("test result: ") else { return 0 };
    let words: Vec<&str> = result.split_whitespace().collect();
    let run = words.windows(2).filter(|pair| matches!(pair[1], "passed;" | "failed;"));
    run.filter_map(|pair| pair[0].parse::<usize>().ok()).sum()
}

fn not_started(command: &Command, error: &io::Error) -> Outcome {
    eprintln!("{}: {error}", command.get_program().to_string_lossy());
    Outcome::Failed
}

/// As [`run`], and reads what the command prints while it is shown.
pub(crate) fn run_and_read(command: &mut Command) -> (Outcome, String) {
    show(command);
    let child = command.stdout(Stdio::piped()).spawn();
    let read = child.and_then(|mut child| {
        let mut text = String::new();
        for line in child.stdout.take().into_iter().flat_map(|pipe| BufReader::new(pipe).lines()) {
            let line = line?;
            println!("{line}");
            text.push_str(&line);
            text.push('\n');
        }
        Ok((child.wait()?.success(), text))
    });
    match read {
        Ok((true, text)) => (Outcome::Passed, text),
        Ok((false, text)) => (Outcome::Failed, text),
        Err(error) => (not_started(command, &error), String::new()),
    }
}

fn show(command: &Command) {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let line: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    eprintln!("$ {}", line.join(" "));
}

/// Whether a program can be started.
pub(crate) fn is_installed(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The folder that cargo builds into.
pub(crate) fn target_folder() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

#[cfg(test)]
mod tests {
    use super::{failures_in, tests_of};

    #[test]
    fn tests_are_counted_from_the_line_that_sums_them_up() {
        for (line, count) in [
            ("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 9 filtered out", 3),
            ("test result: FAILED. 2 passed; 4 failed; 0 ignored; 0 measured; 0 filtered out", 6),
            ("test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 31 filtered out;", 0),
            ("running 7 tests", 0),
            ("test it_is_7 passed; ... ok", 0),
        ] {
            assert_eq!(tests_of(line), count, "{line}");
        }
    }
    #[test]
    fn failures_are_read_from_between_the_tests_that_pass() {
        let passed = "running 1 test\ntest a ... ok\n\ntest result: ok. 1 passed; 0 failed;\n";
        let failure = "failures:\n\n---- b stdout ----\nleft: 1\n\nfailures:\n    b\n\n\
                       test result: FAILED. 0 passed; 1 failed;\n";
        let text = format!("{passed}running 1 test\ntest b ... FAILED\n\n{failure}{passed}");
        assert_eq!(failures_in(&text), failure);
        assert_eq!(failures_in(passed), "");
    }
}
