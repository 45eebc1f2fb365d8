//! Recovery codes (an extension).
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

mod common;

use std::{collections::HashSet, time::Duration};

use auth_protocol::{Secret, UserId, recoverycode::*, totp::*, user::DeleteUser};
use common::{Test, TestStorage};

fn ada() -> UserId {
    "ada".into()
}

impl Test {
    async fn generate(&self) -> Vec<Secret> {
        let GenerateRecoveryCodesResponse::Ok { codes } =
            self.run(GenerateRecoveryCodes { user_id: ada() }).await;
        codes
    }

    async fn consume(&self, code: &str) -> ConsumeRecoveryCodeResponse {
        self.run(ConsumeRecoveryCode { user_id: ada(), code: code.into() }).await
    }

    async fn codes_left(&self) -> u32 {
        let CountRecoveryCodesResponse::Ok { codes_left } =
            self.run(CountRecoveryCodes { user_id: ada() }).await;
        codes_left
    }
}

const WRONG: &str = "0000-0000-0000-0000";

fn wrong(failed: u32) -> ConsumeRecoveryCodeResponse {
    ConsumeRecoveryCodeResponse::InvalidRecoveryCodeError {
        current_number_of_failed_attempts: failed,
        max_number_of_failed_attempts: 5,
    }
}

#[tokio::test]
async fn each_of_ten_codes_works_once_and_those_left_are_counted() {
    let test = Test::new().await;
    let codes = test.generate().await;
    let distinct: HashSet<&str> = codes.iter().map(Secret::expose_secret).collect();
    assert_eq!((codes.len(), distinct.len(), test.codes_left().await), (10, 10, 10));
    for (code, codes_left) in codes.iter().zip((0..10).rev()) {
        let code = code.expose_secret();
        assert_eq!(test.consume(code).await, ConsumeRecoveryCodeResponse::Ok { codes_left });
        assert_eq!(test.codes_left().await, codes_left);
        if codes_left > 0 {
            assert_eq!(test.consume(code).await, wrong(1), "used");
        }
    }
    let none_left = test.consume(codes[0].expose_secret()).await;
    assert_eq!(none_left, ConsumeRecoveryCodeResponse::UnknownUserIdError);
}

#[tokio::test]
async fn new_codes_end_the_old_ones() {
    let test = Test::new().await;
    let old = test.generate().await;
    let new = test.generate().await;
    assert_eq!(test.codes_left().await, 10);
    assert_eq!(test.consume(old[0].expose_secret()).await, wrong(1));
    let used = test.consume(&new[0].expose_secret().to_uppercase().replace('-', " ")).await;
    assert_eq!(used, ConsumeRecoveryCodeResponse::Ok { codes_left: 9 });
}

#[tokio::test]
async fn a_code_belongs_to_its_user() {
    let test = Test::new().await;
    let codes = test.generate().await;
    test.run(GenerateRecoveryCodes { user_id: "eve".into() }).await;
    let stolen = ConsumeRecoveryCode { user_id: "eve".into(), code: codes[0].clone() };
    assert_eq!(test.run(stolen).await, wrong(1));
    assert_eq!(test.codes_left().await, 10);
}

#[tokio::test]
async fn codes_are_the_apps_and_attempts_are_the_tenants() {
    let storage = TestStorage::new();
    let here = Test::with(storage.config()).await;
    let there = here.in_new_tenant(&storage, "t1");
    let codes = here.generate().await;
    assert_eq!(there.codes_left().await, 10);
    let used = there.consume(codes[0].expose_secret()).await;
    assert_eq!(used, ConsumeRecoveryCodeResponse::Ok { codes_left: 9 });
    assert_eq!(here.consume(codes[0].expose_secret()).await, wrong(1), "used");
    for failed in 2..=5 {
        assert_eq!(here.consume(WRONG).await, wrong(failed));
    }
    let limited = || ConsumeRecoveryCodeResponse::LimitReachedError {
        retry_after_ms: 900_000,
        current_number_of_failed_attempts: 5,
        max_number_of_failed_attempts: 5,
    };
    assert_eq!(here.consume(codes[1].expose_secret()).await, limited());
    // The other tenant is open, and what happens there doesn't open this one.
    assert_eq!(there.consume(WRONG).await, wrong(1));
    let used = there.consume(codes[1].expose_secret()).await;
    assert_eq!(used, ConsumeRecoveryCodeResponse::Ok { codes_left: 8 });
    assert_eq!(here.consume(codes[2].expose_secret()).await, limited());
}

#[tokio::test]
async fn wrong_recovery_codes_and_wrong_totp_codes_share_one_limit() {
    let test = Test::new().await;
    let codes = test.generate().await;
    let import = ImportTotpDevice {
        user_id: ada(),
        device_name: None,
        secret_key: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".into(),
        skew: 1,
        period: 30,
    };
    test.run(import).await;
    for failed in 1..=3 {
        assert_eq!(test.consume(WRONG).await, wrong(failed));
    }
    for _ in 0..2 {
        test.run(VerifyTotp { user_id: ada(), totp: "000000".into() }).await;
    }
    let limited = ConsumeRecoveryCodeResponse::LimitReachedError {
        retry_after_ms: 900_000,
        current_number_of_failed_attempts: 5,
        max_number_of_failed_attempts: 5,
    };
    let right = codes[0].expose_secret();
    assert_eq!(test.consume(right).await, limited);
    assert_eq!(test.codes_left().await, 10, "a code that isn't looked at isn't used up");
    test.clock.advance(Duration::from_secs(900));
    assert_eq!(test.consume(right).await, ConsumeRecoveryCodeResponse::Ok { codes_left: 9 });
}

#[tokio::test]
async fn texts_that_cannot_be_codes_are_wrong() {
    let test = Test::new().await;
    test.generate().await;
    for (failed, text) in (1..).zip(["", "0000", &"0".repeat(100_000), "💡"]) {
        assert_eq!(test.consume(text).await, wrong(failed));
    }
}

#[tokio::test]
async fn codes_go_when_they_are_removed_and_with_their_user() {
    let test = Test::new().await;
    for _ in 0..2 {
        test.generate().await;
        let removed = test.run(RemoveRecoveryCodes { user_id: ada() }).await;
        assert_eq!(removed, RemoveRecoveryCodesResponse::Ok { did_codes_exist: true });
    }
    let removed = test.run(RemoveRecoveryCodes { user_id: ada() }).await;
    assert_eq!(removed, RemoveRecoveryCodesResponse::Ok { did_codes_exist: false });
    test.sign_up_as("ada").await;
    test.generate().await;
    test.run(DeleteUser { user_id: ada(), remove_all_linked_accounts: true }).await;
    assert_eq!(test.codes_left().await, 0);
}

#[tokio::test]
async fn codes_are_stored_only_as_their_digests() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    let codes = test.generate().await;
    test.engine.shutdown().await;
    for code in codes {
        let code = code.expose_secret();
        for form in [code.to_owned(), code.replace('-', "")] {
            assert!(!storage.holds(&form));
        }
    }
}
