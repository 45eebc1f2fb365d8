//! The program's figures.

use tempfile::TempDir;

use crate::program::{KEY, Program, command};

#[test]
fn figures_stand_behind_the_key() {
    let folder = TempDir::new().unwrap();
    let program = Program::start(command(&folder).env("API_KEYS", KEY));
    for head in [
        "GET /metrics HTTP/1.1".to_owned(),
        format!("GET /metrics HTTP/1.1\r\napi-key: {KEY}0"),
        format!("GET /metrics HTTP/1.1\r\nauthorization: Basic {KEY}"),
    ] {
        let answer = program.ask(&head);
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
        assert!(answer.ends_with("Invalid API key\n") && !answer.contains("cdi_"), "{answer}");
    }
    let answer = program.ask(&format!("GET /metrics HTTP/1.1\r\nauthorization: Bearer {KEY}"));
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains("content-type: text/plain; version=0.0.4"), "{answer}");
    let wrong = program.ask(&format!("POST /metrics HTTP/1.1\r\napi-key: {KEY}"));
    assert!(wrong.starts_with("HTTP/1.1 405 "), "{wrong}");
}

#[test]
fn requests_are_counted_by_operation_and_status_and_their_time_is_measured() {
    let folder = TempDir::new().unwrap();
    let program = Program::start(&mut command(&folder));
    for path in ["/hello", "/hello", "/users", "/users?limit=0", "/a/secret", "/b/secret"] {
        program.ask(&format!("GET {path} HTTP/1.1"));
    }
    let figures = program.ask("GET /metrics HTTP/1.1");
    for (operation, status, count) in [
        ("hello", 200, 2),
        ("list_users", 200, 1),
        ("list_users", 400, 1),
        // No path makes a row of its own: strangers would fill the memory.
        ("unknown", 404, 2),
    ] {
        let line = format!(
            "cdi_requests_total{{operation=\"{operation}\",status=\"{status}\"}} {count}\n"
        );
        assert!(figures.contains(&line), "{line}{figures}");
    }
    assert!(!figures.contains("secret"), "{figures}");
    let seconds = "cdi_request_duration_seconds_count{operation=\"hello\"} 2\n";
    assert!(figures.contains(seconds), "{figures}");
}
