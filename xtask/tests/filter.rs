//! `cargo xtask test --filter`, with a program in cargo's place that says how many tests it ran.

#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs)]

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::{Command, Output},
};

/// A program that writes what test programs write at their end.
fn cargo_that_runs(tests: usize) -> PathBuf {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("cargo-{tests}"));
    let script = format!(
        "#!/bin/sh\n\
         case \"$*\" in\n\
         *--list*) echo 'suite::a_user_is_found: test' ;;\n\
         *) echo \"asked: $* $CONFORMANCE_ADAPTER $CONFORMANCE_STORAGE\" ;;\n\
         esac\n\
         echo 'test result: ok. {tests} passed; 0 failed; 0 ignored; 0 measured; 9 filtered out'\n"
    );
    // Written aside, as another test may be running it.
    let draft = file.with_extension(format!("{:?}", std::thread::current().id()));
    fs::write(&draft, script).unwrap();
    fs::set_permissions(&draft, fs::Permissions::from_mode(0o755)).unwrap();
    fs::rename(draft, &file).unwrap();
    file
}

fn xtask(cargo: usize, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("test")
        .args(arguments)
        .env("CARGO", cargo_that_runs(cargo))
        .env_remove("CI")
        .output()
        .unwrap()
}

fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

const SUITE: [&str; 4] = ["--adapter", "axum", "--storage", "sqlite-memory"];

#[test]
fn a_name_that_no_test_has_fails_and_the_right_ones_are_told() {
    let filter = ["--filter", "A_User_Is_Lost"];
    let output = xtask(0, &[&SUITE[..], &filter].concat());
    let (stdout, stderr) = texts(&output);
    assert!(!output.status.success(), "{stdout}");
    assert!(stdout.contains("no test of this name"), "{stdout}");
    assert!(stderr.contains("no group and no test is called `A_User_Is_Lost`"), "{stderr}");
    assert!(stderr.contains("groups: format, house rules, lints, "));
    assert!(stderr.contains("test: suite::a_user_is_found"), "{stderr}");
}

#[test]
fn a_name_that_a_test_has_is_what_that_test_says() {
    let output = xtask(1, &[&SUITE[..], &["--filter", "a_user_is_found"]].concat());
    let (stdout, stderr) = texts(&output);
    assert!(output.status.success(), "{stdout} {stderr}");
    assert!(stdout.contains("-- a_user_is_found axum sqlite-memory"), "{stdout}");
    assert!(stdout.contains("1 passed, 0 failed, 0 skipped"), "{stdout}");
}

#[test]
fn a_group_is_called_in_any_case_and_by_a_part_of_its_name() {
    for name in ["format", "FORMAT", "rmat"] {
        let (stdout, _) = texts(&xtask(0, &["--filter", name]));
        assert!(stdout.contains("asked: fmt --all -- --check"), "{name}: {stdout}");
        assert!(stdout.contains("1 passed, 0 failed, 0 skipped"), "{name}: {stdout}");
    }
}

#[test]
fn beside_an_adapter_only_its_suite_is_a_group() {
    // The suite as a whole, and not the format of the sources.
    for filter in [&[][..], &["--filter", "Conformance"]] {
        let (stdout, _) = texts(&xtask(2, &[&SUITE[..], filter].concat()));
        assert!(stdout.contains("asked: test --workspace --test conformance"), "{stdout}");
        assert!(stdout.contains("1 passed, 0 failed, 0 skipped"), "{stdout}");
    }
    let output = xtask(0, &[&SUITE[..], &["--filter", "format"]].concat());
    assert!(!output.status.success());
    assert!(!texts(&output).0.contains("asked: fmt"));
}
