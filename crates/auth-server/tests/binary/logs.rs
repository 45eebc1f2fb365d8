//! What is logged, and where (CDI §7, `log_level`, `info_log_path`, `error_log_path`).

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{KEY, Program, Written, command, refusal};

/// What a run writes that answers one request and has been told something without effect.
fn run(variables: &[(&str, &str)]) -> (Written, TempDir) {
    let folder = TempDir::new().unwrap();
    let written = run_in(&folder, variables);
    (written, folder)
}

fn run_in(folder: &TempDir, variables: &[(&str, &str)]) -> Written {
    let mut command = command(folder);
    command.env("BCRYPT_LOG_ROUNDS", "11").envs(variables.iter().copied());
    let program = Program::start(&mut command);
    assert!(program.ask("GET /hello HTTP/1.1").ends_with("Hello\n"));
    program.end()
}

const NOTE: &str = "answered";
const WARNING: &str = "the setting `bcrypt_log_rounds` has no effect";

#[test]
fn notes_go_to_standard_output_and_warnings_to_standard_error() {
    let (written, _) = run(&[]);
    assert!(written.output.contains(NOTE) && !written.output.contains(WARNING));
    assert!(written.error.contains(WARNING) && !written.error.contains(NOTE));
}

#[test]
fn cdi_7_the_level_decides_what_is_logged() {
    for (level, has_notes, has_warnings) in [
        ("NONE", false, false),
        ("ERROR", false, false),
        ("WARN", false, true),
        ("INFO", true, true),
        ("DEBUG", true, true),
        ("info", true, true),
    ] {
        let (written, _) = run(&[("LOG_LEVEL", level)]);
        assert_eq!(written.output.contains(NOTE), has_notes, "{level}: {}", written.output);
        assert_eq!(written.error.contains(WARNING), has_warnings, "{level}: {}", written.error);
        if level == "NONE" {
            assert_eq!((written.output.as_str(), written.error.as_str()), ("", ""));
        }
    }
}

#[test]
fn cdi_7_each_log_goes_to_its_file_and_a_restart_adds_to_it() {
    let folder = TempDir::new().unwrap();
    let paths = [("INFO_LOG_PATH", "info.log"), ("ERROR_LOG_PATH", "error.log")];
    for runs in 1..=2 {
        let written = run_in(&folder, &paths);
        assert_eq!((written.output.as_str(), written.error.as_str()), ("", ""));
        let info = fs::read_to_string(folder.path().join("info.log")).unwrap();
        let error = fs::read_to_string(folder.path().join("error.log")).unwrap();
        assert_eq!(info.matches(NOTE).count(), runs, "{info}");
        assert_eq!(error.matches(WARNING).count(), runs, "{error}");
        assert!(!info.contains(WARNING) && !error.contains(NOTE));
    }
}

#[test]
fn cdi_7_null_is_the_terminal() {
    let (written, folder) = run(&[("INFO_LOG_PATH", "null"), ("ERROR_LOG_PATH", "error.log")]);
    assert!(written.output.contains(NOTE));
    assert_eq!(written.error, "");
    assert!(!folder.path().join("null").exists());
}

#[test]
fn cdi_7_a_log_that_can_not_be_written_ends_it_at_once_and_is_named() {
    let folder = TempDir::new().unwrap();
    for (setting, variable) in
        [("info_log_path", "INFO_LOG_PATH"), ("error_log_path", "ERROR_LOG_PATH")]
    {
        for path in ["missing/auth.log", "."] {
            let text = refusal(command(&folder).env(variable, path));
            assert!(text.starts_with(&format!("`{setting}`: {path} can't be written (")), "{text}");
            assert!(text.contains("; expected a file in a folder that is there"), "{text}");
        }
    }
}

#[test]
fn cdi_9_3_structured_logs_are_json_lines() {
    let (written, _) = run(&[("USE_STRUCTURED_LOGGING", "true")]);
    let lines: Vec<Value> =
        written.output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let answered = lines.iter().find(|line| line["message"] == NOTE).unwrap();
    assert_eq!(answered["level"], "INFO");
    assert_eq!(answered["operation"], "hello");
    assert_eq!(answered["method"], "GET");
    assert_eq!(answered["path"], "/hello");
    assert_eq!(answered["status"], 200);
    assert!(answered["duration_ms"].as_f64().unwrap() > 0.0);
    assert!(answered["timestamp"].as_str().unwrap().ends_with('Z'));
}

#[test]
fn no_log_holds_keys_passwords_or_what_is_asked_about() {
    let folder = TempDir::new().unwrap();
    let mut command = command(&folder);
    command.env("LOG_LEVEL", "DEBUG").env("API_KEYS", KEY);
    let program = Program::start(&mut command);
    let sign_up = json!({ "email": "ada@example.com", "password": "hunter2-hunter2" }).to_string();
    for path in ["/recipe/signup", "/recipe/signin", "/recipe/signin?password=hunter2"] {
        let head = format!("POST {path} HTTP/1.1\r\nauthorization: Bearer {KEY}");
        assert!(program.ask_with(&head, &sign_up).starts_with("HTTP/1.1 200 "));
    }
    let by_email = "/users/by-accountinfo?doUnionOfAccountInfo=true&email=ada@example.com";
    for key in [KEY, "kDsT3bA7xwWmQ0uR5vHz"] {
        program.ask(&format!("GET {by_email} HTTP/1.1\r\napi-key: {key}"));
    }
    program.ask_with(&format!("POST /recipe/signin HTTP/1.1\r\napi-key: {KEY}"), "hunter2");
    let written = program.end();
    let log = format!("{}{}", written.output, written.error);
    assert!(log.contains("sign_in") && log.contains("Invalid API key"), "{log}");
    for secret in ["kDsT", "hunter2", "ada@"] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}
