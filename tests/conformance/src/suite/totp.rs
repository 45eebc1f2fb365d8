//! Codes of an authenticator app.

use auth_core::protocol::Secret;
use serde_json::{Value, json};

use super::{
    cases,
    mfa::{code, set_up_totp, sign_in, with_factors},
    support::{EMAIL, sign_up},
};
use crate::{
    App, Harness,
    client::{FrontEnd, Mode, Req},
};

cases! {
    "fdi-1.7-1" => a_new_device_is_told_with_its_secret_and_the_text_to_scan,
    "fdi-1.7-2" => devices_are_listed_without_their_secrets,
    "fdi-1.7-3" => a_device_is_removed_once,
    "fdi-1.7-4" => a_device_is_verified_by_its_first_code,
    "fdi-1.7-5" => a_code_is_accepted_once,
    "fdi-1.7-5" => a_pasted_code_is_read,
    "fdi-1.7-5" => a_device_counts_once_its_first_code_was_seen,
    "fdi-1.7-4" => a_device_that_is_verified_already_proves_nothing,
    "cdi-4.4" => the_sixth_wrong_code_in_a_row_is_not_looked_at,
    "fdi-1.7-5" => what_is_no_code_is_told_as_bad_input_or_as_wrong,
    "fdi-1.7-5" => a_stranger_learns_nothing,
}

async fn start(harness: &Harness) -> (App, FrontEnd) {
    let app = harness.start(with_factors([])).await;
    let front_end = sign_up(&app, Mode::Cookie, "/auth/signup").await.0;
    (app, front_end)
}

