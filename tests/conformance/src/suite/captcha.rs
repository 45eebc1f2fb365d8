//! A captcha in front of sign-in, by a proof of work that the case does as a page would.

use std::{fmt::Write as _, time::Duration};

use auth_core::{
    captcha::{Altcha, CaptchaConfig, CaptchaWhen},
    limits::Action,
    recipes::emailpassword::EmailPasswordRecipe,
};
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::{
    cases,
    support::{EMAIL, PASSWORD, form, sign_up},
};
use crate::{
    App, Harness, Setup,
    client::{Mode, Reply, Req},
};

cases! {
    "ext-captcha" => who_solves_the_challenge_signs_in_and_a_solution_is_good_once,
    "ext-captcha" => of_many_uses_of_a_solution_at_once_one_is_good,
    "ext-captcha" => what_is_no_solution_is_refused_before_anything_is_judged,
    "ext-captcha" => people_are_let_be_until_half_of_the_guesses_are_made,
    "ext-captcha" => a_page_of_another_origin_may_send_a_solution,
}

const KEY: &str = "the conformance suite's own key, of no use elsewhere";

fn with_captcha(when: CaptchaWhen) -> Setup {
    Setup::new().recipes(move |builder| {
        let altcha = Altcha::new(KEY).max_number(1_000).lifetime(Duration::from_secs(300));
        builder
            .recipe(EmailPasswordRecipe::new())
            .captcha(CaptchaConfig::new(altcha).on(Action::SignIn, when))
    })
}

/// A challenge, as a page gets it.
async fn challenge(app: &App) -> Value {
    let reply = app.send(Req::get("/auth/captcha/challenge")).await;
    assert_eq!((reply.status, reply.header("cache-control")), (200, Some("no-store")), "{reply:?}");
    reply.json()
}

fn sha256_hex(text: &str) -> String {
    let digest = digest(&SHA256, text.as_bytes());
    digest.as_ref().iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a string takes it");
        hex
    })
}

/// What the widget makes of a challenge.
fn solve(challenge: &Value) -> Value {
    let (salt, wanted) = (&challenge["salt"], &challenge["challenge"]);
    let salt = salt.as_str().expect("a salt");
    let most = challenge["maxnumber"].as_u64().expect("a number");
    let number = (0..=most).find(|number| sha256_hex(&format!("{salt}{number}")) == *wanted);
    json!({
        "algorithm": challenge["algorithm"],
        "challenge": wanted,
        "number": number.expect("there is a solution"),
        "salt": salt,
        "signature": challenge["signature"],
        "took": 7,
    })
}

fn token(solution: &Value) -> String {
    BASE64_STANDARD.encode(solution.to_string())
}

async fn sign_in(app: &App, password: &str, token: Option<&str>) -> Reply {
    let request = Req::post("/auth/signin").json(&form(EMAIL, password));
    app.send(match token {
        Some(token) => request.header("x-captcha-response", token),
        None => request,
    })
    .await
}

#[track_caller]
fn expect_status(reply: &Reply, status: &str) {
    assert_eq!((reply.status, &reply.json()["status"]), (200, &json!(status)), "{reply:?}");
}

#[track_caller]
fn expect_refused(reply: &Reply) {
    let body = json!({
        "status": "GENERAL_ERROR",
        "message": "Please solve the captcha, and try again",
        "reason": "CAPTCHA_REQUIRED",
        "provider": "altcha",
        "action": "signIn",
        "challengeUrl": "https://api.example.com/auth/captcha/challenge",
    });
    reply.expect(200, &body);
    reply.expect_tokens_untouched();
}

async fn who_solves_the_challenge_signs_in_and_a_solution_is_good_once(harness: Harness) {
    let app = harness.start(with_captcha(CaptchaWhen::Always)).await;
    sign_up(&app, Mode::Cookie, "/auth/signup").await;
    expect_refused(&sign_in(&app, PASSWORD, None).await);
    let solved = token(&solve(&challenge(&app).await));
    expect_status(&sign_in(&app, PASSWORD, Some(&solved)).await, "OK");
    expect_refused(&sign_in(&app, PASSWORD, Some(&solved)).await);

    // In the body, where a header can't be set; and it is used up by a wrong password, too.
    let solved = token(&solve(&challenge(&app).await));
    let mut body = form(EMAIL, "not the password 1");
    body["captchaToken"] = json!(solved);
    let reply = app.send(Req::post("/auth/signin").json(&body)).await;
    expect_status(&reply, "WRONG_CREDENTIALS_ERROR");
    expect_refused(&sign_in(&app, PASSWORD, Some(&solved)).await);
}

