//! Two tenants of one app: devices are the app's, attempts are the tenant's.

use std::time::Duration;

use auth_protocol::{Secret, TenantScope, multitenancy::CreateOrUpdateTenant, totp::*};
use serde_json::json;

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

#[tokio::test]
async fn wrong_codes_count_until_the_pause_of_their_tenant_is_over_whatever_is_tidied_up() {
    const DAY_MS: i64 = 24 * 60 * 60 * 1000;
    let here = Test::new().await;
    let core_config = json!({ "totp_rate_limit_cooldown_sec": DAY_MS / 1000 });
    here.run(CreateOrUpdateTenant {
        tenant_id: Some("t1".into()),
        core_config: core_config.as_object().cloned(),
        ..CreateOrUpdateTenant::default()
    })
    .await;
    let scope = TenantScope::new(here.scope.app.clone(), "t1".into());
    let there = Test { engine: here.engine.clone(), clock: here.clock.clone(), scope };
    here.import(RFC_SECRET, 1).await;
    for failed in 1..=5 {
        assert_eq!(there.verify("000000").await, wrong(failed));
    }
    let passed = Duration::from_secs(3 * 60 * 60);
    here.clock.advance(passed);
    here.engine.delete_expired().await.unwrap();
    let left_ms = DAY_MS - i64::try_from(passed.as_millis()).unwrap();
    assert_eq!(there.verify("000000").await, limit_reached(left_ms));
}
