//! One-time passwords (CDI §4.4; RFC 4226, RFC 6238).
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

#[path = "../common/mod.rs"]
mod common;
mod devices;
mod tenants;

use std::time::Duration;

use auth_engine::EngineError;
use auth_protocol::{Secret, UserId, totp::*, user::DeleteUser};
use common::{START_MS, Test, TestStorage, public};
use totp_rs::Builder;

/// `12345678901234567890`, the secret of the vectors of RFC 4226 and RFC 6238.
const RFC_SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

fn ada() -> UserId {
    "ada".into()
}

/// The code that an authenticator app shows for a secret.
fn code(secret: &Secret, now_ms: i64) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret.expose_secret()).unwrap();
    let totp = Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(now_ms / 1000).unwrap()).to_string()
}

impl Test {
    async fn create(&self, name: Option<&str>) -> Option<(String, Secret)> {
        let device_name = name.map(str::to_owned);
        let operation = CreateTotpDevice { user_id: ada(), device_name, skew: 1, period: 30 };
        match self.run(operation).await {
            CreateTotpDeviceResponse::Ok { device_name, secret } => Some((device_name, secret)),
            CreateTotpDeviceResponse::DeviceAlreadyExistsError => None,
        }
    }

    async fn import(&self, secret: &str, skew: u32) {
        let operation = ImportTotpDevice {
            user_id: ada(),
            device_name: Some("phone".into()),
            secret_key: secret.into(),
            skew,
            period: 30,
        };
        assert!(matches!(self.run(operation).await, ImportTotpDeviceResponse::Ok { .. }));
    }

    async fn verify_device(&self, name: &str, totp: &str) -> VerifyTotpDeviceResponse {
        let device_name = name.to_owned();
        self.run(VerifyTotpDevice { user_id: ada(), device_name, totp: totp.into() }).await
    }

    async fn verify(&self, totp: &str) -> VerifyTotpResponse {
        self.run(VerifyTotp { user_id: ada(), totp: totp.into() }).await
    }

    async fn names(&self) -> Vec<(String, bool)> {
        let ListTotpDevicesResponse::Ok { devices } =
            self.run(ListTotpDevices { user_id: ada() }).await;
        devices.into_iter().map(|device| (device.name, device.verified)).collect()
    }
}

fn wrong(failed: u32) -> VerifyTotpResponse {
    VerifyTotpResponse::InvalidTotpError {
        current_number_of_failed_attempts: failed,
        max_number_of_failed_attempts: 5,
    }
}

fn limit_reached(retry_after_ms: i64) -> VerifyTotpResponse {
    VerifyTotpResponse::LimitReachedError {
        retry_after_ms,
        current_number_of_failed_attempts: 5,
        max_number_of_failed_attempts: 5,
    }
}

#[tokio::test]
async fn the_vectors_of_rfc_6238_are_right_at_their_times() {
    let test = Test::new().await;
    test.import(RFC_SECRET, 0).await;
    // Appendix B, SHA-1, the last six of eight digits.
    for (secs, code) in [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ] {
        test.clock.set(secs * 1000);
        assert_eq!(test.verify(code).await, VerifyTotpResponse::Ok, "at {secs} s");
    }
}

#[tokio::test]
async fn the_vectors_of_rfc_4226_are_right_at_their_counters() {
    let test = Test::new().await;
    test.import(RFC_SECRET, 0).await;
    // Appendix D.
    let codes = [
        "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
        "520489",
    ];
    for (counter, code) in (0..).zip(codes) {
        test.clock.set(counter * 30_000 + 29_999);
        assert_eq!(test.verify(code).await, VerifyTotpResponse::Ok, "counter {counter}");
    }
}

#[tokio::test]
async fn a_secret_has_160_bits_and_differs_for_each_device() {
    let test = Test::new().await;
    let (_, first) = test.create(Some("a")).await.unwrap();
    let (_, second) = test.create(Some("b")).await.unwrap();
    assert_eq!(first.expose_secret().len(), 32);
    assert!(first.expose_secret().chars().all(|it| matches!(it, 'A'..='Z' | '2'..='7')));
    assert_ne!(first.expose_secret(), second.expose_secret());
}

