//! What a page of another site makes a browser send with its cookies.

use auth_core::recipes::session::AllowedTransferMethod;
use serde_json::json;

use super::{
    cases,
    support::{EMAIL, PASSWORD, form, sign_up, start_email_password, with_email_password},
};
use crate::{
    Harness,
    client::{Mode, Req},
};

cases! {
    "http-forged" => a_page_of_another_origin_changes_nothing,
    "http-forged" => a_page_of_another_origin_signs_nobody_in,
    "http-forged" => a_form_s_content_type_is_not_taken_where_a_cookie_speaks,
    "http-forged" => without_cookies_no_origin_matters,
}

/// What browsers say about pages of others.
fn foreign() -> Vec<Vec<(&'static str, &'static str)>> {
    vec![
        vec![("origin", "https://evil.example.org"), ("sec-fetch-site", "cross-site")],
        vec![("origin", "https://sibling.example.com"), ("sec-fetch-site", "same-site")],
        vec![("origin", "https://sibling.example.com")],
        vec![("origin", "http://www.example.com")],
        vec![("origin", "null")],
        vec![("sec-fetch-site", "cross-site")],
        vec![("sec-fetch-site", "same-site")],
    ]
}

/// What they say about the application's own, and what other clients say.
fn own() -> Vec<Vec<(&'static str, &'static str)>> {
    vec![
        vec![],
        vec![("origin", "https://www.example.com"), ("sec-fetch-site", "same-site")],
        vec![("origin", "https://api.example.com"), ("sec-fetch-site", "same-origin")],
        vec![("sec-fetch-site", "same-origin")],
    ]
}

fn with(request: Req, headers: &[(&str, &'static str)]) -> Req {
    headers.iter().fold(request, |request, (name, value)| request.header(name, *value))
}

async fn a_page_of_another_origin_changes_nothing(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = app.sign_in(Mode::Cookie).await;
    for headers in foreign() {
        for path in ["/sessioninfo", "/session-optional", "/auth/signout", "/auth/session/refresh"]
        {
            let request = front_end.prepare(Req::post(path));
            let reply = app.send(with(request, &headers)).await;
            let text = "the request comes from a page of an unknown origin";
            reply.expect_message(403, text);
            reply.expect_tokens_untouched();
        }
        let request = front_end.with_tokens(Req::get("/sessioninfo"));
        assert_eq!(app.send(with(request, &headers)).await.status, 200);
    }
    for headers in own() {
        let mut front_end = app.sign_in(Mode::Cookie).await;
        for path in ["/sessioninfo", "/auth/session/refresh", "/auth/signout"] {
            let request = front_end.prepare(Req::post(path));
            let reply = app.send(with(request, &headers)).await;
            assert_eq!(reply.status, 200, "{headers:?} {reply:?}");
            front_end.keep(&reply);
        }
    }
}

async fn a_page_of_another_origin_signs_nobody_in(harness: Harness) {
    let setup = with_email_password()
        .session(|session| session.get_token_transfer_method(|_, _| AllowedTransferMethod::Cookie));
    let app = harness.start(setup).await;
    let sign_up = Req::post("/auth/signup").json(&form(EMAIL, PASSWORD));
    assert_eq!(app.send(sign_up).await.json()["status"], "OK");
    let body = form(EMAIL, PASSWORD).to_string();
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
        let request = Req::post("/auth/signin").header("content-type", content_type);
        let reply = app.send(request.body(body.as_str())).await;
        assert_eq!(reply.status, 403, "{reply:?}");
        reply.expect_tokens_untouched();
    }
    let reply = app.send(Req::post("/auth/signin").body(body.as_str())).await;
    assert_eq!(reply.status, 403, "a body without a type: {reply:?}");
    for headers in foreign() {
        for path in ["/auth/signin", "/create-session"] {
            let request = Req::post(path).json(&form(EMAIL, PASSWORD)).header("rid", "x");
            let reply = app.send(with(request, &headers)).await;
            assert_eq!(reply.status, 403, "{path} {headers:?} {reply:?}");
            reply.expect_tokens_untouched();
        }
    }
    for headers in own() {
        let request = Req::post("/auth/signin").json(&form(EMAIL, PASSWORD));
        let reply = app.send(with(request, &headers)).await;
        assert_eq!(reply.json()["status"], "OK", "{headers:?} {reply:?}");
        assert!(reply.cookies().iter().all(|cookie| !cookie.is_cleared()));
    }
}

async fn a_form_s_content_type_is_not_taken_where_a_cookie_speaks(harness: Harness) {
    let app = start_email_password(&harness).await;
    let (front_end, _) = sign_up(&app, Mode::Cookie, "/auth/signup").await;
    for content_type in [
        "text/plain",
        "text/plain; charset=application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ] {
        for body in ["", "{}", "x={}"] {
            let request = front_end.with_tokens(Req::post("/auth/signout"));
            let request = request.header("content-type", content_type).body(body);
            let reply = app.send(request).await;
            assert_eq!(reply.status, 403, "{reply:?}");
            reply.expect_tokens_untouched();
        }
    }
    let request = front_end.with_tokens(Req::post("/auth/signout")).json(&json!({}));
    app.send(request).await.expect(200, &json!({ "status": "OK" }));
}

async fn without_cookies_no_origin_matters(harness: Harness) {
    let app = start_email_password(&harness).await;
    let (front_end, _) = sign_up(&app, Mode::Header, "/auth/signup").await;
    for headers in foreign() {
        let request = Req::post("/auth/signin").json(&form(EMAIL, PASSWORD));
        assert_eq!(app.send(with(request, &headers)).await.json()["status"], "OK");
        let request = front_end.with_tokens(Req::post("/sessioninfo"));
        assert_eq!(app.send(with(request, &headers)).await.status, 200);
    }
}
