//! FDI §1.7, 6: the functions of factors, and what the suite's application doesn't set.

use auth_core::{
    protocol::{
        Secret, UserId,
        totp::{ImportTotpDeviceResponse, UpdateTotpDeviceResponse, VerifyTotpResponse},
    },
    recipes::{
        multifactorauth::{
            AddToRequiredSecondaryFactorsForUserInput, FactorId,
            RemoveFromRequiredSecondaryFactorsForUserInput,
        },
        recoverycode::ConsumeCodeInput,
        session::{RefreshSessionInput, SessionOptions},
        totp::{
            CreateDeviceInput, CreateDeviceOutcome, ImportDeviceInput, RemoveDeviceInput,
            UpdateDeviceInput, VerifyDeviceInput, VerifyTotpInput,
        },
    },
};
use serde_json::json;

use super::{Client, Test};
use crate::harness::{EMAIL, PASSWORD, form};

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
}

#[tokio::test]
async fn the_functions_of_authenticators_work_without_a_session() {
    let test = Test::mfa([]).await;
    let ada = test.sign_up(EMAIL).await;
    let user_id = ada.session().await.get_user_id().clone();
    let totp = test.app.0.totp().expect("in the list");
    let input = CreateDeviceInput::new(&user_id).device_name("a").user_identifier_info("Ada");
    let created = totp.create_device(input).await.expect("created");
    let CreateDeviceOutcome::Ok(device) = created else { panic!("{created:?}") };
    assert!(device.qr_code_string.expose_secret().starts_with("otpauth://totp/My%20App:Ada?"));
    let input = UpdateDeviceInput::new(&user_id, "a", "b");
    let renamed = totp.update_device(input).await.expect("renamed");
    assert_eq!(renamed, UpdateTotpDeviceResponse::Ok);
    let input = VerifyDeviceInput::new(&user_id, "b", test.code(&device.secret));
    totp.verify_device(input).await.expect("verified");
    let devices = totp.list_devices(&user_id).await.expect("listed");
    assert!(devices.iter().all(|device| device.name == "b" && device.verified));
    test.clock.advance(std::time::Duration::from_secs(30));
    let input = VerifyTotpInput::new(&user_id, test.code(&device.secret));
    let verified = totp.verify_totp(input).await.expect("verified");
    assert_eq!(verified, VerifyTotpResponse::Ok);
    assert!(totp.remove_device(RemoveDeviceInput::new(&user_id, "b")).await.expect("removed"));
    let unknown = totp.create_device(UserId::new("unknown")).await.expect("answered");
    assert!(matches!(unknown, CreateDeviceOutcome::UnknownUserId));
}

#[tokio::test]
async fn an_imported_device_counts_at_once() {
    let test = Test::mfa([]).await;
    let mut ada = test.sign_up(EMAIL).await;
    let user_id = ada.session().await.get_user_id().clone();
    let totp = test.app.0.totp().expect("in the list");
    let secret = Secret::from("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
    let device = ImportDeviceInput::new(&user_id, secret.clone()).skew(2).period_secs(30);
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
    let wrong = ImportDeviceInput::new(user_id, "not Base32!");
    let refused = totp.import_device(wrong).await.expect_err("no secret");
    assert!(!refused.to_string().contains("not Base32!"), "{refused}");
}

#[tokio::test]
async fn the_functions_of_recovery_codes_work_without_a_session() {
    let test = Test::mfa([]).await;
    let ada = test.sign_up(EMAIL).await;
    let user_id = ada.session().await.get_user_id().clone();
    let functions = test.app.0.recoverycode().expect("in the list");
    let codes = functions.generate_codes(&user_id).await.expect("generated");
    let code = ConsumeCodeInput::new(&user_id, codes[0].clone());
    functions.consume_code(code).await.expect("consumed");
    assert_eq!(functions.count_codes(&user_id).await.expect("counted"), 9);
    assert!(functions.remove_codes(&user_id).await.expect("removed"));
    assert!(!functions.remove_codes(&user_id).await.expect("removed"));
}

#[tokio::test]
async fn a_refresh_without_a_request_tells_the_session_what_is_required_now() {
    let test = Test::mfa([]).await;
    test.sign_up(EMAIL).await;
    let mode = [("st-auth-mode", "header")];
    let answer = test.app.post_with("/auth/signin", &mode, &form(EMAIL, PASSWORD)).await;
    let token = |name| answer.header(name).expect("a token").to_owned();
    let old = Client { test: &test, token: token("st-access-token") };
    let user_id = old.session().await.get_user_id().clone();
    let mfa = test.app.0.multifactorauth().expect("in the list");
    let sessions = test.app.0.session().expect("in the list");
    let mut refresh_token = token("st-refresh-token");
    for is_required in [true, false] {
        let done = if is_required {
            let input = AddToRequiredSecondaryFactorsForUserInput::new(&user_id, FactorId::TOTP);
            mfa.add_to_required_secondary_factors_for_user(input).await
        } else {
            let input =
                RemoveFromRequiredSecondaryFactorsForUserInput::new(&user_id, FactorId::TOTP);
            mfa.remove_from_required_secondary_factors_for_user(input).await
        };
        done.expect("done");
        let session = sessions
            .refresh_session_without_request_response(
                RefreshSessionInput::new(refresh_token).disable_anti_csrf(true),
            )
            .await
            .expect("refreshed");
        let tokens = session.get_all_session_tokens_dangerously().expect("tokens");
        let token = tokens.access_token.expose_secret().to_owned();
        let client = Client { test: &test, token };
        assert_eq!(client.claim().await["v"], !is_required);
        assert_eq!(client.refusal(&SessionOptions::new()).await.is_some(), is_required);
        refresh_token = tokens.refresh_token.expect("a token").expose_secret().to_owned();
    }
}