#[tokio::test]
async fn a_device_counts_once_one_of_its_codes_was_entered() {
    let test = Test::new().await;
    let (name, secret) = test.create(Some("phone")).await.unwrap();
    let totp = code(&secret, START_MS);
    assert_eq!(test.verify(&totp).await, wrong(1), "not yet");
    let verified = VerifyTotpDeviceResponse::Ok { was_already_verified: false };
    assert_eq!(test.verify_device(&name, &totp).await, verified);
    assert_eq!(test.names().await, [("phone".to_owned(), true)]);
    let again = VerifyTotpDeviceResponse::Ok { was_already_verified: true };
    assert_eq!(test.verify_device(&name, "nonsense").await, again, "its code isn't looked at");
    let unknown = test.verify_device("tablet", &totp).await;
    assert_eq!(unknown, VerifyTotpDeviceResponse::UnknownDeviceError);
    test.clock.advance(Duration::from_secs(30));
    assert_eq!(test.verify(&code(&secret, START_MS + 30_000)).await, VerifyTotpResponse::Ok);
}

#[tokio::test]
async fn a_code_is_accepted_once_also_after_its_device_was_renamed() {
    let test = Test::new().await;
    test.import(RFC_SECRET, 1).await;
    let totp = code(&RFC_SECRET.into(), START_MS);
    assert_eq!(test.verify(&totp).await, VerifyTotpResponse::Ok);
    assert_eq!(test.verify(&totp).await, wrong(1));
    let rename = UpdateTotpDevice {
        user_id: ada(),
        existing_device_name: "phone".into(),
        new_device_name: "old phone".into(),
    };
    assert_eq!(test.run(rename).await, UpdateTotpDeviceResponse::Ok);
    assert_eq!(test.verify(&totp).await, wrong(2));
}

#[tokio::test]
async fn the_code_that_verified_a_device_does_not_sign_in_too() {
    let test = Test::new().await;
    let (name, secret) = test.create(None).await.unwrap();
    let totp = code(&secret, START_MS);
    test.verify_device(&name, &totp).await;
    assert_eq!(test.verify(&totp).await, wrong(1));
}

#[tokio::test]
async fn a_code_may_be_early_or_late_by_the_skew_and_no_more() {
    for (skew, off_secs, expected) in [
        (1, -30, VerifyTotpResponse::Ok),
        (1, 30, VerifyTotpResponse::Ok),
        (1, -60, wrong(1)),
        (1, 60, wrong(1)),
        (0, -30, wrong(1)),
        (2, 60, VerifyTotpResponse::Ok),
    ] {
        let test = Test::new().await;
        test.import(RFC_SECRET, skew).await;
        let totp = code(&RFC_SECRET.into(), START_MS + off_secs * 1000);
        assert_eq!(test.verify(&totp).await, expected, "skew {skew}, {off_secs} s");
    }
}

#[tokio::test]
async fn a_code_is_read_however_it_is_grouped_and_in_whichever_script() {
    let test = Test::new().await;
    test.import(RFC_SECRET, 0).await;
    for (counter, written) in (1..).zip([
        " 287 082\n",
        "359-152",
        "969\u{2011}429",
        "\u{200e}338\u{a0}314\u{200b}",
        "２５４６７６",
        "٢٨٧٩٢٢",
        "१६२५८३",
        "3 9 9 8 7 1",
    ]) {
        test.clock.set(counter * 30_000);
        assert_eq!(test.verify(written).await, VerifyTotpResponse::Ok, "{written}");
    }
    for (failed, written) in [(1, "520 48"), (2, "52048a"), (3, "520.489")] {
        test.clock.set(9 * 30_000);
        assert_eq!(test.verify(written).await, wrong(failed));
    }
}

