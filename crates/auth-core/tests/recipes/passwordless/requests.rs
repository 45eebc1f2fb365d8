//! Malformed requests, rules for contacts, and questions whether an account exists.

use auth_core::recipes::passwordless::{ContactMethod, FlowType, PasswordlessRecipe};
use serde_json::{Value, json};

use super::{E164, PHONE, Test};
use crate::harness::EMAIL;

async fn is_refused(test: &Test, path: &str, body: Value, text: &str) {
    test.app.post(path, &body).await.is_bad_input(text);
}

#[tokio::test]
async fn requests_for_codes_name_exactly_one_contact_of_the_right_kind() {
    let path = "/auth/signinup/code";
    let any = Test::any().await;
    let one_of = "Please provide exactly one of email or phoneNumber";
    for body in
        [json!({}), json!({ "email": null }), json!({ "email": EMAIL, "phoneNumber": PHONE })]
    {
        is_refused(&any, path, body, one_of).await;
    }
    is_refused(&any, path, json!({ "email": 1 }), "email must be a string").await;
    let email = Test::new(ContactMethod::Email, FlowType::MagicLink).await;
    let text = "Please provide an email since you have set the contactMethod to \"EMAIL\"";
    is_refused(&email, path, json!({ "phoneNumber": PHONE }), text).await;
    let phone = Test::new(ContactMethod::Phone, FlowType::MagicLink).await;
    let text = "Please provide a phoneNumber since you have set the contactMethod to \"PHONE\"";
    is_refused(&phone, path, json!({ "email": EMAIL }), text).await;
}

#[tokio::test]
async fn proofs_are_a_link_code_or_a_typed_code_with_its_device() {
    let path = "/auth/signinup/code/consume";
    let test = Test::any().await;
    is_refused(&test, path, json!({ "linkCode": "x" }), "Please provide preAuthSessionId").await;
    let both = "Please provide both deviceId and userInputCode";
    let either = "Please provide one of (linkCode) or (deviceId+userInputCode) and not both";
    for (body, text) in [
        (json!({ "preAuthSessionId": "x" }), either),
        (json!({ "preAuthSessionId": "x", "linkCode": "x", "deviceId": "x" }), either),
        (json!({ "preAuthSessionId": "x", "linkCode": "x", "userInputCode": "x" }), either),
        (json!({ "preAuthSessionId": "x", "deviceId": "x" }), both),
        (json!({ "preAuthSessionId": "x", "userInputCode": "x" }), both),
        (json!({ "preAuthSessionId": 1, "linkCode": "x" }), "preAuthSessionId must be a string"),
    ] {
        is_refused(&test, path, body, text).await;
    }
    let path = "/auth/signinup/code/resend";
    is_refused(&test, path, json!({ "deviceId": "x" }), "Please provide preAuthSessionId").await;
    let body = json!({ "preAuthSessionId": "x" });
    is_refused(&test, path, body, "Please provide a deviceId").await;
    let body = json!({ "preAuthSessionId": "x", "deviceId": "%" });
    is_refused(&test, path, body, "Input encoding error in deviceId").await;
}

#[tokio::test]
async fn contacts_that_do_not_validate_are_told_to_the_user() {
    let test = Test::any().await;
    for (body, message) in [
        (json!({ "email": "ada" }), "Email is invalid"),
        (json!({ "phoneNumber": "0170 1234567" }), "Phone number is invalid"),
        (json!({ "phoneNumber": "+49 1" }), "Phone number is invalid"),
    ] {
        let answer = test.app.post("/auth/signinup/code", &body).await;
        answer.is_ok_json(&json!({ "status": "GENERAL_ERROR", "message": message }));
    }
}

#[tokio::test]
async fn the_application_has_rules_and_codes_of_its_own() {
    let recipe = PasswordlessRecipe::new(ContactMethod::EmailOrPhone, FlowType::UserInputCode)
        .validate_email_address(|email: &str| {
            email.ends_with("@example.org").then(|| "Not yours".to_owned())
        })
        .validate_phone_number(|number: &str| (number != "110").then(|| "Only 110".to_owned()))
        .custom_user_input_code(|| "open sesame".into());
    let mut test = Test::with(recipe).await;
    for (body, message) in [
        (json!({ "email": " a@example.org " }), "Not yours"),
        (json!({ "phoneNumber": PHONE }), "Only 110"),
    ] {
        let answer = test.app.post("/auth/signinup/code", &body).await;
        answer.is_ok_json(&json!({ "status": "GENERAL_ERROR", "message": message }));
    }
    let device = test.create(json!({ "phoneNumber": "110" })).await;
    let (number, login) = test.message().await;
    let code = login.user_input_code.expect("a code");
    assert_eq!((number.as_str(), code.expose_secret()), ("110", "open sesame"));
    // The device has the only code there is.
    let answer = test.app.post("/auth/signinup/code/resend", &device).await;
    let message = "Failed to generate a one time code. Please try again";
    answer.is_ok_json(&json!({ "status": "GENERAL_ERROR", "message": message }));
}

#[tokio::test]
async fn a_contact_has_an_account_once_a_code_was_used() {
    let mut test = Test::any().await;
    let exists = |exists: bool| json!({ "status": "OK", "exists": exists });
    let by_email = ["/auth/passwordless/email/exists", "/auth/signup/email/exists"];
    let by_phone = ["/auth/passwordless/phonenumber/exists", "/auth/signup/phonenumber/exists"];
    let body = test.typed().await;
    for path in by_email {
        test.app.get(&format!("{path}?email={EMAIL}")).await.is_ok_json(&exists(false));
        test.app.get(path).await.is_bad_input("Please provide the email as a GET param");
    }
    test.app.post("/auth/signinup/code/consume", &body).await;
    for path in by_email {
        test.app.get(&format!("{path}?email=ADA@example.com")).await.is_ok_json(&exists(true));
    }
    test.create(json!({ "phoneNumber": PHONE })).await;
    let login = test.message().await.1;
    let query = format!("phoneNumber={}", E164.replace('+', "%2B"));
    for path in by_phone {
        test.app.get(&format!("{path}?{query}")).await.is_ok_json(&exists(false));
        test.app.get(path).await.is_bad_input("Please provide the phoneNumber as a GET param");
    }
    let (url, code) = super::link_parts(&login);
    let id = url.split(['=', '&']).nth(1).expect("an id");
    let body = json!({ "preAuthSessionId": id, "linkCode": code });
    test.app.post("/auth/signinup/code/consume", &body).await;
    for path in by_phone {
        test.app.get(&format!("{path}?{query}")).await.is_ok_json(&exists(true));
    }
}
