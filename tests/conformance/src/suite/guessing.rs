//! Codes that somebody guesses who knows an address and reads none of its messages.

use auth_core::recipes::multifactorauth::FactorId;
use serde_json::{Value, json};

use super::{
    cases,
    mfa::{set_up_totp, with_factors},
    passwordless::{CONSUME, CREATE, PHONE, RESEND, World, linked, wrong},
    support::sign_up,
};
use crate::{
    Harness,
    client::{Mode, Req},
};

cases! {
    "fdi-1.3-2" => of_a_device_s_codes_the_newest_can_be_typed_in_and_every_link_followed,
    "cdi-4.3" => guesses_are_counted_by_contact_whatever_the_device_and_its_codes,
    "cdi-4.3" => the_owner_s_fresh_code_is_judged_whatever_was_tried,
    "fdi-1.3-1" => who_asks_for_too_many_codes_is_told_so_and_gets_no_message,
    "cdi-4.4" => codes_within_a_session_count_with_the_user_s_other_second_factors,
}

const RESTART: &str = "RESTART_FLOW_ERROR";

async fn of_a_device_s_codes_the_newest_can_be_typed_in_and_every_link_followed(harness: Harness) {
    let mut world = World::start(&harness).await;
    let (first, link_code) = world.code().await;
    let (second, _) = world.resent(&first).await;
    let expired = json!({
        "status": "EXPIRED_USER_INPUT_CODE_ERROR",
        "failedCodeInputAttemptCount": 1,
        "maximumCodeInputAttempts": 5,
    });
    world.post(CONSUME, &first).await.expect(200, &expired);
    let mut used = second;
    assert_eq!(world.post(CONSUME, &used).await.json()["status"], "OK");
    // Whoever follows the link of the first message gets in as well.
    (used, _) = world.code().await;
    let (_, newer) = world.resent(&used).await;
    assert_ne!(newer, link_code);
    let (third, link_code) = world.code().await;
    world.resent(&third).await;
    let reply = world.post(CONSUME, &linked(&third, &link_code)).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
}

async fn guesses_are_counted_by_contact_whatever_the_device_and_its_codes(harness: Harness) {
    let mut world = World::start(&harness).await;
    let mut judged = Vec::new();
    for _ in 0..5 {
        let (mut typed, _) = world.code().await;
        let mut tries = 0;
        while world.post(CONSUME, &wrong(&typed)).await.json()["status"] != RESTART {
            tries += 1;
            if tries == 1 {
                let reply = world.post(RESEND, &typed).await.json();
                if reply["status"] == "OK" {
                    typed = world.typed(&typed).await;
                }
            }
        }
        judged.push(tries);
        // Nor is the right one, and it is of no use any more.
        world.post(CONSUME, &typed).await.expect(200, &json!({ "status": RESTART }));
    }
    // The fifth wrong one ends a device. From the third device on only the first try is judged.
    assert_eq!(judged, [4, 4, 1, 1, 1]);
}

async fn the_owner_s_fresh_code_is_judged_whatever_was_tried(harness: Harness) {
    let mut world = World::start(&harness).await;
    for _ in 0..4 {
        let (typed, _) = world.code().await;
        while world.post(CONSUME, &wrong(&typed)).await.json()["status"] != RESTART {}
    }
    let (typed, _) = world.code().await;
    let reply = world.post(CONSUME, &typed).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
}

async fn who_asks_for_too_many_codes_is_told_so_and_gets_no_message(harness: Harness) {
    let mut world = World::start(&harness).await;
    let (first, _) = world.code().await;
    for index in 0..9 {
        if index % 2 == 0 {
            world.resent(&first).await;
        } else {
            world.code().await;
        }
    }
    let body = json!({ "phoneNumber": "+49 170 1234567" });
    let message = "Too many codes were requested. Please try again later.";
    let answer = json!({ "status": "GENERAL_ERROR", "message": message });
    world.post(CREATE, &body).await.expect(200, &answer);
    let message = "Failed to generate a one time code. Please try again";
    let answer = json!({ "status": "GENERAL_ERROR", "message": message });
    world.post(RESEND, &first).await.expect(200, &answer);
    assert!(world.nothing_was_sent());
    // Nobody else has to wait.
    let other = json!({ "phoneNumber": "+491701234568" });
    let reply = world.post(CREATE, &other).await.json();
    world.received(&reply).await;
    world.app.advance_secs(600);
    let (typed, _) = world.code().await;
    assert_eq!(world.post(CREATE, &body).await.json()["status"], "GENERAL_ERROR");
    // Who signs in has what was taken back.
    assert_eq!(world.post(CONSUME, &typed).await.json()["status"], "OK");
    world.code().await;
    world.code().await;
}

async fn codes_within_a_session_count_with_the_user_s_other_second_factors(harness: Harness) {
    let app = harness.start(with_factors([FactorId::TOTP])).await;
    let mut ada = sign_up(&app, Mode::Cookie, "/auth/signup").await.0;
    set_up_totp(&app, &mut ada).await;
    for failed in 1..=3 {
        let body = json!({ "totp": "000000" });
        let reply = ada.send(&app, Req::post("/auth/totp/verify").json(&body)).await;
        assert_eq!(reply.json()["currentNumberOfFailedAttempts"], failed, "{reply:?}");
    }
    let with_session = |mut body: Value| {
        body["shouldTryLinkingWithSessionUser"] = json!(true);
        body
    };
    let mut statuses = Vec::new();
    for contact in [json!({ "phoneNumber": PHONE }), json!({ "email": "ada@example.org" })] {
        let reply = ada.send(&app, Req::post(CREATE).json(&with_session(contact))).await;
        let mut typed = with_session(reply.json());
        typed["userInputCode"] = json!("wrong");
        for _ in 0..2 {
            let reply = ada.send(&app, Req::post(CONSUME).json(&typed)).await;
            statuses.push(reply.json()["status"].as_str().unwrap_or_default().to_owned());
        }
    }
    let (wrong, limited) = ("INCORRECT_USER_INPUT_CODE_ERROR", "GENERAL_ERROR");
    assert_eq!(statuses, [wrong, wrong, limited, limited]);
    let body = json!({ "totp": "000000" });
    let reply = ada.send(&app, Req::post("/auth/totp/verify").json(&body)).await;
    assert_eq!(reply.json()["status"], "LIMIT_REACHED_ERROR", "{reply:?}");
}