#[tokio::test]
async fn a_secret_is_imported_however_it_is_written() {
    for written in [
        "gezdgnbvgy3tqojqgezdgnbvgy3tqojq",
        "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ",
        "gezd-gnbv-gy3t-qojq-gezd-gnbv-gy3t-qojq",
        " GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ====\n",
        "\u{200b}ＧＥＺＤ\u{a0}gnbv\u{ad}gy3tqojqgezdgnbvgy3tqojq",
    ] {
        let test = Test::new().await;
        test.import(written, 0).await;
        test.clock.set(59_000);
        assert_eq!(test.verify("287082").await, VerifyTotpResponse::Ok, "{written}");
    }
    let test = Test::new().await;
    for wrong in
        ["GEZDGNBVGY3TQOJ1", "GEZDGNBV", "GEZD.GNBV.GY3T.QOJQ", "====", "A=BCDEFGHIJKLMNOP"]
    {
        let operation = ImportTotpDevice {
            user_id: ada(),
            device_name: None,
            secret_key: wrong.into(),
            skew: 1,
            period: 30,
        };
        let text = test.refused(operation).await;
        assert!(text.starts_with("secretKey"), "{wrong}: {text}");
    }
}

#[tokio::test]
async fn after_five_wrong_codes_even_the_right_one_waits_for_fifteen_minutes() {
    let test = Test::new().await;
    test.import(RFC_SECRET, 1).await;
    for failed in 1..=5 {
        assert_eq!(test.verify("000000").await, wrong(failed));
        test.clock.advance(Duration::from_secs(1));
    }
    let now_ms = test.clock.now_ms();
    let right = code(&RFC_SECRET.into(), now_ms);
    assert_eq!(test.verify(&right).await, limit_reached(899_000));
    assert_eq!(test.verify(&"9".repeat(100)).await, limit_reached(899_000));
    test.clock.advance(Duration::from_millis(898_999));
    assert_eq!(test.verify("000000").await, limit_reached(1));
    test.clock.advance(Duration::from_millis(1));
    assert_eq!(test.verify("000000").await, wrong(1), "the count starts anew");
    let right = code(&RFC_SECRET.into(), test.clock.now_ms());
    assert_eq!(test.verify(&right).await, VerifyTotpResponse::Ok);
}

#[tokio::test]
async fn a_right_code_ends_the_count_and_wrong_ones_long_ago_are_forgotten() {
    let test = Test::new().await;
    test.import(RFC_SECRET, 1).await;
    for failed in 1..=4 {
        assert_eq!(test.verify("000000").await, wrong(failed));
    }
    assert_eq!(test.verify(&code(&RFC_SECRET.into(), START_MS)).await, VerifyTotpResponse::Ok);
    for failed in 1..=4 {
        assert_eq!(test.verify("000000").await, wrong(failed));
    }
    test.clock.advance(Duration::from_secs(900));
    assert_eq!(test.verify("000000").await, wrong(1));
}

#[tokio::test]
async fn what_cannot_be_a_code_is_wrong_and_what_is_too_long_is_not_even_counted() {
    let test = Test::new().await;
    test.import(RFC_SECRET, 1).await;
    for (index, totp) in (1..).zip(["", "28708", "+87082", "２８７０"]) {
        assert_eq!(test.verify(totp).await, wrong(index), "{totp:?}");
    }
    assert_eq!(test.verify(&"1".repeat(10_000)).await, wrong(4));
    assert_eq!(test.verify("123456789").await, wrong(4));
}

#[tokio::test]
async fn tries_to_verify_a_device_count_together_with_the_others() {
    let test = Test::new().await;
    test.import(RFC_SECRET, 1).await;
    let (name, _) = test.create(Some("second")).await.unwrap();
    for _ in 0..5 {
        test.verify_device(&name, "000000").await;
    }
    assert_eq!(test.verify("000000").await, limit_reached(900_000));
    let limited = test.verify_device(&name, "000000").await;
    assert!(matches!(limited, VerifyTotpDeviceResponse::LimitReachedError { .. }));
}