async fn post(app: &App, front_end: &mut FrontEnd, path: &str, body: Value) -> Value {
    let reply = front_end.send(app, Req::post(path).json(&body)).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

async fn verify(app: &App, front_end: &mut FrontEnd, totp: &str) -> Value {
    post(app, front_end, "/auth/totp/verify", json!({ "totp": totp })).await
}

fn wrong(failed: u32) -> Value {
    json!({
        "status": "INVALID_TOTP_ERROR",
        "currentNumberOfFailedAttempts": failed,
        "maxNumberOfFailedAttempts": 5,
    })
}

async fn a_new_device_is_told_with_its_secret_and_the_text_to_scan(harness: Harness) {
    let (app, mut front_end) = start(&harness).await;
    let body = json!({ "deviceName": "my phone" });
    let device = post(&app, &mut front_end, "/auth/totp/device", body).await;
    assert_eq!((&device["status"], &device["deviceName"]), (&json!("OK"), &json!("my phone")));
    let secret = device["secret"].as_str().expect("a secret");
    assert_eq!(secret.len(), 32, "160 bits");
    let text = format!(
        "otpauth://totp/Conformance:{EMAIL}?secret={secret}&issuer=Conformance&digits=6&period=30"
    );
    assert_eq!(device["qrCodeString"], text);
}

async fn devices_are_listed_without_their_secrets(harness: Harness) {
    let (app, mut front_end) = start(&harness).await;
    set_up_totp(&app, &mut front_end).await;
    post(&app, &mut front_end, "/auth/totp/device", json!({ "deviceName": "other" })).await;
    let reply = front_end.send(&app, Req::get("/auth/totp/device/list")).await;
    let device =
        |name, verified| json!({ "name": name, "period": 30, "skew": 1, "verified": verified });
    let mut devices = [device("TOTP Device 0", true), device("other", false)];
    devices.sort_by_key(|device| device["name"].to_string());
    let mut told = reply.json();
    if let Some(list) = told["devices"].as_array_mut() {
        list.sort_by_key(|device| device["name"].to_string());
    }
    assert_eq!(told, json!({ "status": "OK", "devices": devices }));
}

async fn a_device_is_removed_once(harness: Harness) {
    let (app, mut front_end) = start(&harness).await;
    set_up_totp(&app, &mut front_end).await;
    for did_device_exist in [true, false] {
        let body = json!({ "deviceName": "TOTP Device 0" });
        let answer = post(&app, &mut front_end, "/auth/totp/device/remove", body).await;
        assert_eq!(answer, json!({ "status": "OK", "didDeviceExist": did_device_exist }));
    }
    let answer = verify(&app, &mut front_end, "000000").await;
    assert_eq!(answer, json!({ "status": "UNKNOWN_USER_ID_ERROR" }));
}

async fn a_device_is_verified_by_its_first_code(harness: Harness) {
    let (app, mut front_end) = start(&harness).await;
    let path = "/auth/totp/device/verify";
    let device = post(&app, &mut front_end, "/auth/totp/device", json!({})).await;
    let secret = Secret::from(device["secret"].as_str().expect("a secret"));
    let name = &device["deviceName"];
    let with = |name: &Value, totp: &str| json!({ "deviceName": name, "totp": totp });
    let unknown = post(&app, &mut front_end, path, with(&json!("none"), "000000")).await;
    assert_eq!(unknown, json!({ "status": "UNKNOWN_DEVICE_ERROR" }));
    let refused = post(&app, &mut front_end, path, with(name, "000000")).await;
    assert_eq!(refused, wrong(1));
    assert_eq!(front_end.payload()["st-mfa"]["c"].get("totp"), None, "it completes nothing");
    for was_already_verified in [false, true] {
        let verified = post(&app, &mut front_end, path, with(name, &code(&app, &secret))).await;
        let expected = json!({ "status": "OK", "wasAlreadyVerified": was_already_verified });
        assert_eq!(verified, expected);
    }
    let again = json!({ "deviceName": name });
    let again = post(&app, &mut front_end, "/auth/totp/device", again).await;
    assert_eq!(again, json!({ "status": "DEVICE_ALREADY_EXISTS_ERROR" }));
}

async fn a_code_is_accepted_once(harness: Harness) {
    let (app, mut front_end) = start(&harness).await;
    let secret = set_up_totp(&app, &mut front_end).await;
    app.advance_secs(60);
    let now = code(&app, &secret);
    assert_eq!(verify(&app, &mut front_end, &now).await, json!({ "status": "OK" }));
    assert_eq!(verify(&app, &mut front_end, &now).await, wrong(1));
    app.advance_secs(30);
    let next = code(&app, &secret);
    assert_eq!(verify(&app, &mut front_end, &next).await, json!({ "status": "OK" }));
}

async fn a_pasted_code_is_read(harness: Harness) {
    let (app, mut front_end) = start(&harness).await;
    let secret = set_up_totp(&app, &mut front_end).await;
    let wide = |digit: char| char::from_u32(u32::from(digit) - 0x30 + 0xff10).unwrap_or(digit);
    for index in 0..3 {
        app.advance_secs(90);
        let now = code(&app, &secret);
        let (start, end) = now.split_at(3);
        let written = match index {
            0 => format!(" {start} {end}"),
            1 => format!("\u{200e}{start}-{end}\u{200b}"),
            _ => now.chars().map(wide).collect(),
        };
        assert_eq!(verify(&app, &mut front_end, &written).await, json!({ "status": "OK" }));
    }
}

async fn a_device_counts_once_its_first_code_was_seen(harness: Harness) {
    let (app, mut front_end) = start(&harness).await;
    let device = post(&app, &mut front_end, "/auth/totp/device", json!({})).await;
    let secret = Secret::from(device["secret"].as_str().expect("a secret"));
    let right = code(&app, &secret);
    assert_eq!(verify(&app, &mut front_end, &right).await, wrong(1));
    let body = json!({ "deviceName": device["deviceName"], "totp": right });
    let verified = post(&app, &mut front_end, "/auth/totp/device/verify", body).await;
    assert_eq!(verified["status"], "OK", "what was refused isn't used up");
}

async fn a_device_that_is_verified_already_proves_nothing(harness: Harness) {
    let (app, mut front_end) = start(&harness).await;
    set_up_totp(&app, &mut front_end).await;
    let mut front_end = sign_in(&app, Mode::Cookie).await;
    for totp in ["000000", "nonsense"] {
        let body = json!({ "deviceName": "TOTP Device 0", "totp": totp });
        let verified = post(&app, &mut front_end, "/auth/totp/device/verify", body).await;
        assert_eq!(verified, json!({ "status": "OK", "wasAlreadyVerified": true }));
    }
    let completed = &front_end.payload()["st-mfa"]["c"];
    assert_eq!(completed.get("totp"), None, "its code wasn't looked at: {completed}");
}

async fn the_sixth_wrong_code_in_a_row_is_not_looked_at(harness: Harness) {
    let (app, mut front_end) = start(&harness).await;
    let secret = set_up_totp(&app, &mut front_end).await;
    app.advance_secs(60);
    for failed in 1..=5 {
        assert_eq!(verify(&app, &mut front_end, "000000").await, wrong(failed));
    }
    let right = code(&app, &secret);
    let limited = json!({
        "status": "LIMIT_REACHED_ERROR",
        "retryAfterMs": 900_000,
        "currentNumberOfFailedAttempts": 5,
        "maxNumberOfFailedAttempts": 5,
    });
    assert_eq!(verify(&app, &mut front_end, &right).await, limited);
    app.advance_secs(900);
    let right = code(&app, &secret);
    assert_eq!(verify(&app, &mut front_end, &right).await, json!({ "status": "OK" }));
}

async fn what_is_no_code_is_told_as_bad_input_or_as_wrong(harness: Harness) {
    let (app, mut front_end) = start(&harness).await;
    set_up_totp(&app, &mut front_end).await;
    let (remove, verify_device) = ("/auth/totp/device/remove", "/auth/totp/device/verify");
    let required = "is required and must be a string";
    for (path, body, text) in [
        ("/auth/totp/verify", json!({}), format!("totp {required}")),
        ("/auth/totp/verify", json!({ "totp": 123_456 }), format!("totp {required}")),
        ("/auth/totp/verify", json!({ "totp": null }), format!("totp {required}")),
        (verify_device, json!({ "deviceName": "a" }), format!("totp {required}")),
        (verify_device, json!({ "deviceName": 1, "totp": "1" }), format!("deviceName {required}")),
        (remove, json!({}), format!("deviceName {required}")),
        (remove, json!({ "deviceName": "" }), format!("deviceName {required}")),
        ("/auth/totp/device", json!({ "deviceName": 1 }), "deviceName must be a string".into()),
    ] {
        let reply = front_end.send(&app, Req::post(path).json(&body)).await;
        reply.expect_message(400, &text);
    }
    let long = json!({ "deviceName": "n".repeat(257) });
    let reply = front_end.send(&app, Req::post("/auth/totp/device").json(&long)).await;
    assert_eq!(reply.status, 400, "{reply:?}");
    // Of 32 KiB: taken, and neither looked at nor counted.
    for totp in ["1".repeat(32 * 1024), "💡💡💡".to_owned()] {
        assert_eq!(verify(&app, &mut front_end, &totp).await["status"], "INVALID_TOTP_ERROR");
    }
    let reply = front_end
        .send(&app, Req::post("/auth/totp/verify").json(&json!({ "totp": "1".repeat(70_000) })))
        .await;
    assert_eq!(reply.status, 413, "{reply:?}");
}

async fn a_stranger_learns_nothing(harness: Harness) {
    let app = harness.start(with_factors([])).await;
    for path in [
        "/auth/totp/device",
        "/auth/totp/device/remove",
        "/auth/totp/device/verify",
        "/auth/totp/verify",
    ] {
        let reply = app.send(Req::post(path).json(&json!({ "totp": "000000" }))).await;
        reply.expect(401, &json!({ "message": "unauthorised" }));
    }
    let reply = app.send(Req::get("/auth/totp/device/list")).await;
    reply.expect(401, &json!({ "message": "unauthorised" }));
}
