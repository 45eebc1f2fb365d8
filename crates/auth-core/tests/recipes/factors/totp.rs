//! FDI 1.7: TOTP.

use auth_core::{
    protocol::{
        Secret,
        totp::{ImportTotpDeviceResponse, UpdateTotpDeviceResponse, VerifyTotpResponse},
    },
    recipes::totp::{CreateDevice, CreateDeviceOutcome, ImportDevice},
};
use http::{Method, StatusCode};
use serde_json::json;

use super::Test;
use crate::harness::EMAIL;

#[tokio::test]
async fn a_new_device_is_told_as_text_and_as_a_picture() {
    let test = Test::mfa([]).await;
    let mut ada = test.sign_up(EMAIL).await;
    let device = ada.post("/auth/totp/device", &json!({ "deviceName": "phone" })).await;
    assert_eq!((&device["status"], &device["deviceName"]), (&json!("OK"), &json!("phone")));
    let secret = device["secret"].as_str().expect("a secret");
    assert_eq!(
        device["qrCodeString"],
        format!(
            "otpauth://totp/My%20App:{EMAIL}?secret={secret}&issuer=My%20App&digits=6&period=30"
        )
    );
    assert!(device["qrCodeSvg"].as_str().is_some_and(|svg| svg.contains("<svg")));
    assert_eq!(
        ada.send(Method::GET, "/auth/totp/device/list", &json!({})).await.json(),
        json!({
            "status": "OK",
            "devices": [{ "name": "phone", "period": 30, "skew": 1, "verified": false }],
        })
    );
}

#[tokio::test]
async fn each_outcome_has_its_status() {
    let test = Test::mfa([]).await;
    let mut ada = test.sign_up(EMAIL).await;
    let code = json!({ "totp": "000000" });
    let unknown = json!({ "status": "UNKNOWN_USER_ID_ERROR" });
    assert_eq!(ada.post("/auth/totp/verify", &code).await, unknown);
    let secret = ada.set_up_totp().await;
    let again = ada.post("/auth/totp/device", &json!({ "deviceName": "TOTP Device 0" })).await;
    assert_eq!(again, json!({ "status": "DEVICE_ALREADY_EXISTS_ERROR" }));
    let body = json!({ "deviceName": "nothing", "totp": "000000" });
    let missing = ada.post("/auth/totp/device/verify", &body).await;
    assert_eq!(missing, json!({ "status": "UNKNOWN_DEVICE_ERROR" }));
    let used = ada.post("/auth/totp/verify", &json!({ "totp": test.code(&secret) })).await;
    assert_eq!(
        used,
        json!({
            "status": "INVALID_TOTP_ERROR",
            "currentNumberOfFailedAttempts": 1,
            "maxNumberOfFailedAttempts": 5,
        })
    );
    for _ in 0..4 {
        ada.post("/auth/totp/verify", &code).await;
    }
    assert_eq!(
        ada.post("/auth/totp/verify", &code).await,
        json!({
            "status": "LIMIT_REACHED_ERROR",
            "retryAfterMs": 900_000,
            "currentNumberOfFailedAttempts": 5,
            "maxNumberOfFailedAttempts": 5,
        })
    );
    let remove = json!({ "deviceName": "TOTP Device 0" });
    for did_device_exist in [true, false] {
        let removed = ada.post("/auth/totp/device/remove", &remove).await;
        assert_eq!(removed, json!({ "status": "OK", "didDeviceExist": did_device_exist }));
    }
}

#[tokio::test]
async fn a_wrong_first_code_verifies_nothing_and_completes_nothing() {
    let test = Test::mfa([]).await;
    let mut ada = test.sign_up(EMAIL).await;
    let device = ada.post("/auth/totp/device", &json!({})).await;
    let body = json!({ "deviceName": device["deviceName"], "totp": "000000" });
    let answer = ada.post("/auth/totp/device/verify", &body).await;
    assert_eq!(answer["status"], "INVALID_TOTP_ERROR");
    assert_eq!(ada.claim().await["c"].get("totp"), None);
}

#[tokio::test]
async fn a_device_that_is_verified_already_does_not_complete_the_factor() {
    let test = Test::mfa([]).await;
    test.sign_up(EMAIL).await.set_up_totp().await;
    let mut ada = test.sign_in(EMAIL).await;
    let body = json!({ "deviceName": "TOTP Device 0", "totp": "nonsense" });
    let answer = ada.post("/auth/totp/device/verify", &body).await;
    assert_eq!(answer, json!({ "status": "OK", "wasAlreadyVerified": true }));
    assert_eq!(ada.claim().await["c"].get("totp"), None);
}

