//! Codes that aren't right, contacts that are none, and factors that may not be set up.

use auth_core::recipes::{multifactorauth::FactorId, passwordless::Contact};
use serde_json::{Value, json};

use super::{
    cases,
    mfa::{set_up_totp, sign_in, with_factors},
    passwordless::{CONSUME, CREATE, PHONE, RESEND, World, linked},
    support::{EMAIL, sign_up},
};
use crate::{
    Harness,
    client::{Mode, Reply, Req},
};

cases! {
    "fdi-1.3-1" => a_contact_that_does_not_parse_is_told_and_nothing_is_sent,
    "fdi-1.3-1" => known_and_unknown_contacts_get_the_same_answer,
    "fdi-1.3-3" => a_code_that_was_typed_in_is_used_up,
    "fdi-1.3-3" => oversized_codes_are_wrong_and_oversized_ids_unknown,
    "fdi-1.3-3" => a_code_is_not_accepted_for_another_tenant,
    "fdi-6.6" => no_code_is_sent_for_a_factor_that_may_not_be_set_up,
    "fdi-1.0-session" => a_code_for_another_factor_needs_a_session,
    "fdi-1.0-refusals" => an_account_of_another_user_is_refused_with_its_number,
}

/// Longer than anything that is sent to a user, and shorter than what a body may be.
fn long() -> String {
    "1".repeat(30_000)
}

async fn a_contact_that_does_not_parse_is_told_and_nothing_is_sent(harness: Harness) {
    let mut world = World::start(&harness).await;
    let long = long();
    for email in ["", " ", "ada", "ada@", "@example.com", "a b@example.com", "ada@example", &long] {
        let answer = json!({ "status": "GENERAL_ERROR", "message": "Email is invalid" });
        world.post(CREATE, &json!({ "email": email })).await.expect(200, &answer);
    }
    for number in
        ["", "+", "0170 1234567", "+49", "+49 1", "+999 170 1234567", "١٢٣", "+1\u{0}2", &long]
    {
        let answer = json!({ "status": "GENERAL_ERROR", "message": "Phone number is invalid" });
        world.post(CREATE, &json!({ "phoneNumber": number })).await.expect(200, &answer);
    }
    for (name, value) in [("email", json!(1)), ("phoneNumber", json!(["+1"]))] {
        let text = format!("{name} must be a string");
        world.post(CREATE, &json!({ name: value })).await.expect_message(400, &text);
    }
    assert!(world.nothing_was_sent());
}

/// What an answer looks like, without its random values.
fn shape(reply: &Reply) -> (u16, Vec<String>, Vec<(String, usize)>) {
    let names = reply.headers.iter().map(|(name, _)| name.clone()).collect();
    let body = reply.json();
    let members = body.as_object().expect("an object").iter();
    let members = members.map(|(name, value)| (name.clone(), value.to_string().len())).collect();
    (reply.status, names, members)
}

async fn known_and_unknown_contacts_get_the_same_answer(harness: Harness) {
    let world = World::start(&harness).await;
    let functions = world.app.auth.passwordless().expect("in the list");
    for contact in [Contact::Email(EMAIL.to_owned()), Contact::PhoneNumber(PHONE.to_owned())] {
        functions.sign_in_up(contact).await.expect("signed up");
    }
    for (known, unknown) in [
        (json!({ "email": EMAIL }), json!({ "email": "eve@example.com" })),
        (json!({ "phoneNumber": PHONE }), json!({ "phoneNumber": "+491701234568" })),
    ] {
        let [known, unknown] =
            [world.post(CREATE, &known).await, world.post(CREATE, &unknown).await];
        assert_eq!(shape(&known), shape(&unknown));
        let [known, unknown] =
            [world.post(RESEND, &known.json()).await, world.post(RESEND, &unknown.json()).await];
        assert_eq!(shape(&known), shape(&unknown));
    }
}

async fn a_code_that_was_typed_in_is_used_up(harness: Harness) {
    let mut world = World::start(&harness).await;
    let (typed, link_code) = world.code().await;
    assert_eq!(world.post(CONSUME, &typed).await.json()["status"], "OK");
    for body in [&typed, &linked(&typed, &link_code)] {
        let reply = world.post(CONSUME, body).await;
        reply.expect(200, &json!({ "status": "RESTART_FLOW_ERROR" }));
        reply.expect_tokens_untouched();
    }
}

