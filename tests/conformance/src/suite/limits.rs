//! Guessing, and who is kept from it.

use serde_json::{Value, json};

use super::{
    cases,
    support::{EMAIL, PASSWORD, attributes, form, sign_up, start_email_password},
};
use crate::{
    App, Harness,
    client::{Mode, Reply, Req},
};

cases! {
    "ext-limits" => who_guesses_a_password_too_often_is_told_when_to_try_again,
    "ext-limits" => an_address_without_an_account_is_limited_as_one_with,
    "ext-limits" => a_device_that_signed_in_before_is_no_stranger_s,
    "ext-limits" => a_right_password_gives_back_what_it_took_and_nothing_else,
    "ext-limits" => who_guesses_the_current_password_in_a_session_is_told_when_to_try_again,
    "ext-limits" => a_device_s_token_is_no_access_token_and_helps_no_other_account,
}

/// How many passwords are judged at once, from devices that aren't known.
const MOST: usize = 10;

const COOKIE: &str = "sKnownDevice";
const HEADER: &str = "st-known-device";

fn too_many(message: &str) -> Value {
    json!({ "status": "GENERAL_ERROR", "message": format!("Too many attempts. Please try again in {message}.") })
}

async fn sign_in(app: &App, email: &str, password: &str) -> Reply {
    app.send(Req::post("/auth/signin").json(&form(email, password))).await
}

async fn guess(app: &App, email: &str) {
    for _ in 0..MOST {
        let reply = sign_in(app, email, "wrong password 1").await;
        reply.expect(200, &json!({ "status": "WRONG_CREDENTIALS_ERROR" }));
    }
}

async fn who_guesses_a_password_too_often_is_told_when_to_try_again(harness: Harness) {
    let app = start_email_password(&harness).await;
    sign_up(&app, Mode::Header, "/auth/signup").await;
    guess(&app, EMAIL).await;
    // The right one isn't looked at either, in whichever letters the address is.
    for (email, password) in [(EMAIL, "wrong"), (" ADA@example.com ", PASSWORD)] {
        let reply = sign_in(&app, email, password).await;
        reply.expect(429, &too_many("15 minutes"));
        assert_eq!(reply.header("retry-after"), Some("900"));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert!(reply.cookies().is_empty());
    }
    app.advance_secs(899);
    let reply = sign_in(&app, EMAIL, PASSWORD).await;
    reply.expect(429, &too_many("a minute"));
    assert_eq!(reply.header("retry-after"), Some("1"));
    app.advance_secs(1);
    assert_eq!(sign_in(&app, EMAIL, PASSWORD).await.json()["status"], "OK");
    // A form that isn't one is no guess.
    for _ in 0..2 * MOST {
        let reply = sign_in(&app, "no address", "x").await;
        assert_eq!(reply.json()["status"], "FIELD_ERROR", "{reply:?}");
    }
}

async fn an_address_without_an_account_is_limited_as_one_with(harness: Harness) {
    let app = start_email_password(&harness).await;
    guess(&app, "nobody@example.com").await;
    sign_in(&app, "nobody@example.com", PASSWORD).await.expect(429, &too_many("15 minutes"));
    // Nobody else has to wait.
    sign_up(&app, Mode::Header, "/auth/signup").await;
    assert_eq!(sign_in(&app, EMAIL, PASSWORD).await.json()["status"], "OK");
}

async fn a_device_that_signed_in_before_is_no_stranger_s(harness: Harness) {
    let app = start_email_password(&harness).await;
    let (mut browser, reply) = sign_up(&app, Mode::Cookie, "/auth/signup").await;
    let cookies = reply.cookies();
    let device = cookies.iter().find(|cookie| cookie.name == COOKIE).expect("a cookie");
    let expected = (Some("/auth"), None, Some("lax"), true, true);
    assert_eq!(attributes(device), expected);
    let request = Req::post("/auth/signin").json(&form(EMAIL, PASSWORD));
    let reply = app.send(request.clone().header("st-auth-mode", "header")).await;
    let token = reply.header(HEADER).expect("a token").to_owned();
    assert!(reply.exposed().contains(&HEADER));
    guess(&app, EMAIL).await;
    assert_eq!(app.send(request.clone()).await.status, 429);
    // Whoever guesses, the owner signs in at once, and is given no further token.
    for _ in 0..3 * MOST {
        let reply = browser.send(&app, request.clone()).await;
        assert_eq!(reply.json()["status"], "OK", "{reply:?}");
        assert!(reply.cookies().iter().all(|cookie| cookie.name != COOKIE));
    }
    let by_header = |password| {
        app.send(Req::post("/auth/signin").json(&form(EMAIL, password)).header(HEADER, &*token))
    };
    assert_eq!(by_header(PASSWORD).await.json()["status"], "OK");
    // It has a budget of its own.
    for _ in 0..MOST {
        assert_eq!(by_header("wrong").await.json()["status"], "WRONG_CREDENTIALS_ERROR");
    }
    by_header(PASSWORD).await.expect(429, &too_many("10 minutes"));
    assert_eq!(browser.send(&app, request).await.json()["status"], "OK");
    // A month later it is given anew, as the same.
    app.advance_secs(31 * 24 * 3600);
    let reply = by_header(PASSWORD).await;
    let renewed = reply.header(HEADER).expect("a token").to_owned();
    assert_ne!(renewed, token);
    let reply = app
        .send(Req::post("/auth/signin").json(&form(EMAIL, PASSWORD)).header(HEADER, &*renewed))
        .await;
    assert_eq!((reply.status, reply.header(HEADER)), (200, None));
}

