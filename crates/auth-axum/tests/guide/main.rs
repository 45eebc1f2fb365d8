//! The guide's program, as somebody uses it who has copied it.

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

/// As the guide shows it, its `main` included.
#[allow(dead_code)]
mod program {
    include!("program.rs");

    pub(super) async fn start() -> Router {
        app().await.unwrap()
    }
}

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use auth_core::{
    AppInfo, Auth, GetUserCountInput, core::EngineConfig,
    recipes::emailpassword::EmailPasswordRecipe,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use serde_json::{Value, json};
use tower::ServiceExt;

const NUMBER: &str = "+12025550123";
const CODE: &str = "/auth/signinup/code";
const CONSUME: &str = "/auth/signinup/code/consume";

/// What the program has written to its log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// The messages so far: the number of each, and its code.
    fn messages(&self) -> Vec<(String, String)> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        let field = |line: &str, name: &str| {
            let rest = line.split(&format!("{name}=\"")).nth(1)?;
            rest.split('"').next().map(str::to_owned)
        };
        text.lines().filter_map(|line| Some((field(line, " to")?, field(line, " code")?))).collect()
    }

    /// The `n`th message, which is sent after the answer.
    async fn message(&self, n: usize) -> (String, String) {
        for _ in 0..500 {
            if let Some(message) = self.messages().get(n) {
                return message.clone();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("no message was sent");
    }
}

/// Somebody with a cookie jar.
struct Visitor<'a> {
    app: &'a Router,
    cookies: Vec<(String, String)>,
}

impl<'a> Visitor<'a> {
    fn new(app: &'a Router) -> Self {
        Self { app, cookies: Vec::new() }
    }

