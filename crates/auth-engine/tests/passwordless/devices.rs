//! What is stored of devices and their codes.

use std::time::Duration;

use auth_protocol::passwordless::*;

use crate::{
    E164, LIFETIME, PHONE,
    common::{Test, TestStorage},
    linked,
};

#[tokio::test]
async fn devices_are_listed_by_contact_secret_and_digest() {
    let test = Test::new().await;
    let first = test.code(CreateCode::for_phone_number(PHONE)).await;
    test.clock.advance(Duration::from_secs(1));
    let second = test.code(CreateCode::for_device(first.device_id.clone())).await;
    let expected = Device {
        pre_auth_session_id: first.pre_auth_session_id.clone(),
        failed_code_input_attempt_count: 0,
        email: None,
        phone_number: Some(E164.into()),
        codes: [first.clone(), second]
            .map(|code| DeviceCode {
                code_id: code.code_id,
                time_created: code.time_created,
                code_lifetime: 600_000,
            })
            .into(),
    };
    for filter in [
        ListCodes::by_phone_number(PHONE),
        ListCodes::by_device_id(first.device_id.clone()),
        ListCodes::by_pre_auth_session_id(format!("{}=", first.pre_auth_session_id)),
    ] {
        assert_eq!(test.devices(filter).await, std::slice::from_ref(&expected));
    }
    assert!(test.devices(ListCodes::by_email("a@b.c")).await.is_empty());
}

#[tokio::test]
async fn codes_are_revoked_singly_by_device_and_by_contact() {
    let test = Test::new().await;
    let first = test.email_code("a@b.c").await;
    let second = test.code(CreateCode::for_device(first.device_id.clone())).await;
    let by_id = |id: &str| RemoveCode { code_id: Some(id.into()), ..RemoveCode::default() };
    test.run(by_id("unknown")).await;
    test.run(by_id(&first.code_id)).await;
    let response = test.run(CheckCode(linked(&first))).await;
    assert_eq!(response, CheckCodeResponse::RestartFlowError);
    assert_eq!(test.devices(ListCodes::by_email("a@b.c")).await[0].codes.len(), 1);
    test.run(by_id(&second.code_id)).await;
    assert!(test.devices(ListCodes::by_email("a@b.c")).await.is_empty(), "the last took it along");

    let third = test.email_code("a@b.c").await;
    let id = Some(third.pre_auth_session_id.clone());
    test.run(RemoveCode { pre_auth_session_id: id, ..RemoveCode::default() }).await;
    assert_eq!(test.run(CheckCode(linked(&third))).await, CheckCodeResponse::RestartFlowError);

    let (fourth, fifth) = (test.email_code("a@b.c").await, test.email_code("a@b.c").await);
    test.run(RemoveCodes { email: Some(" A@B.C".into()), ..RemoveCodes::default() }).await;
    for code in [fourth, fifth] {
        assert_eq!(test.run(CheckCode(linked(&code))).await, CheckCodeResponse::RestartFlowError);
    }
}

#[tokio::test]
async fn a_device_is_tidied_up_when_all_its_codes_have_expired() {
    let test = Test::new().await;
    let code = test.email_code("a@b.c").await;
    test.clock.advance(LIFETIME);
    test.code(CreateCode::for_device(code.device_id.clone())).await;
    test.clock.advance(LIFETIME);
    test.engine.delete_expired().await.unwrap();
    assert_eq!(test.devices(ListCodes::by_email("a@b.c")).await.len(), 1, "one still counts");
    test.clock.advance(Duration::from_millis(1));
    test.engine.delete_expired().await.unwrap();
    assert!(test.devices(ListCodes::by_email("a@b.c")).await.is_empty());
}

#[tokio::test]
async fn only_digests_of_codes_are_stored() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    let chosen = CreateCode::for_email("a@b.c").user_input_code(Some("open sesame".into()));
    let code = test.code(chosen).await;
    test.engine.shutdown().await;
    assert!(storage.holds("a@b.c") && storage.holds(&code.pre_auth_session_id));
    for secret in [code.device_id, code.user_input_code, code.link_code] {
        assert!(!storage.holds(secret.expose_secret()));
    }
}
