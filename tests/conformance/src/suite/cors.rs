//! A website on another origin than the API: it must be able to read refusals and errors too, or its
//! front end takes them for a failure of the network.

use serde_json::json;

use super::{
    cases,
    support::{EMAIL, PASSWORD, form, with_email_password},
};
use crate::{
    Harness,
    client::{Mode, Reply, Req},
};

cases! {
    "http-cors" => a_website_reads_answers_refusals_and_errors,
    "http-cors" => another_website_reads_nothing,
    "http-cors" => a_preflight_request_is_answered_for_every_path,
}

const WEBSITE: &str = "https://www.example.com";
const STRANGER: &str = "https://www.example.com.evil.example";

/// One request for each way in which it may go wrong, and some that don't.
fn requests() -> Vec<(Req, &'static [u16])> {
    let json = |path: &str, body: &'static str| {
        Req::post(path).header("content-type", "application/json").body(body)
    };
    vec![
        (Req::get("/auth/not-a-route"), &[200]),
        (json("/echo", "{}"), &[200]),
        (Req::get("/nowhere"), &[404]),
        (Req::get("/auth/nowhere"), &[404]),
        (Req::post("/auth/nowhere/else"), &[404]),
        // Some frameworks tell a wrong method from a wrong path.
        (Req::new("DELETE", "/sessioninfo"), &[404, 405]),
        (Req::get("/auth/signin"), &[404, 405]),
        (Req::new("PUT", "/echo"), &[404, 405]),
        (Req::get("/sessioninfo"), &[401]),
        (Req::get("/any-method"), &[401]),
        (Req::post("/auth/signout"), &[401]),
        (json("/auth/signin", "{"), &[400]),
        (json("/auth/signin", "{}"), &[400]),
        (Req::post("/auth/signin").body(vec![b' '; 64 * 1024 + 1]), &[413]),
        (Req::post("/raise/internal"), &[500]),
        (Req::post("/raise/unauthorised"), &[401]),
    ]
}

#[track_caller]
fn expect_vary(reply: &Reply) {
    let vary = reply.header_values("vary").join(",").to_ascii_lowercase();
    let times = vary.split(',').filter(|name| name.trim() == "origin").count();
    assert_eq!(times, 1, "{reply:?}");
}

#[track_caller]
fn expect_readable(reply: &Reply) {
    assert_eq!(reply.header("access-control-allow-origin"), Some(WEBSITE), "{reply:?}");
    assert_eq!(reply.header("access-control-allow-credentials"), Some("true"), "{reply:?}");
    expect_vary(reply);
}

async fn a_website_reads_answers_refusals_and_errors(harness: Harness) {
    let app = harness.start(with_email_password().cors(WEBSITE)).await;
    for (request, statuses) in requests() {
        let reply = app.send(request.clone().header("origin", WEBSITE)).await;
        assert!(statuses.contains(&reply.status), "{request:?}: {reply:?}");
        expect_readable(&reply);
    }
    let mut front_end = app.front_end(Mode::Cookie);
    let sign_up = Req::post("/auth/signup").json(&form(EMAIL, PASSWORD));
    let reply = front_end.send(&app, sign_up.header("origin", WEBSITE)).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
    expect_readable(&reply);
    for (path, body) in
        [("/merge-payload", json!({ "a": 1 })), ("/auth/session/refresh", json!({}))]
    {
        let request = Req::post(path).json(&body).header("origin", WEBSITE);
        let reply = front_end.send(&app, request).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        expect_readable(&reply);
        assert_eq!(reply.exposed(), ["front-token"], "{reply:?}");
    }
}

async fn another_website_reads_nothing(harness: Harness) {
    let app = harness.start(with_email_password().cors(WEBSITE)).await;
    for (request, _) in requests() {
        for origin in [Some(STRANGER), Some("null"), None] {
            let request = match origin {
                Some(origin) => request.clone().header("origin", origin),
                None => request.clone(),
            };
            let mut connection = app.connect().await;
            let reply = connection.send(&request).await;
            let named = reply.header("access-control-allow-origin");
            assert!(named.is_none_or(|named| named == WEBSITE), "{request:?}: {reply:?}");
            expect_vary(&reply);
        }
    }
}

async fn a_preflight_request_is_answered_for_every_path(harness: Harness) {
    let app = harness.start(with_email_password().cors(WEBSITE)).await;
    for path in ["/auth/signin", "/auth/nowhere", "/nowhere", "/sessioninfo", "/any-method"] {
        let preflight = |origin: &str| {
            Req::new("OPTIONS", path)
                .header("origin", origin)
                .header("access-control-request-method", "POST")
                .header("access-control-request-headers", "rid,st-auth-mode,content-type")
        };
        let reply = app.send(preflight(WEBSITE)).await;
        assert!([200, 204].contains(&reply.status), "{path}: {reply:?}");
        expect_readable(&reply);
        let list = |name: &str| reply.header(name).unwrap_or_default().to_ascii_lowercase();
        assert!(list("access-control-allow-methods").contains("post"), "{reply:?}");
        for name in ["rid", "st-auth-mode", "content-type", "fdi-version", "anti-csrf"] {
            assert!(list("access-control-allow-headers").contains(name), "{name}: {reply:?}");
        }
        let reply = app.connect().await.send(&preflight(STRANGER)).await;
        let named = reply.header("access-control-allow-origin");
        assert!(named.is_none_or(|named| named == WEBSITE), "{path}: {reply:?}");
    }
}
