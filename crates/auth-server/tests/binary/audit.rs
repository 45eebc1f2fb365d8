//! `auth-server audit`, beside a server on the same database.

use std::{fs, process::Output};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Program, command};

fn post(program: &Program, path: &str, body: &Value) -> Value {
    let answer = program.ask_with(&format!("POST {path} HTTP/1.1"), &body.to_string());
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

fn audit(folder: &TempDir, arguments: &[&str]) -> Output {
    command(folder).arg("audit").args(arguments).output().unwrap()
}

fn verify(folder: &TempDir, log: &str) -> (Option<i32>, String) {
    let path = |name: &str| folder.path().join(name).display().to_string();
    fs::write(path("log.jsonl"), log).unwrap();
    let output = audit(folder, &["verify", &path("log.jsonl"), "--jwks", &path("jwks.json")]);
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn a_log_is_exported_and_verified_with_the_public_keys_alone() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(&mut command(&folder));
    for name in ["ada", "bob", "eve"] {
        let sign_up = json!({ "email": format!("{name}@example.com"), "password": "password 1" });
        post(&program, "/recipe/signup", &sign_up);
    }
    post(&program, "/recipe/audit/checkpoint", &json!({}));
    let jwks = program.ask("GET /.well-known/jwks.json HTTP/1.1");
    let jwks = jwks.split_once("\r\n\r\n").unwrap().1;
    fs::write(folder.path().join("jwks.json"), jwks).unwrap();
    let exported = audit(&folder, &["export"]);
    assert!(exported.status.success(), "{}", String::from_utf8_lossy(&exported.stderr));
    let log = String::from_utf8(exported.stdout).unwrap();
    let (code, text) = verify(&folder, &log);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.starts_with("public/public: 3 entries, the last is 3, proved up to 3"), "{text}");
    let (code, text) = verify(&folder, &log.replace("bob@", "bot@"));
    assert_eq!(code, Some(1));
    assert!(text.contains("public/public: entry 2 was altered\n"), "{text}");
    let lines: Vec<&str> = log.lines().collect();
    let (code, text) = verify(&folder, &lines[..lines.len() - 1].join("\n"));
    assert_eq!(code, Some(1));
    assert!(text.contains("cut at the end: after entry 2, there were 3"), "{text}");
    fs::write(folder.path().join("jwks.json"), "no keys").unwrap();
    assert_eq!(verify(&folder, &log).0, Some(2));
}