async fn oversized_codes_are_wrong_and_oversized_ids_unknown(harness: Harness) {
    let mut world = World::start(&harness).await;
    let (typed, _) = world.code().await;
    let with = |name: &str, value: Value| {
        let mut body = typed.clone();
        body[name] = value;
        body
    };
    let reply = world.post(CONSUME, &with("userInputCode", json!(long()))).await;
    assert_eq!(reply.json()["status"], "INCORRECT_USER_INPUT_CODE_ERROR", "{reply:?}");
    let reply = world.post(CONSUME, &with("preAuthSessionId", json!(long()))).await;
    reply.expect(200, &json!({ "status": "RESTART_FLOW_ERROR" }));
    let reply = world.post(CONSUME, &with("deviceId", json!("A".repeat(30_000)))).await;
    reply.expect(200, &json!({ "status": "RESTART_FLOW_ERROR" }));
    let reply = world.post(RESEND, &with("deviceId", json!("A".repeat(30_000)))).await;
    reply.expect(200, &json!({ "status": "RESTART_FLOW_ERROR" }));
    let reply = world.post(CONSUME, &with("userInputCode", json!("1".repeat(70_000)))).await;
    assert_eq!(reply.status, 413, "{reply:?}");
    // None of it stands in the way of the right one.
    assert_eq!(world.post(CONSUME, &typed).await.json()["status"], "OK");
}

async fn a_code_is_not_accepted_for_another_tenant(harness: Harness) {
    let mut world = World::start(&harness).await;
    let (typed, link_code) = world.code().await;
    let path = "/auth/elsewhere/signinup/code";
    assert_eq!(world.post(path, &json!({ "phoneNumber": PHONE })).await.status, 400);
    for body in [&typed, &linked(&typed, &link_code)] {
        let reply = world.post("/auth/elsewhere/signinup/code/consume", body).await;
        assert_eq!(reply.status, 400, "{reply:?}");
        reply.expect_tokens_untouched();
    }
    let reply = world.post("/auth/public/signinup/code/consume", &typed).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
}

async fn no_code_is_sent_for_a_factor_that_may_not_be_set_up(harness: Harness) {
    for (set_up, reason) in [
        (true, "Completed factors in the session does not satisfy the MFA requirements for auth"),
        (false, "Not allowed to setup factor that is not in the next set of unsatisfied factors"),
    ] {
        let app = harness.start(with_factors([FactorId::TOTP])).await;
        let mut ada = sign_up(&app, Mode::Cookie, "/auth/signup").await.0;
        if set_up {
            set_up_totp(&app, &mut ada).await;
            ada = sign_in(&app, Mode::Cookie).await;
        }
        let body = json!({ "phoneNumber": PHONE, "shouldTryLinkingWithSessionUser": true });
        let reply = ada.send(&app, Req::post(CREATE).json(&body)).await;
        let errors = json!([{ "id": "st-mfa", "reason": reason }]);
        reply.expect(403, &json!({ "message": "invalid claim", "claimValidationErrors": errors }));
        let functions = app.auth.passwordless().expect("in the list");
        let devices = functions.list_codes_by_phone_number(PHONE).await;
        assert_eq!(devices.expect("listed"), []);
    }
}

async fn a_code_for_another_factor_needs_a_session(harness: Harness) {
    let app = harness.start(with_factors([])).await;
    let body = json!({ "phoneNumber": PHONE, "shouldTryLinkingWithSessionUser": true });
    for path in [CREATE, CONSUME] {
        let mut body = body.clone();
        body["preAuthSessionId"] = json!("x");
        body["linkCode"] = json!("x");
        let reply = app.send(Req::post(path).json(&body)).await;
        reply.expect(401, &json!({ "message": "unauthorised" }));
    }
}

async fn an_account_of_another_user_is_refused_with_its_number(harness: Harness) {
    let app = harness.start(with_factors([])).await;
    let functions = app.auth.passwordless().expect("in the list");
    let contact = Contact::PhoneNumber(PHONE.to_owned());
    functions.sign_in_up(contact.clone()).await.expect("signed up");
    let mut ada = sign_up(&app, Mode::Cookie, "/auth/signup").await.0;
    let input = auth_core::recipes::passwordless::CreateCodeInput::new(contact);
    let created = functions.create_code(input).await.expect("created");
    let body = json!({
        "preAuthSessionId": created.pre_auth_session_id,
        "deviceId": created.device_id,
        "userInputCode": created.user_input_code,
        "shouldTryLinkingWithSessionUser": true,
    });
    let reply = ada.send(&app, Req::post(CONSUME).json(&body)).await;
    let reason = "Cannot sign in / up due to security reasons. Please contact support. \
        (ERR_CODE_017)";
    reply.expect(200, &json!({ "status": "SIGN_IN_UP_NOT_ALLOWED", "reason": reason }));
    assert_eq!(reply.header("front-token"), None);
}