async fn of_many_uses_of_a_solution_at_once_one_is_good(harness: Harness) {
    let app = harness.start(with_captcha(CaptchaWhen::Always)).await;
    sign_up(&app, Mode::Cookie, "/auth/signup").await;
    let solved = token(&solve(&challenge(&app).await));
    // On connections of their own, of which the transcript keeps nothing: their order is any.
    let uses = (0..8).map(|_| async {
        let request = Req::post("/auth/signin").json(&form(EMAIL, PASSWORD));
        let request = request.header("x-captcha-response", &*solved);
        let reply = app.connect().await.send(&request.header("connection", "close")).await;
        reply.json()["status"].clone()
    });
    let answers = futures_util::future::join_all(uses).await;
    let good = answers.iter().filter(|status| **status == json!("OK")).count();
    assert_eq!(good, 1, "{answers:?}");
}

async fn what_is_no_solution_is_refused_before_anything_is_judged(harness: Harness) {
    let app = harness.start(with_captcha(CaptchaWhen::Always)).await;
    sign_up(&app, Mode::Cookie, "/auth/signup").await;
    let late = token(&solve(&challenge(&app).await));
    app.clock.advance(Duration::from_secs(300));
    expect_refused(&sign_in(&app, PASSWORD, Some(&late)).await);

    let good = solve(&challenge(&app).await);
    for (member, value) in [
        ("algorithm", json!("SHA-1")),
        ("number", json!(1_001)),
        ("signature", json!("0".repeat(64))),
        ("challenge", json!("0".repeat(64))),
        ("salt", json!("00?expires=99999999999&")),
    ] {
        let mut forged = good.clone();
        forged[member] = value;
        expect_refused(&sign_in(&app, PASSWORD, Some(&token(&forged))).await);
    }
    for nonsense in ["e30=", "===="] {
        expect_refused(&sign_in(&app, PASSWORD, Some(nonsense)).await);
    }
    // None of that used the good one up.
    expect_status(&sign_in(&app, PASSWORD, Some(&token(&good))).await, "OK");
}

async fn people_are_let_be_until_half_of_the_guesses_are_made(harness: Harness) {
    let app = harness.start(with_captcha(CaptchaWhen::AfterHalf)).await;
    sign_up(&app, Mode::Cookie, "/auth/signup").await;
    let mut judged = 0;
    loop {
        let reply = sign_in(&app, "not the password 1", None).await;
        if reply.json()["status"] == "GENERAL_ERROR" {
            expect_refused(&reply);
            break;
        }
        expect_status(&reply, "WRONG_CREDENTIALS_ERROR");
        judged += 1;
        assert!(judged < 100, "it is never asked for");
    }
    assert!(judged >= 2, "{judged}");
    // Who sends no solution spends nothing of what is left.
    for _ in 0..30 {
        expect_refused(&sign_in(&app, PASSWORD, None).await);
    }
    let solved = token(&solve(&challenge(&app).await));
    expect_status(&sign_in(&app, PASSWORD, Some(&solved)).await, "OK");
}

async fn a_page_of_another_origin_may_send_a_solution(harness: Harness) {
    const WEBSITE: &str = "https://www.example.com";
    let app = harness.start(with_captcha(CaptchaWhen::Always).cors(WEBSITE)).await;
    let preflight = Req::new("OPTIONS", "/auth/signin")
        .header("origin", WEBSITE)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "rid,content-type,x-captcha-response");
    let reply = app.send(preflight).await;
    assert!([200, 204].contains(&reply.status), "{reply:?}");
    let allowed = reply.header("access-control-allow-headers").unwrap_or_default();
    assert!(allowed.to_ascii_lowercase().contains("x-captcha-response"), "{reply:?}");
}
