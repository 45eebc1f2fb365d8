//! `auth-server keys`, beside a server on the same database.

use std::{
    process::Output,
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Program, command};

/// What a server does with a JSON body.
fn post(program: &Program, path: &str, body: &Value) -> Value {
    let answer = program.ask_with(&format!("POST {path} HTTP/1.1"), &body.to_string());
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

/// A session's access token.
fn token(program: &Program) -> Value {
    let session = json!({
        "userId": "ada", "userDataInJWT": {}, "userDataInDatabase": {}, "enableAntiCsrf": false,
        "useDynamicSigningKey": true,
    });
    post(program, "/recipe/session", &session)["accessToken"]["token"].clone()
}

fn verdict(program: &Program, token: &Value) -> Value {
    let question = json!({
        "accessToken": token, "enableAntiCsrf": false, "doAntiCsrfCheck": false, "checkDatabase": false,
    });
    post(program, "/recipe/session/verify", &question)["status"].clone()
}

fn keys(folder: &TempDir, arguments: &[&str]) -> Output {
    command(folder).arg("keys").args(arguments).output().unwrap()
}

fn told(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    String::from_utf8(output.stdout).unwrap()
}

fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let text = String::from_utf8_lossy(&output.stderr);
    text.strip_prefix("auth-server: ").unwrap().to_owned()
}

/// The keys as columns: id, algorithm, time, state.
fn list(folder: &TempDir) -> Vec<[String; 4]> {
    let text = told(keys(folder, &["list"]));
    let columns =
        |line: &str| -> Vec<String> { line.split_whitespace().map(str::to_owned).collect() };
    text.lines().map(|line| columns(line).try_into().unwrap()).collect()
}

fn state(folder: &TempDir, kid: &str) -> String {
    list(folder).into_iter().find(|row| row[0] == kid).unwrap()[3].clone()
}

#[test]
fn a_key_that_is_revoked_on_the_command_line_verifies_nothing_in_a_server_that_runs() {
    let folder = TempDir::new().unwrap();
    let program = Program::start(&mut command(&folder));
    let token = token(&program);
    assert_eq!(verdict(&program, &token), "OK");
    let [kid, algorithm, made, state_now] =
        list(&folder).into_iter().find(|row| row[0].starts_with("d-")).unwrap();
    assert_eq!((algorithm.as_str(), state_now.as_str()), ("RS256", "active"));
    assert!(made.starts_with("20") && made.ends_with('Z'), "{made}");

    let said = told(keys(&folder, &["retire", &kid]));
    assert_eq!(
        said,
        format!("{kid} signs nothing any more; running servers follow within seconds\n")
    );
    assert_eq!(state(&folder, &kid), "retired");
    assert_eq!(verdict(&program, &token), "OK", "what it has signed is good");

    let said = told(keys(&folder, &["revoke", &kid]));
    assert!(said.starts_with(&format!("{kid} neither signs nor verifies any more")), "{said}");
    assert_eq!(state(&folder, &kid), "revoked");
    let start = Instant::now();
    while verdict(&program, &token) != "TRY_REFRESH_TOKEN" {
        assert!(start.elapsed() < Duration::from_secs(20), "the server doesn't follow");
        thread::sleep(Duration::from_millis(100));
    }
    let fresh = self::token(&program);
    assert_eq!(verdict(&program, &fresh), "OK", "another key took its place");
}

#[test]
fn a_key_that_is_not_there_is_told_and_nothing_is_made() {
    let folder = TempDir::new().unwrap();
    drop(Program::start(&mut command(&folder)));
    for what in ["retire", "revoke"] {
        let text = refused(&keys(&folder, &[what, "d-1"]));
        assert_eq!(text, "there is no key `d-1`; `auth-server keys list` shows them\n");
    }
    let empty = TempDir::new().unwrap();
    let text = refused(&keys(&empty, &["list", "--database", "sqlite:typo.db"]));
    assert_eq!(text, "`database`: there is no file typo.db\n");
    assert_eq!(std::fs::read_dir(empty.path()).unwrap().count(), 0);
    let text = refused(&keys(&empty, &["list", "--database", "sqlite::memory:"]));
    assert!(text.contains("POST /recipe/jwt/keys/revoke"), "{text}");
}

#[test]
fn the_database_is_the_one_that_the_settings_name() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("config.yaml"), "database: 'sqlite:named.db'\n").unwrap();
    let program = Program::start(command(&folder).args(["--config", "config.yaml"]));
    token(&program);
    let by_file = told(keys(&folder, &["list", "--config", "config.yaml"]));
    let by_flag = told(keys(&folder, &["--database", "sqlite:named.db", "list"]));
    let by_environment = command(&folder)
        .env("AUTH_SERVER_DATABASE", "sqlite:named.db")
        .args(["keys", "list"])
        .output()
        .unwrap();
    assert_eq!(by_file, by_flag);
    assert_eq!(by_file, told(by_environment));
    assert!(by_file.lines().count() >= 1 && by_file.contains("active"), "{by_file}");
}
