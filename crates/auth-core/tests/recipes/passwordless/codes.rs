//! Codes and links from the request to the session.

use auth_core::recipes::passwordless::{ContactMethod, FlowType};
use http::StatusCode;
use serde_json::{Value, json};

use super::{E164, PHONE, Test, link_parts};
use crate::harness::EMAIL;

const CONSUME: &str = "/auth/signinup/code/consume";

#[tokio::test]
async fn a_code_from_a_mail_signs_a_new_user_up_and_an_old_one_in() {
    let mut test = Test::any().await;
    for is_new in [true, false] {
        let body = test.typed().await;
        let answer = test.app.post(CONSUME, &body).await;
        assert!(answer.header("front-token").is_some());
        let answer = answer.json();
        assert_eq!(
            (&answer["status"], &answer["createdNewRecipeUser"]),
            (&json!("OK"), &json!(is_new))
        );
        assert_eq!(answer["user"]["emails"], json!([EMAIL]));
        assert_eq!(answer["user"]["loginMethods"][0]["recipeId"], "passwordless");
        assert_eq!(answer["user"]["loginMethods"][0]["verified"], true);
    }
}

#[tokio::test]
async fn older_front_ends_read_the_legacy_user_and_flag() {
    let mut test = Test::any().await;
    let body = test.typed().await;
    let answer = test.app.post_with(CONSUME, &[("fdi-version", "1.16")], &body).await.json();
    assert_eq!(answer["createdNewUser"], true);
    assert_eq!(answer["user"]["email"], EMAIL);
    assert_eq!(answer["user"]["loginMethods"], Value::Null);
}

#[tokio::test]
async fn a_link_names_device_and_tenant_and_hides_its_code_from_servers() {
    let mut test = Test::any().await;
    let device = test.create(json!({ "phoneNumber": PHONE })).await;
    assert_eq!(device["flowType"], "USER_INPUT_CODE_AND_MAGIC_LINK");
    let (number, login) = test.message().await;
    assert_eq!(number, E164);
    assert_eq!(login.code_lifetime.as_secs(), 900);
    assert!(login.is_first_factor);
    let (url, code) = link_parts(&login);
    let id = device["preAuthSessionId"].as_str().expect("an id");
    assert_eq!(
        url,
        format!("https://example.com/auth/verify?preAuthSessionId={id}&tenantId=public")
    );
    let body = json!({ "preAuthSessionId": id, "linkCode": code });
    let answer = test.app.post(CONSUME, &body).await.json();
    assert_eq!(
        (&answer["status"], &answer["user"]["phoneNumbers"]),
        (&json!("OK"), &json!([E164]))
    );
    let again = test.app.post(CONSUME, &body).await;
    again.is_ok_json(&json!({ "status": "RESTART_FLOW_ERROR" }));
}

#[tokio::test]
async fn the_flow_type_decides_what_is_sent() {
    for (flow_type, name, has_code, has_link) in [
        (FlowType::UserInputCode, "USER_INPUT_CODE", true, false),
        (FlowType::MagicLink, "MAGIC_LINK", false, true),
        (FlowType::UserInputCodeAndMagicLink, "USER_INPUT_CODE_AND_MAGIC_LINK", true, true),
    ] {
        let mut test = Test::new(ContactMethod::Email, flow_type).await;
        let device = test.create(json!({ "email": EMAIL })).await;
        assert_eq!(device["flowType"], name);
        let login = test.mail().await.1;
        assert_eq!(login.user_input_code.is_some(), has_code);
        assert_eq!(login.url_with_link_code.is_some(), has_link);
    }
}

#[tokio::test]
async fn what_users_are_not_sent_is_no_first_factor() {
    let test = Test::new(ContactMethod::Email, FlowType::MagicLink).await;
    let device = test.create(json!({ "email": EMAIL })).await;
    let body = json!({
        "preAuthSessionId": device["preAuthSessionId"],
        "deviceId": device["deviceId"],
        "userInputCode": "123456",
    });
    let answer = test.app.post(CONSUME, &body).await;
    assert_eq!(answer.0.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.json(), json!({ "message": "unauthorised" }));
}

