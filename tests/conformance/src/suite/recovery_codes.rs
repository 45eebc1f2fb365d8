//! Recovery codes, an extension.

use auth_core::recipes::multifactorauth::FactorId;
use serde_json::{Value, json};

use super::{
    cases,
    mfa::{expect_closed, expect_open, info, set_up_totp, sign_in, with_factors},
    support::sign_up,
};
use crate::{
    App, Harness,
    client::{FrontEnd, Mode, Req},
};

cases! {
    "ext-recovery-codes" => a_recovery_code_stands_in_for_a_lost_factor_once,
    "ext-recovery-codes" => recovery_codes_are_generated_only_behind_a_fresh_factor,
    "ext-recovery-codes" => the_last_recovery_code_counts_for_the_session_that_used_it,
    "ext-recovery-codes" => what_is_no_recovery_code_is_bad_input,
    "ext-recovery-codes" => wrong_recovery_codes_and_wrong_totp_codes_share_one_limit,
    "ext-recovery-codes" => a_stranger_gets_no_recovery_codes,
}

async fn generate(app: &App, front_end: &mut FrontEnd) -> Vec<String> {
    let request = Req::post("/auth/recoverycode/generate").json(&json!({}));
    let reply = front_end.send(app, request).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let answer = reply.json();
    assert_eq!(answer["codesLeft"], 10);
    let codes = answer["codes"].as_array().expect("codes");
    codes.iter().map(|code| code.as_str().expect("a text").to_owned()).collect()
}

async fn consume(app: &App, front_end: &mut FrontEnd, code: &str) -> Value {
    let request = Req::post("/auth/recoverycode/consume").json(&json!({ "code": code }));
    let reply = front_end.send(app, request).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

async fn a_recovery_code_stands_in_for_a_lost_factor_once(harness: Harness) {
    for mode in Mode::BOTH {
        let app = harness.start(with_factors([FactorId::TOTP])).await;
        let mut ada = sign_up(&app, mode, "/auth/signup").await.0;
        set_up_totp(&app, &mut ada).await;
        let codes = generate(&app, &mut ada).await;

        let mut ada = sign_in(&app, mode).await;
        expect_closed(&app, &mut ada).await;
        let generate_more = Req::post("/auth/recoverycode/generate").json(&json!({}));
        assert_eq!(ada.send(&app, generate_more).await.status, 403);
        let told = info(&app, &mut ada).await;
        assert_eq!(told["factors"]["next"], json!(["totp"]));
        let set_up = json!(["emailpassword", "totp", "recovery-code"]);
        assert_eq!(told["factors"]["alreadySetup"], set_up);
        let used = consume(&app, &mut ada, &codes[0]).await;
        assert_eq!(used, json!({ "status": "OK", "codesLeft": 9 }));
        expect_open(&app, &mut ada).await;
        set_up_totp(&app, &mut ada).await;

        let mut ada = sign_in(&app, mode).await;
        let again = consume(&app, &mut ada, &codes[0]).await;
        let wrong = json!({
            "status": "INVALID_RECOVERY_CODE_ERROR",
            "currentNumberOfFailedAttempts": 1,
            "maxNumberOfFailedAttempts": 5,
        });
        assert_eq!(again, wrong);
        expect_closed(&app, &mut ada).await;
        let reply = ada.send(&app, Req::get("/auth/recoverycode/count")).await;
        reply.expect(200, &json!({ "status": "OK", "codesLeft": 9 }));
    }
}

async fn recovery_codes_are_generated_only_behind_a_fresh_factor(harness: Harness) {
    let app = harness.start(with_factors([])).await;
    let mut ada = sign_up(&app, Mode::Header, "/auth/signup").await.0;
    let old = generate(&app, &mut ada).await;
    app.advance_secs(301);
    let request = Req::post("/auth/recoverycode/generate").json(&json!({}));
    let reply = ada.send(&app, request).await;
    let reason =
        json!({ "message": "No factor was completed lately enough", "maxAgeInSeconds": 300 });
    let errors = json!([{ "id": "st-mfa", "reason": reason }]);
    reply.expect(403, &json!({ "message": "invalid claim", "claimValidationErrors": errors }));
    // A code is a factor: with it new ones may be had, and the old ones end.
    assert_eq!(consume(&app, &mut ada, &old[0]).await["status"], "OK");
    let new = generate(&app, &mut ada).await;
    let ended = consume(&app, &mut ada, &old[1]).await;
    assert_eq!(ended["status"], "INVALID_RECOVERY_CODE_ERROR");
    assert_eq!(consume(&app, &mut ada, &new[0]).await["codesLeft"], 9);
}

async fn the_last_recovery_code_counts_for_the_session_that_used_it(harness: Harness) {
    let app = harness.start(with_factors([FactorId::TOTP])).await;
    let mut ada = sign_up(&app, Mode::Header, "/auth/signup").await.0;
    set_up_totp(&app, &mut ada).await;
    let codes = generate(&app, &mut ada).await;
    for code in &codes {
        assert_eq!(consume(&app, &mut ada, code).await["status"], "OK");
    }
    expect_open(&app, &mut ada).await;
    let mut ada = sign_in(&app, Mode::Header).await;
    let none = json!({ "status": "UNKNOWN_USER_ID_ERROR" });
    assert_eq!(consume(&app, &mut ada, &codes[0]).await, none);
    let told = info(&app, &mut ada).await;
    assert_eq!(told["factors"]["alreadySetup"], json!(["emailpassword", "totp"]));
}

async fn what_is_no_recovery_code_is_bad_input(harness: Harness) {
    let app = harness.start(with_factors([])).await;
    let mut ada = sign_up(&app, Mode::Header, "/auth/signup").await.0;
    for body in [json!({}), json!({ "code": 1 }), json!({ "code": null })] {
        let reply = ada.send(&app, Req::post("/auth/recoverycode/consume").json(&body)).await;
        reply.expect_message(400, "code is required and must be a string");
    }
}

async fn wrong_recovery_codes_and_wrong_totp_codes_share_one_limit(harness: Harness) {
    let app = harness.start(with_factors([])).await;
    let mut ada = sign_up(&app, Mode::Header, "/auth/signup").await.0;
    set_up_totp(&app, &mut ada).await;
    let codes = generate(&app, &mut ada).await;
    for _ in 0..3 {
        consume(&app, &mut ada, "0000-0000-0000-0000").await;
    }
    for _ in 0..2 {
        let request = Req::post("/auth/totp/verify").json(&json!({ "totp": "000000" }));
        ada.send(&app, request).await;
    }
    let limited = consume(&app, &mut ada, &codes[0]).await;
    assert_eq!(limited["status"], "LIMIT_REACHED_ERROR");
    app.advance_secs(900);
    let used = consume(&app, &mut ada, &codes[0]).await;
    assert_eq!(used, json!({ "status": "OK", "codesLeft": 9 }));
}

async fn a_stranger_gets_no_recovery_codes(harness: Harness) {
    let app = harness.start(with_factors([])).await;
    for path in ["/auth/recoverycode/generate", "/auth/recoverycode/consume"] {
        let reply = app.send(Req::post(path).json(&json!({ "code": "x" }))).await;
        reply.expect(401, &json!({ "message": "unauthorised" }));
    }
    let reply = app.send(Req::get("/auth/recoverycode/count")).await;
    reply.expect(401, &json!({ "message": "unauthorised" }));
}
