//! Devices: their names, and who has some.

use auth_protocol::{UserId, totp::*};

use crate::{
    RFC_SECRET, ada, code,
    common::{START_MS, Test},
};

#[tokio::test]
async fn an_unverified_device_makes_room_for_one_of_its_name_and_a_verified_one_does_not() {
    let test = Test::new().await;
    let (_, old) = test.create(Some("phone")).await.unwrap();
    let (_, new) = test.create(Some("phone")).await.unwrap();
    assert_eq!(test.names().await.len(), 1);
    let refused = test.verify_device("phone", &code(&old, START_MS)).await;
    assert!(matches!(refused, VerifyTotpDeviceResponse::InvalidTotpError { .. }));
    test.verify_device("phone", &code(&new, START_MS)).await;
    assert!(test.create(Some("phone")).await.is_none());
    let import = ImportTotpDevice {
        user_id: ada(),
        device_name: Some("phone".into()),
        secret_key: RFC_SECRET.into(),
        skew: 1,
        period: 30,
    };
    assert_eq!(test.run(import).await, ImportTotpDeviceResponse::DeviceAlreadyExistsError);
}

#[tokio::test]
async fn devices_without_a_name_are_numbered_by_the_verified_ones() {
    let test = Test::new().await;
    let (first, secret) = test.create(None).await.unwrap();
    assert_eq!(first, "TOTP Device 0");
    test.verify_device(&first, &code(&secret, START_MS)).await;
    assert_eq!(test.create(None).await.unwrap().0, "TOTP Device 1");
    assert_eq!(test.create(None).await.unwrap().0, "TOTP Device 1", "still unverified");
}

#[tokio::test]
async fn a_device_can_be_renamed_but_not_over_another() {
    let test = Test::new().await;
    test.create(Some("a")).await.unwrap();
    test.create(Some("b")).await.unwrap();
    let rename = |from: &str, to: &str| UpdateTotpDevice {
        user_id: ada(),
        existing_device_name: from.into(),
        new_device_name: to.into(),
    };
    for (from, to, expected) in [
        ("a", "b", UpdateTotpDeviceResponse::DeviceAlreadyExistsError),
        ("c", "d", UpdateTotpDeviceResponse::UnknownDeviceError),
        ("a", "c", UpdateTotpDeviceResponse::Ok),
        ("b", "b", UpdateTotpDeviceResponse::Ok),
    ] {
        assert_eq!(test.run(rename(from, to)).await, expected, "{from} to {to}");
    }
}

#[tokio::test]
async fn a_device_of_a_reused_name_is_not_bound_by_its_forerunners_codes() {
    let test = Test::new().await;
    test.import(RFC_SECRET, 1).await;
    assert_eq!(test.verify(&code(&RFC_SECRET.into(), START_MS)).await, VerifyTotpResponse::Ok);
    test.run(RemoveTotpDevice { user_id: ada(), device_name: "phone".into() }).await;
    let (name, secret) = test.create(Some("phone")).await.unwrap();
    let verified = VerifyTotpDeviceResponse::Ok { was_already_verified: false };
    assert_eq!(test.verify_device(&name, &code(&secret, START_MS)).await, verified);
}

#[tokio::test]
async fn many_users_are_asked_about_at_once() {
    let test = Test::new().await;
    test.import(RFC_SECRET, 1).await;
    let eve = CreateTotpDevice { user_id: "eve".into(), device_name: None, skew: 1, period: 30 };
    test.run(eve).await;
    let mut user_ids: Vec<UserId> = (0..40).map(|index| index.to_string().into()).collect();
    user_ids.extend([ada(), "eve".into()]);
    let GetTotpStatusOfUsersResponse::Ok { users } =
        test.run(GetTotpStatusOfUsers { user_ids }).await;
    assert_eq!(users.len(), 42);
    assert!(users[..40].iter().all(|user| user.has_verified_device.is_none()));
    assert_eq!(users[40].has_verified_device, Some(true));
    assert_eq!(users[41].has_verified_device, Some(false));
    let too_many = GetTotpStatusOfUsers { user_ids: vec![ada(); 501] };
    assert_eq!(test.refused(too_many).await, "You can only query up to 500 users at a time.");
}