async fn a_right_password_gives_back_what_it_took_and_nothing_else(harness: Harness) {
    let app = start_email_password(&harness).await;
    sign_up(&app, Mode::Header, "/auth/signup").await;
    for _ in 0..MOST - 1 {
        sign_in(&app, EMAIL, "wrong").await;
    }
    for _ in 0..3 {
        assert_eq!(sign_in(&app, EMAIL, PASSWORD).await.json()["status"], "OK");
    }
    sign_in(&app, EMAIL, "wrong")
        .await
        .expect(200, &json!({ "status": "WRONG_CREDENTIALS_ERROR" }));
    assert_eq!(sign_in(&app, EMAIL, PASSWORD).await.status, 429);
}

async fn who_guesses_the_current_password_in_a_session_is_told_when_to_try_again(harness: Harness) {
    let app = start_email_password(&harness).await;
    let mut ada = sign_up(&app, Mode::Header, "/auth/signup").await.0;
    let mut bob = app.front_end(Mode::Header);
    let request = Req::post("/auth/signup").json(&form("bob@example.com", PASSWORD));
    assert_eq!(bob.send(&app, request).await.json()["status"], "OK");
    let change = |current: &str| {
        let body = json!({ "currentPassword": current, "newPassword": "battery staple 2" });
        Req::post("/auth/user/password/change").json(&body)
    };
    for _ in 0..MOST {
        let reply = ada.send(&app, change("wrong password 1")).await;
        reply.expect(200, &json!({ "status": "WRONG_CREDENTIALS_ERROR" }));
    }
    // The right one isn't looked at either.
    for current in ["wrong password 1", PASSWORD] {
        let reply = ada.send(&app, change(current)).await;
        reply.expect(429, &too_many("15 minutes"));
        assert_eq!(reply.header("retry-after"), Some("900"));
        reply.expect_tokens_untouched();
    }
    // The password is what it was, and whoever knows it signs in; but another session of the user
    // is no way around.
    let mut elsewhere = app.front_end(Mode::Header);
    let request = Req::post("/auth/signin").json(&form(EMAIL, PASSWORD));
    assert_eq!(elsewhere.send(&app, request).await.json()["status"], "OK");
    elsewhere.send(&app, change(PASSWORD)).await.expect(429, &too_many("15 minutes"));
    // Nobody else has to wait.
    bob.send(&app, change(PASSWORD)).await.expect(200, &json!({ "status": "OK" }));
    app.advance_secs(899);
    let reply = ada.send(&app, change(PASSWORD)).await;
    assert_eq!((reply.status, reply.header("retry-after")), (429, Some("1")));
    app.advance_secs(1);
    ada.send(&app, change(PASSWORD)).await.expect(200, &json!({ "status": "OK" }));
}

async fn a_device_s_token_is_no_access_token_and_helps_no_other_account(harness: Harness) {
    let app = start_email_password(&harness).await;
    let (_, reply) = sign_up(&app, Mode::Header, "/auth/signup").await;
    let bob = form("bob@example.com", PASSWORD);
    let of_ada = reply.header(HEADER).expect("a token").to_owned();
    let reply = app.send(Req::get("/session-check-db").bearer(&of_ada)).await;
    assert_eq!(reply.status, 401, "{reply:?}");
    let reply = app.send(Req::post("/auth/signup").json(&bob)).await;
    let of_bob = reply.header(HEADER).expect("a token").to_owned();
    guess(&app, EMAIL).await;
    let mut forged = of_ada.clone();
    forged.pop();
    forged.push(if of_ada.ends_with('A') { 'Q' } else { 'A' });
    let access = reply.header("st-access-token").expect("a token").to_owned();
    let long = "x".repeat(5000);
    for token in [&*of_bob, &forged, &access, "", "a.b.c", "\u{e9}", &long] {
        let request = Req::post("/auth/signin").json(&form(EMAIL, PASSWORD)).header(HEADER, token);
        assert_eq!(app.send(request).await.status, 429, "{token}");
        let cookie = format!("{COOKIE}={token}");
        let request = Req::post("/auth/signin").json(&form(EMAIL, PASSWORD)).cookie(cookie);
        assert_eq!(app.send(request).await.status, 429, "{token}");
    }
    let request = Req::post("/auth/signin").json(&form(EMAIL, PASSWORD)).header(HEADER, &*of_ada);
    assert_eq!(app.send(request).await.json()["status"], "OK");
    app.advance_secs(400 * 24 * 3600 + 1);
    guess(&app, EMAIL).await;
    let request = Req::post("/auth/signin").json(&form(EMAIL, PASSWORD)).header(HEADER, &*of_ada);
    assert_eq!(app.send(request).await.status, 429, "it has expired");
}
