//! The range API of breached passwords, against a server that behaves as the real one does, and
//! worse.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

#[allow(dead_code)] // a part of it is used here
#[path = "recipes/harness.rs"]
mod harness;
#[path = "shared/log.rs"]
mod log_of_test;

use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use auth_core::recipes::emailpassword::{
    BreachCheck, BreachedPasswords, EmailPasswordRecipe, PwnedPasswordsApi,
};
use harness::{App, EMAIL, PASSWORD, form};
use log_of_test::Log;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tracing::Level;

const OTHER: &str = "011053FD0102E94D6AE2F8B83D76FAF94F6";

/// A server on a loopback socket, and the heads of the requests that it got.
struct Server {
    url: String,
    heads: Arc<Mutex<Vec<String>>>,
}

/// What it answers.
#[derive(Clone)]
enum Does {
    Answer(Vec<u8>),
    /// A head that promises a body, and then nothing.
    Hang,
    /// A list without an end.
    Flood,
    HangUp,
}

fn answer(status: &str, more: &str, body: &str) -> Does {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\n{more}content-length: {length}\r\n\r\n{body}");
    Does::Answer(head.into_bytes())
}

fn list(rows: &[(&str, u64)]) -> Does {
    let rows: Vec<String> =
        rows.iter().map(|(hash, count)| format!("{hash}:{count}\r\n")).collect();
    answer("200 OK", "content-type: text/plain\r\n", &rows.concat())
}

impl Server {
    async fn start(does: Does) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heads: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = Arc::clone(&heads);
        tokio::spawn(async move {
            loop {
                let (mut socket, _) = listener.accept().await.unwrap();
                let (does, seen) = (does.clone(), Arc::clone(&seen));
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") {
                        let Ok(byte) = socket.read_u8().await else { return };
                        head.push(byte);
                    }
                    seen.lock().unwrap().push(String::from_utf8(head).unwrap());
                    let start = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
                    match does {
                        Does::Answer(bytes) => drop(socket.write_all(&bytes).await),
                        Does::HangUp => {}
                        Does::Hang => {
                            drop(socket.write_all(start).await);
                            std::future::pending::<()>().await;
                        }
                        Does::Flood => {
                            drop(socket.write_all(start).await);
                            let row = format!("{OTHER}:1\r\n");
                            let chunk = format!("{:x}\r\n{row}\r\n", row.len());
                            while socket.write_all(chunk.as_bytes()).await.is_ok() {}
                        }
                    }
                });
            }
        });
        Self { url, heads }
    }

    fn api(&self) -> PwnedPasswordsApi {
        PwnedPasswordsApi::at(&self.url).unwrap()
    }
}

/// What the server says about a password that it is asked for.
async fn ask(does: Does, password: &str) -> Result<bool, String> {
    let server = Server::start(does).await;
    let app = App::new().await;
    let api = server.api();
    let answer = api.is_breached(&app.0.context(), &password.into()).await;
    answer.map_err(|error| error.to_string())
}

#[tokio::test]
async fn it_is_told_five_characters_of_a_digest_and_asked_for_padding() {
    let server = Server::start(list(&[(OTHER, 1)])).await;
    let app = App::new().await;
    let api = PwnedPasswordsApi::at(&format!("{}/mirror/", server.url)).unwrap();
    // RFC 3174, section 7.3, its first test: A9993E36…
    assert!(!api.is_breached(&app.0.context(), &"abc".into()).await.unwrap());
    let head = server.heads.lock().unwrap().remove(0);
    assert!(head.starts_with("GET /mirror/range/A9993 HTTP/1.1\r\n"), "{head}");
    let head = head.to_lowercase();
    assert!(head.contains("\r\nadd-padding: true\r\n"), "{head}");
    assert!(head.contains("\r\nuser-agent: auth-core/"), "{head}");
    assert!(!head.contains("a9993e") && !head.contains("e36470"), "{head}");
}

#[tokio::test]
async fn a_row_that_counts_is_a_breach_and_padding_is_none() {
    const ABC: &str = "E364706816ABA3E25717850C26C9CD0D89D";
    let at_least = async |count: u64| {
        let server = Server::start(list(&[(OTHER, 1), (ABC, 7)])).await;
        let app = App::new().await;
        server.api().least_count(count).is_breached(&app.0.context(), &"abc".into()).await.unwrap()
    };
    assert_eq!(ask(list(&[(OTHER, 3), (ABC, 7)]), "abc").await, Ok(true));
    assert_eq!(ask(list(&[(OTHER, 3), (ABC, 0)]), "abc").await, Ok(false), "padding");
    assert_eq!(ask(list(&[(OTHER, 3)]), "abc").await, Ok(false));
    assert!(at_least(7).await);
    assert!(!at_least(8).await);
}

#[tokio::test]
async fn what_is_no_such_list_tells_nothing() {
    let redirect = "location: http://127.0.0.1:1/\r\n";
    for does in [
        answer("200 OK", "", ""),
        answer("200 OK", "", "<html>please sign in</html>"),
        answer("200 OK", "", &format!("{OTHER}:1\r\nnonsense\r\n")),
        answer("301 Moved Permanently", redirect, ""),
        answer("404 Not Found", "", &format!("{OTHER}:1\r\n")),
        answer("429 Too Many Requests", "retry-after: 2\r\n", ""),
        answer("503 Service Unavailable", "", ""),
        Does::Answer(b"SSH-2.0-OpenSSH\r\n".to_vec()),
        Does::HangUp,
        Does::Flood,
    ] {
        let error = ask(does, "abc").await.expect_err("no verdict");
        assert!(error.starts_with("the range API of breached passwords: "), "{error}");
        assert!(!error.to_uppercase().contains("A9993"), "{error}");
    }
}

async fn sign_up(check: BreachCheck) -> Value {
    let app = App::with(EmailPasswordRecipe::new().breached_passwords(check)).await;
    app.post("/auth/signup", &form(EMAIL, PASSWORD)).await.json()
}

#[tokio::test]
async fn a_service_that_hangs_delays_a_sign_up_by_its_time_limit_and_fails_as_it_is_set() {
    let (log, _guard) = Log::of_this_thread(Level::INFO);
    let server = Server::start(Does::Hang).await;
    let check = || BreachCheck::new(server.api()).time_limit(Duration::from_millis(100));
    let start = Instant::now();
    assert_eq!(sign_up(check()).await["status"], "OK");
    let refused = sign_up(check().refuse_when_unknown()).await;
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    let text = "New passwords can't be checked just now. Please try again in a few minutes";
    assert_eq!(refused["formFields"], json!([{ "error": text, "id": "password" }]));
    let text = log.text();
    assert!(text.contains("nobody told in time"), "{text}");
    assert!(!text.contains(PASSWORD), "{text}");
}

#[tokio::test]
async fn a_time_limit_that_makes_no_sense_is_refused_at_the_start() {
    for limit in [Duration::ZERO, Duration::from_secs(31)] {
        let check = BreachCheck::new(PwnedPasswordsApi::new().unwrap()).time_limit(limit);
        let recipe = EmailPasswordRecipe::new().breached_passwords(check);
        let Err(error) = harness::builder().recipe(recipe).build().await else {
            panic!("{limit:?} is taken");
        };
        assert!(error.to_string().contains("emailpassword.breached_passwords"), "{error}");
    }
}