#[tokio::test]
async fn who_is_locked_out_stays_so_with_another_device() {
    let test = Test::new().await;
    let (name, _) = test.create(None).await.unwrap();
    for _ in 0..5 {
        test.verify_device(&name, "000000").await;
    }
    let remove = RemoveTotpDevice { user_id: ada(), device_name: name };
    assert_eq!(
        test.run(remove.clone()).await,
        RemoveTotpDeviceResponse::Ok { did_device_exist: true }
    );
    assert_eq!(test.run(remove).await, RemoveTotpDeviceResponse::Ok { did_device_exist: false });
    let (name, secret) = test.create(None).await.unwrap();
    let limited = test.verify_device(&name, &code(&secret, START_MS)).await;
    assert!(matches!(limited, VerifyTotpDeviceResponse::LimitReachedError { .. }));
}

#[tokio::test]
async fn a_user_without_devices_is_told_apart() {
    let test = Test::new().await;
    assert_eq!(test.verify("000000").await, VerifyTotpResponse::UnknownUserIdError);
}

#[tokio::test]
async fn what_is_out_of_range_is_refused() {
    let test = Test::new().await;
    let create = |name: &str, skew, period| CreateTotpDevice {
        user_id: ada(),
        device_name: Some(name.to_owned()),
        skew,
        period,
    };
    for operation in [
        create("", 1, 30),
        create(&"n".repeat(257), 1, 30),
        create("n", 1, 0),
        create("n", 1, u32::MAX),
        create("n", u32::MAX, 30),
    ] {
        let error = test.engine.handle(&public(), operation).await.unwrap_err();
        assert!(matches!(error, EngineError::BadRequest(_)));
    }
    for secret in ["", "not base32!", "GEZDGNBV", &"A".repeat(264)] {
        let operation = ImportTotpDevice {
            user_id: ada(),
            device_name: None,
            secret_key: secret.into(),
            skew: 1,
            period: 30,
        };
        let error = test.engine.handle(&public(), operation).await.unwrap_err();
        assert!(matches!(error, EngineError::BadRequest(_)), "{secret}");
        assert!(secret.is_empty() || !error.to_string().contains(secret));
    }
}

#[tokio::test]
async fn a_deleted_user_leaves_no_device_and_no_count() {
    let test = Test::new().await;
    test.sign_up_as("ada").await;
    test.import(RFC_SECRET, 1).await;
    for _ in 0..5 {
        test.verify("000000").await;
    }
    test.run(DeleteUser { user_id: ada(), remove_all_linked_accounts: true }).await;
    assert!(test.names().await.is_empty());
    test.import(RFC_SECRET, 1).await;
    assert_eq!(test.verify("000000").await, wrong(1));
}

#[tokio::test]
async fn attempts_are_tidied_up_when_they_count_no_more_and_hold_no_codes() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    test.import(RFC_SECRET, 1).await;
    test.verify("918273").await;
    let rows = || storage.count("second_factor_attempts");
    test.clock.advance(Duration::from_secs(990));
    test.engine.delete_expired().await.unwrap();
    assert_eq!(rows(), 1, "90 s of the code's life and 900 s of the cool-down");
    test.clock.advance(Duration::from_millis(1));
    test.engine.delete_expired().await.unwrap();
    assert_eq!(rows(), 0);
    test.engine.shutdown().await;
    assert!(!storage.holds("918273"));
}

#[tokio::test]
async fn the_schema_refuses_a_second_attempt_of_a_number_and_a_second_use_of_a_time_step() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    test.import(RFC_SECRET, 1).await;
    test.verify(&code(&RFC_SECRET.into(), START_MS)).await;
    let copy = |attempt: &str| {
        let sql = format!(
            "INSERT INTO second_factor_attempts SELECT app_id, tenant_id, user_id, {attempt}, \
             is_valid, device_name, time_step, created_at, expires_at FROM second_factor_attempts"
        );
        storage.try_execute(&sql).unwrap_err().to_lowercase()
    };
    assert!(copy("attempt").contains("unique"));
    assert!(copy("attempt + 1").contains("unique"));
}