    async fn send(
        &mut self,
        method: &str,
        path: &str,
        more: &[(&str, &str)],
        body: Body,
    ) -> (StatusCode, String) {
        let pairs: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::COOKIE, pairs.join("; "))
            .header("rid", "anti-csrf");
        let request = more.iter().fold(request, |it, (name, value)| it.header(*name, *value));
        let answer = self.app.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = answer.into_parts();
        self.keep(&parts.headers);
        let body = to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, String::from_utf8(body.to_vec()).unwrap())
    }

    /// Keeps the cookies of an answer, or lets them go.
    fn keep(&mut self, headers: &HeaderMap) {
        for line in headers.get_all(header::SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.retain(|(kept, _)| kept != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    async fn post(&mut self, path: &str, body: &Value) -> Value {
        let answer = self.send("POST", path, &[], Body::from(body.to_string())).await;
        serde_json::from_str(&answer.1).unwrap()
    }

    /// Signs up or in with cookies.
    async fn enter(&mut self, path: &str, fields: &Value) -> Value {
        let body = Body::from(json!({ "formFields": fields }).to_string());
        let answer = self.send("POST", path, &[("st-auth-mode", "cookie")], body).await;
        let answer: Value = serde_json::from_str(&answer.1).unwrap();
        assert_eq!(answer["status"], "OK", "{answer}");
        answer["user"].clone()
    }

    async fn vault(&mut self) -> StatusCode {
        self.send("GET", "/vault", &[], Body::empty()).await.0
    }
}

fn proof(device: &Value, code: &str) -> Value {
    json!({
        "deviceId": device["deviceId"],
        "preAuthSessionId": device["preAuthSessionId"],
        "userInputCode": code,
    })
}

#[test]
fn the_guide_shows_this_program() {
    let (page, program) =
        (include_str!("../../../auth-core/docs/guide.md"), include_str!("program.rs"));
    let is_shown = page.contains(&format!("```rust,no_run\n{program}```\n"));
    assert!(is_shown, "crates/auth-core/docs/guide.md differs from tests/guide/program.rs");
    assert!(program.lines().count() <= 170, "it grows too long to be read at once");
}

#[tokio::test]
async fn one_person_is_one_user_who_completes_the_second_factor_in_the_session_that_asked() {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).init();
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("guide");
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).unwrap();
    std::env::set_current_dir(&folder).unwrap();
    let app = program::start().await;

    let mut ada = Visitor::new(&app);
    let credentials = [
        json!({ "id": "email", "value": "ada@example.com" }),
        json!({ "id": "password", "value": "correct horse 1" }),
    ];
    let [email, password] = &credentials;
    let number = json!({ "id": "phoneNumber", "value": NUMBER });
    let user = ada.enter("/auth/signup", &json!([email, number, password])).await;
    assert_eq!(ada.vault().await, StatusCode::FORBIDDEN);

    // Without a session nothing is sent, and within one only to the number on record.
    let elsewhere = json!({ "phoneNumber": "+12025559999" });
    let mut stranger = Visitor::new(&app);
    let refused = stranger.send("POST", CODE, &[], Body::from(elsewhere.to_string())).await;
    assert_eq!(refused.0, StatusCode::UNAUTHORIZED);
    let device = ada.post(CODE, &elsewhere).await;
    assert_eq!(device["status"], "OK", "{device}");
    let (to, code) = log.message(0).await;
    assert_eq!((to.as_str(), log.messages().len()), (NUMBER, 1));

    // The code is of no use to anybody else, nor to another session of the same user.
    let right = proof(&device, &code);
    let refused = stranger.send("POST", CONSUME, &[], Body::from(right.to_string())).await;
    assert_eq!(refused.0, StatusCode::UNAUTHORIZED);
    let mut elsewhere = Visitor::new(&app);
    elsewhere.enter("/auth/signin", &json!(credentials)).await;
    let restart = json!({ "status": "RESTART_FLOW_ERROR" });
    assert_eq!(elsewhere.post(CONSUME, &right).await, restart);
    let wrong = proof(&device, if code == "000000" { "111111" } else { "000000" });
    assert_eq!(ada.post(CONSUME, &wrong).await["status"], "INCORRECT_USER_INPUT_CODE_ERROR");
    assert_eq!(ada.vault().await, StatusCode::FORBIDDEN);

    // A client that doesn't say how its tokens travel keeps its cookies.
    let answer = ada.post(CONSUME, &right).await;
    assert_eq!(answer["status"], "OK", "{answer}");
    assert_eq!(
        (&answer["user"]["id"], &answer["createdNewRecipeUser"]),
        (&user["id"], &json!(false))
    );
    assert_eq!(ada.vault().await, StatusCode::OK);
    assert_eq!(elsewhere.vault().await, StatusCode::FORBIDDEN);
    assert_eq!(ada.post(CONSUME, &right).await, restart);
    // Tokens that are refreshed say the same.
    assert_eq!(
        ada.send("POST", "/auth/session/refresh", &[], Body::empty()).await.0,
        StatusCode::OK
    );
    assert_eq!(ada.vault().await, StatusCode::OK);

    // Who gave no number, like those who come by Google, gives one with the first code, and can't change it.
    let mut grace = Visitor::new(&app);
    let email = json!({ "id": "email", "value": "grace@example.com" });
    grace.enter("/auth/signup", &json!([email, password])).await;
    let theirs = "+12025550177";
    for asked in [theirs, "+12025559999"] {
        assert_eq!(grace.post(CODE, &json!({ "phoneNumber": asked })).await["status"], "OK");
    }
    for n in [1, 2] {
        assert_eq!(log.message(n).await.0, theirs);
    }
    // Google is asked where it is, which this machine may not be able to; others aren't there.
    let nobody = "thirdPartyId=nobody&redirectURIOnProviderDashboard=http://localhost:3001/back";
    let refused =
        grace.send("GET", &format!("/auth/authorisationurl?{nobody}"), &[], Body::empty()).await;
    assert_eq!(refused.0, StatusCode::BAD_REQUEST, "{}", refused.1);

    // One person, one user, one login method.
    assert_eq!(answer["user"]["loginMethods"].as_array().map(Vec::len), Some(1));
    let info = AppInfo::new("My app", "http://localhost:3001", "http://localhost:3001");
    let database = EngineConfig::sqlite_file("auth.db");
    let auth = Auth::builder(info).core(database).recipe(EmailPasswordRecipe::new());
    let auth =
        auth.recipe(auth_core::recipes::session::SessionRecipe::new()).build().await.unwrap();
    assert_eq!(auth.get_user_count(GetUserCountInput::new()).await.unwrap(), 2);
    let user_id = user["id"].as_str().unwrap().into();
    assert_eq!(auth.get_user(&user_id).await.unwrap().unwrap().login_methods.len(), 1);
}