#[tokio::test]
async fn what_has_the_wrong_type_is_bad_input() {
    let test = Test::mfa([]).await;
    let mut ada = test.sign_up(EMAIL).await;
    for (path, body, field) in [
        ("/auth/totp/device/remove", json!({}), "deviceName"),
        ("/auth/totp/device/remove", json!({ "deviceName": "" }), "deviceName"),
        ("/auth/totp/device/verify", json!({ "deviceName": 1, "totp": "1" }), "deviceName"),
        ("/auth/totp/device/verify", json!({ "deviceName": "a" }), "totp"),
        ("/auth/totp/verify", json!({ "totp": 123_456 }), "totp"),
    ] {
        let answer = ada.send(Method::POST, path, &body).await;
        answer.is_bad_input(&format!("{field} is required and must be a string"));
    }
    let answer = ada.send(Method::POST, "/auth/totp/device", &json!({ "deviceName": 1 })).await;
    answer.is_bad_input("deviceName must be a string");
    let long = json!({ "deviceName": "n".repeat(257) });
    let answer = ada.send(Method::POST, "/auth/totp/device", &long).await;
    assert_eq!(answer.0.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_functions_work_without_a_session() {
    let test = Test::mfa([]).await;
    let ada = test.sign_up(EMAIL).await;
    let user_id = ada.session().await.get_user_id().clone();
    let totp = test.app.0.totp().expect("in the list");
    let input = CreateDevice::new(user_id.clone()).device_name("a").user_identifier_info("Ada");
    let created = totp.create_device(input).await.expect("created");
    let CreateDeviceOutcome::Ok(device) = created else { panic!("{created:?}") };
    assert!(device.qr_code_string.expose_secret().starts_with("otpauth://totp/My%20App:Ada?"));
    let renamed = totp.update_device(&user_id, "a", "b").await.expect("renamed");
    assert_eq!(renamed, UpdateTotpDeviceResponse::Ok);
    let tenant = auth_core::protocol::TenantId::default();
    let code = test.code(&device.secret);
    totp.verify_device(&tenant, &user_id, "b", code.into()).await.expect("verified");
    let devices = totp.list_devices(&user_id).await.expect("listed");
    assert!(devices.iter().all(|device| device.name == "b" && device.verified));
    test.clock.advance(std::time::Duration::from_secs(30));
    let code = test.code(&device.secret);
    let verified = totp.verify_totp(&tenant, &user_id, code.into()).await.expect("verified");
    assert_eq!(verified, VerifyTotpResponse::Ok);
    assert!(totp.remove_device(&user_id, "b").await.expect("removed"));
    let unknown = totp.create_device(CreateDevice::new("unknown".into())).await.expect("answered");
    assert!(matches!(unknown, CreateDeviceOutcome::UnknownUserId));
}

#[tokio::test]
async fn an_imported_device_counts_at_once() {
    let test = Test::mfa([]).await;
    let mut ada = test.sign_up(EMAIL).await;
    let user_id = ada.session().await.get_user_id().clone();
    let totp = test.app.0.totp().expect("in the list");
    let secret = Secret::from("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
    let device = ImportDevice::new(user_id.clone(), secret.clone()).skew(2).period_secs(30);
    let imported = totp.import_device(device.clone().device_name("old phone")).await;
    let device_name = "old phone".to_owned();
    assert_eq!(imported.expect("imported"), ImportTotpDeviceResponse::Ok { device_name });
    let again = totp.import_device(device.clone().device_name("old phone")).await;
    assert_eq!(again.expect("answered"), ImportTotpDeviceResponse::DeviceAlreadyExistsError);
    let devices = totp.list_devices(&user_id).await.expect("listed");
    let [device_of_ada] = &devices[..] else { panic!("{devices:?}") };
    assert!(device_of_ada.verified && device_of_ada.skew == 2 && device_of_ada.period == 30);
    let code = json!({ "totp": test.code(&secret) });
    assert_eq!(ada.post("/auth/totp/verify", &code).await["status"], "OK");
    let wrong = ImportDevice::new(user_id, "not Base32!");
    let refused = totp.import_device(wrong).await.expect_err("no secret");
    assert!(!refused.to_string().contains("not Base32!"), "{refused}");
}
