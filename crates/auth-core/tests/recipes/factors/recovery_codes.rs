//! Recovery codes, an extension of the FDI.

use std::time::Duration;

use auth_core::recipes::{multifactorauth::FactorId, session::SessionOptions};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Client, Test};
use crate::harness::EMAIL;

async fn generate(client: &mut Client<'_>) -> Vec<String> {
    let answer = client.post("/auth/recoverycode/generate", &json!({})).await;
    assert_eq!((&answer["status"], &answer["codesLeft"]), (&json!("OK"), &json!(10)));
    let codes = answer["codes"].as_array().expect("codes");
    codes.iter().map(|code| code.as_str().expect("a text").to_owned()).collect()
}

async fn consume(client: &mut Client<'_>, code: &str) -> Value {
    client.post("/auth/recoverycode/consume", &json!({ "code": code })).await
}

async fn count(client: &mut Client<'_>) -> Value {
    client.send(Method::GET, "/auth/recoverycode/count", &json!({})).await.json()
}

#[tokio::test]
async fn who_has_lost_the_authenticator_gets_in_by_a_code_once_and_may_set_up_another() {
    let test = Test::mfa([FactorId::TOTP]).await;
    let mut ada = test.sign_up(EMAIL).await;
    ada.set_up_totp().await;
    let codes = generate(&mut ada).await;
    assert_eq!(codes.len(), 10);

    let mut ada = test.sign_in(EMAIL).await;
    let info = ada.info().await;
    assert_eq!(info["factors"]["next"], json!(["totp"]), "the way out is offered beside it");
    assert_eq!(info["factors"]["alreadySetup"], json!(["emailpassword", "totp", "recovery-code"]));
    assert!(ada.refusal(&SessionOptions::new()).await.is_some());
    assert_eq!(consume(&mut ada, &codes[3]).await, json!({ "status": "OK", "codesLeft": 9 }));
    assert_eq!(ada.refusal(&SessionOptions::new()).await, None);
    assert_eq!(count(&mut ada).await, json!({ "status": "OK", "codesLeft": 9 }));
    ada.set_up_totp().await;

    let mut ada = test.sign_in(EMAIL).await;
    assert_eq!(
        consume(&mut ada, &codes[3]).await,
        json!({
            "status": "INVALID_RECOVERY_CODE_ERROR",
            "currentNumberOfFailedAttempts": 1,
            "maxNumberOfFailedAttempts": 5,
        })
    );
    assert!(ada.refusal(&SessionOptions::new()).await.is_some());
}

#[tokio::test]
async fn the_last_code_still_counts_for_the_session_that_used_it() {
    let test = Test::mfa([FactorId::TOTP]).await;
    let mut ada = test.sign_up(EMAIL).await;
    ada.set_up_totp().await;
    let codes = generate(&mut ada).await;
    for code in &codes {
        assert_eq!(consume(&mut ada, code).await["status"], "OK");
    }
    let mut ada = test.sign_in(EMAIL).await;
    let none = json!({ "status": "UNKNOWN_USER_ID_ERROR" });
    assert_eq!(consume(&mut ada, &codes[0]).await, none);
    let info = ada.info().await;
    assert_eq!(info["factors"]["alreadySetup"], json!(["emailpassword", "totp"]));
}

#[tokio::test]
async fn codes_are_generated_only_behind_a_fresh_factor() {
    let test = Test::mfa([]).await;
    let mut ada = test.sign_up(EMAIL).await;
    let old = generate(&mut ada).await;
    test.clock.advance(Duration::from_secs(301));
    let answer = ada.send(Method::POST, "/auth/recoverycode/generate", &json!({})).await;
    assert_eq!(answer.0.status, StatusCode::FORBIDDEN);
    assert_eq!(
        answer.json()["claimValidationErrors"],
        json!([{
            "id": "st-mfa",
            "reason": {
                "message": "No factor was completed lately enough",
                "maxAgeInSeconds": 300,
            },
        }])
    );
    // A code is a factor: with it new ones may be had, and the old ones end.
    assert_eq!(consume(&mut ada, &old[0]).await["status"], "OK");
    let new = generate(&mut ada).await;
    assert_eq!(consume(&mut ada, &old[1]).await["status"], "INVALID_RECOVERY_CODE_ERROR");
    assert_eq!(consume(&mut ada, &new[0]).await["codesLeft"], 9);
}

#[tokio::test]
async fn codes_are_generated_only_where_what_is_required_is_complete() {
    let test = Test::mfa([FactorId::TOTP]).await;
    test.sign_up(EMAIL).await.set_up_totp().await;
    let mut thief = test.sign_in(EMAIL).await;
    let answer = thief.send(Method::POST, "/auth/recoverycode/generate", &json!({})).await;
    assert_eq!(answer.0.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_code_of_the_wrong_type_is_bad_input() {
    let test = Test::mfa([]).await;
    let mut ada = test.sign_up(EMAIL).await;
    for body in [json!({}), json!({ "code": 1 }), json!({ "code": null })] {
        let answer = ada.send(Method::POST, "/auth/recoverycode/consume", &body).await;
        answer.is_bad_input("code is required and must be a string");
    }
}

#[tokio::test]
async fn the_functions_work_without_a_session() {
    let test = Test::mfa([]).await;
    let ada = test.sign_up(EMAIL).await;
    let user_id = ada.session().await.get_user_id().clone();
    let functions = test.app.0.recoverycode().expect("in the list");
    let codes = functions.generate_codes(&user_id).await.expect("generated");
    let tenant = auth_core::protocol::TenantId::default();
    functions.consume_code(&tenant, &user_id, codes[0].clone()).await.expect("consumed");
    assert_eq!(functions.count_codes(&user_id).await.expect("counted"), 9);
    assert!(functions.remove_codes(&user_id).await.expect("removed"));
    assert!(!functions.remove_codes(&user_id).await.expect("removed"));
}
