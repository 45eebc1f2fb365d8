//! The life of a one-time code.

use serde_json::json;

use super::{
    cases,
    passwordless::{CONSUME, RESEND, World, linked, wrong},
};
use crate::{Harness, client::Req};

cases! {
    "fdi-1.3-3" => wrong_codes_are_counted_and_the_last_ends_the_device,
    "fdi-1.3-3" => malformed_codes_are_bad_input,
    "cdi-4.3" => an_expired_code_is_told_from_a_wrong_one,
    "cdi-4.3" => a_code_that_two_send_at_once_is_accepted_once,
}

async fn wrong_codes_are_counted_and_the_last_ends_the_device(harness: Harness) {
    let mut world = World::start(&harness).await;
    let (typed, _) = world.code().await;
    for failed in 1..5 {
        let answer = json!({
            "status": "INCORRECT_USER_INPUT_CODE_ERROR",
            "failedCodeInputAttemptCount": failed,
            "maximumCodeInputAttempts": 5,
        });
        let reply = world.post(CONSUME, &wrong(&typed)).await;
        reply.expect(200, &answer);
        reply.expect_tokens_untouched();
    }
    for body in [wrong(&typed), typed] {
        let restart = json!({ "status": "RESTART_FLOW_ERROR" });
        world.post(CONSUME, &body).await.expect(200, &restart);
    }
}

async fn malformed_codes_are_bad_input(harness: Harness) {
    let mut world = World::start(&harness).await;
    let (first, link_code) = world.code().await;
    let (second, _) = world.code().await;
    let both = "Please provide both deviceId and userInputCode";
    let either = "Please provide one of (linkCode) or (deviceId+userInputCode) and not both";
    let mismatch = "preAuthSessionId and deviceId doesn't match";
    let mut with_link = first.clone();
    with_link["linkCode"] = json!(link_code);
    let mut foreign = first.clone();
    foreign["deviceId"] = second["deviceId"].clone();
    let id = &first["preAuthSessionId"];
    for (body, text) in [
        (json!({ "linkCode": link_code }), "Please provide preAuthSessionId"),
        (json!({ "preAuthSessionId": id }), either),
        (with_link, either),
        (json!({ "preAuthSessionId": id, "linkCode": "x", "deviceId": "x" }), either),
        (json!({ "preAuthSessionId": id, "linkCode": "x", "userInputCode": "x" }), either),
        (json!({ "preAuthSessionId": id, "userInputCode": "1" }), both),
        (json!({ "preAuthSessionId": id, "deviceId": "x" }), both),
        (json!({ "preAuthSessionId": 1, "linkCode": "x" }), "preAuthSessionId must be a string"),
        (foreign, mismatch),
        (linked(&second, &link_code), mismatch),
        (linked(&first, "%"), "Input encoding error in linkCode"),
    ] {
        world.post(CONSUME, &body).await.expect(400, &json!({ "message": text }));
    }
    let long = linked(&first, &"A".repeat(60_000));
    world.post(CONSUME, &long).await.expect(200, &json!({ "status": "RESTART_FLOW_ERROR" }));
}

async fn an_expired_code_is_told_from_a_wrong_one(harness: Harness) {
    let mut world = World::start(&harness).await;
    let (old, link_code) = world.code().await;
    world.app.advance_secs(600);
    // A younger code keeps the device from being tidied up.
    world.post(RESEND, &old).await.expect(200, &json!({ "status": "OK" }));
    world.app.advance_secs(1);
    for (body, status, failed) in [
        (old.clone(), "EXPIRED_USER_INPUT_CODE_ERROR", 1),
        (wrong(&old), "INCORRECT_USER_INPUT_CODE_ERROR", 2),
    ] {
        let answer = json!({
            "status": status,
            "failedCodeInputAttemptCount": failed,
            "maximumCodeInputAttempts": 5,
        });
        world.post(CONSUME, &body).await.expect(200, &answer);
    }
    let link = linked(&old, &link_code);
    world.post(CONSUME, &link).await.expect(200, &json!({ "status": "RESTART_FLOW_ERROR" }));
}

async fn a_code_that_two_send_at_once_is_accepted_once(harness: Harness) {
    let mut world = World::start(&harness).await;
    let (typed, _) = world.code().await;
    // Which of the two is first differs from run to run, so that the transcript keeps neither.
    let send = async || {
        let request = Req::post(CONSUME).json(&typed).header("connection", "close");
        world.app.connect().await.send(&request).await
    };
    let (first, second) = tokio::join!(send(), send());
    let mut statuses = [first, second].map(|reply| reply.json()["status"].to_string());
    statuses.sort_unstable();
    assert_eq!(statuses, ["\"OK\"", "\"RESTART_FLOW_ERROR\""]);
}
