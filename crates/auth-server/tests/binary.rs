//! The binary as a person starts it.

#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs)]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

fn command(folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_auth-server"));
    command.current_dir(folder.path()).env_clear().stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Starts it and waits until it says where it listens.
fn start(mut command: Command) -> (Child, String) {
    let mut child = command.args(["--port", "0", "--host", "127.0.0.1"]).spawn().unwrap();
    let line = BufReader::new(child.stdout.take().unwrap()).lines().next().unwrap().unwrap();
    let address = line.split_whitespace().nth(3).unwrap().to_owned();
    (child, address)
}

fn ask(address: &str, request: &str) -> String {
    let mut socket = TcpStream::connect(address).unwrap();
    write!(socket, "{request}\r\nhost: core\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    answer
}

fn terminate(mut child: Child) {
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(child.wait().unwrap().success());
}

#[test]
fn it_starts_without_any_setting_counts_its_requests_and_ends_when_told() {
    let folder = TempDir::new().unwrap();
    let (child, address) = start(command(&folder));
    assert!(ask(&address, "GET /hello HTTP/1.1").ends_with("Hello\n"));
    let figures = ask(&address, "GET /metrics HTTP/1.1");
    let line = r#"cdi_requests_total{operation="hello",status="200"} 1"#;
    assert!(figures.contains(line), "{figures}");
    assert!(folder.path().join("auth.db").is_file());
    terminate(child);
}

#[test]
fn it_takes_a_configuration_file_and_keys_from_the_environment() {
    let folder = TempDir::new().unwrap();
    let config = folder.path().join("config.yaml");
    std::fs::write(&config, "core_config_version: 0\ndatabase: 'sqlite::memory:'\n").unwrap();
    let mut command = command(&folder);
    command.arg("--config").arg(&config).env("API_KEYS", "kDsT3bA7xwWmQ0uR5vHy");
    let (child, address) = start(command);
    assert!(ask(&address, "GET /users HTTP/1.1").starts_with("HTTP/1.1 401 "));
    let keyed = "GET /users HTTP/1.1\r\napi-key: kDsT3bA7xwWmQ0uR5vHy";
    assert!(ask(&address, keyed).starts_with("HTTP/1.1 200 "));
    assert!(!folder.path().join("auth.db").exists());
    terminate(child);
}

#[test]
fn a_wrong_setting_ends_it_at_once_and_is_named() {
    let folder = TempDir::new().unwrap();
    let output = command(&folder).env("ACCESS_TOKEN_VALIDITY", "0").output().unwrap();
    assert!(!output.status.success());
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("`access_token_validity`: it is `0`"), "{text}");
}