#[tokio::test]
async fn wrong_codes_are_counted_until_the_flow_starts_again() {
    let mut test = Test::any().await;
    let right = test.typed().await;
    let mut wrong = right.clone();
    wrong["userInputCode"] = json!("wrong");
    for attempt in 1..5 {
        let answer = test.app.post(CONSUME, &wrong).await;
        answer.is_ok_json(&json!({
            "status": "INCORRECT_USER_INPUT_CODE_ERROR",
            "failedCodeInputAttemptCount": attempt,
            "maximumCodeInputAttempts": 5,
        }));
        assert_eq!(answer.header("front-token"), None);
    }
    for body in [&wrong, &right] {
        let answer = test.app.post(CONSUME, body).await;
        answer.is_ok_json(&json!({ "status": "RESTART_FLOW_ERROR" }));
    }
}

#[tokio::test]
async fn an_unknown_device_starts_the_flow_again() {
    let test = Test::any().await;
    let body = json!({ "preAuthSessionId": "unknown", "linkCode": "%%%" });
    let answer = test.app.post(CONSUME, &body).await;
    answer.is_ok_json(&json!({ "status": "RESTART_FLOW_ERROR" }));
}

#[tokio::test]
async fn a_code_of_another_device_is_refused() {
    let mut test = Test::any().await;
    let (first, second) = (test.typed().await, test.typed().await);
    let mut mixed = first.clone();
    mixed["deviceId"] = second["deviceId"].clone();
    let answer = test.app.post(CONSUME, &mixed).await;
    answer.is_bad_input("preAuthSessionId and deviceId doesn't match");
}

#[tokio::test]
async fn another_code_is_sent_to_the_device_that_asks_for_it() {
    let mut test = Test::any().await;
    let first = test.typed().await;
    let resend = "/auth/signinup/code/resend";
    test.app.post(resend, &first).await.is_ok_json(&json!({ "status": "OK" }));
    let (email, login) = test.mail().await;
    assert_eq!(email, EMAIL);
    let code = login.user_input_code.expect("a code");
    let mut second = first.clone();
    second["userInputCode"] = json!(format!(" {}\n", code.expose_secret()));
    assert_eq!(test.app.post(CONSUME, &second).await.json()["status"], "OK");
    let answer = test.app.post(resend, &first).await;
    answer.is_ok_json(&json!({ "status": "RESTART_FLOW_ERROR" }));
}

#[tokio::test]
async fn a_tenant_that_is_not_there_is_refused() {
    let test = Test::any().await;
    let answer = test.app.post("/auth/nowhere/signinup/code", &json!({ "email": EMAIL })).await;
    assert_eq!(answer.0.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_session_of_the_same_user_is_kept_by_front_ends_before_fdi_3_1() {
    let mut test = Test::any().await;
    let body = test.typed().await;
    let headers = [("st-auth-mode", "header")];
    let answer = test.app.post_with(CONSUME, &headers, &body).await;
    let token = format!("Bearer {}", answer.header("st-access-token").expect("a token"));
    let headers =
        [("authorization", token.as_str()), ("fdi-version", "3.0"), ("st-auth-mode", "header")];
    let create = json!({ "email": EMAIL });
    let device = test.app.post_with("/auth/signinup/code", &headers, &create).await.json();
    assert_eq!(device["flowType"], "USER_INPUT_CODE", "within a session only a code");
    let login = test.mail().await.1;
    assert!(login.is_first_factor, "nothing links it to the session's user");
    assert!(login.url_with_link_code.is_none());
    let body = json!({
        "preAuthSessionId": device["preAuthSessionId"],
        "deviceId": device["deviceId"],
        "userInputCode": login.user_input_code.expect("a code").expose_secret(),
    });
    let answer = test.app.post_with(CONSUME, &headers, &body).await;
    assert_eq!(answer.json()["status"], "OK");
    assert_eq!(answer.header("st-access-token"), None);
}
