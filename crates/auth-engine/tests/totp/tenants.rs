//! Two tenants of one app: devices are the app's, attempts are the tenant's.

use auth_protocol::{Secret, totp::*};

use crate::{
    RFC_SECRET, code,
    common::{START_MS, Test, TestStorage},
    limit_reached, wrong,
};

#[tokio::test]
async fn a_device_counts_in_every_tenant_and_its_code_once_in_all_of_them() {
    let storage = TestStorage::new();
    let here = Test::with(storage.config()).await;
    let there = here.in_new_tenant(&storage, "t1");
    here.import(RFC_SECRET, 1).await;
    assert_eq!(there.names().await, [("phone".to_owned(), true)]);
    let totp = code(&RFC_SECRET.into(), START_MS);
    assert_eq!(there.verify(&totp).await, VerifyTotpResponse::Ok);
    assert_eq!(here.verify(&totp).await, wrong(1), "used");
    // A device that is set up in one is verified for both.
    let (name, secret) = there.create(Some("tablet")).await.unwrap();
    let ok = |was_already_verified| VerifyTotpDeviceResponse::Ok { was_already_verified };
    assert_eq!(here.verify_device(&name, &code(&secret, START_MS)).await, ok(false));
    assert_eq!(there.verify_device(&name, "any").await, ok(true));
}

#[tokio::test]
async fn wrong_codes_close_one_tenant_and_right_ones_of_another_do_not_open_it() {
    let storage = TestStorage::new();
    let here = Test::with(storage.config()).await;
    let there = here.in_new_tenant(&storage, "t1");
    here.import(RFC_SECRET, 1).await;
    for failed in 1..=5 {
        assert_eq!(here.verify("000000").await, wrong(failed));
    }
    assert_eq!(here.verify("000000").await, limit_reached(900_000));
    // The count of the other tenant is its own.
    assert_eq!(there.verify("000000").await, wrong(1));
    let secret = Secret::from(RFC_SECRET);
    let totp = code(&secret, START_MS);
    assert_eq!(there.verify(&totp).await, VerifyTotpResponse::Ok);
    assert_eq!(here.verify(&code(&secret, START_MS + 30_000)).await, limit_reached(900_000));
    assert_eq!(there.verify("000000").await, wrong(1), "the right one began its count anew");
}
