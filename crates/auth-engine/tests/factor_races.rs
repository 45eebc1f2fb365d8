//! Second factors and linked accounts, with two engines on one database, as two processes would be.
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

mod common;

use auth_engine::Engine;
use auth_protocol::{
    accountlinking::{CreatePrimaryUser, CreatePrimaryUserResponse},
    emailpassword::{SignUp, SignUpResponse},
    recoverycode::{
        ConsumeRecoveryCode, ConsumeRecoveryCodeResponse, GenerateRecoveryCodes,
        GenerateRecoveryCodesResponse,
    },
    totp::{ImportTotpDevice, VerifyTotp, VerifyTotpResponse},
};
use common::{TestStorage, public, two_engines};

async fn import_totp(engine: &Engine) {
    let operation = ImportTotpDevice {
        user_id: "ada".into(),
        device_name: None,
        secret_key: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".into(),
        skew: 1,
        period: 30,
    };
    engine.handle(&public(), operation).await.unwrap();
}

/// Tries codes at the same time, by turns on both engines.
async fn try_at_once(engines: &[Engine; 2], totp: &str) -> Vec<VerifyTotpResponse> {
    let mut tasks = tokio::task::JoinSet::new();
    for index in 0..16_usize {
        let engine = engines[index % 2].clone();
        let operation = VerifyTotp { user_id: "ada".into(), totp: totp.into() };
        tasks.spawn(async move { engine.handle(&public(), operation).await.unwrap() });
    }
    tasks.join_all().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_racing_wrong_codes_five_are_looked_at_and_each_is_counted_once() {
    let storage = TestStorage::new();
    let engines = two_engines(&storage).await;
    import_totp(&engines[0]).await;
    let mut counts = Vec::new();
    for response in try_at_once(&engines, "0").await {
        match response {
            VerifyTotpResponse::InvalidTotpError { current_number_of_failed_attempts, .. } => {
                counts.push(current_number_of_failed_attempts);
            }
            VerifyTotpResponse::LimitReachedError { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    counts.sort_unstable();
    assert_eq!(counts, [1, 2, 3, 4, 5]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_racing_uses_of_one_right_code_exactly_one_succeeds() {
    let storage = TestStorage::new();
    let clock = auth_engine::Clock::manual(59_000);
    let config = storage.config().clock(clock);
    let engines =
        [Engine::open(config.clone()).await.unwrap(), Engine::open(config).await.unwrap()];
    import_totp(&engines[0]).await;
    // RFC 6238, appendix B.
    let responses = try_at_once(&engines, "287082").await;
    let accepted = responses.iter().filter(|response| **response == VerifyTotpResponse::Ok);
    assert_eq!(accepted.count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_racing_uses_of_one_recovery_code_exactly_one_succeeds() {
    let storage = TestStorage::new();
    let engines = two_engines(&storage).await;
    let generate = GenerateRecoveryCodes { user_id: "ada".into() };
    let GenerateRecoveryCodesResponse::Ok { codes } =
        engines[0].handle(&public(), generate).await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for index in 0..16_usize {
        let engine = engines[index % 2].clone();
        let operation = ConsumeRecoveryCode { user_id: "ada".into(), code: codes[0].clone() };
        tasks.spawn(async move { engine.handle(&public(), operation).await.unwrap() });
    }
    let accepted =
        tasks.join_all().await.into_iter().filter(|response| {
            matches!(response, ConsumeRecoveryCodeResponse::Ok { codes_left: 9 })
        });
    assert_eq!(accepted.count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_user_that_becomes_primary_many_times_at_once_does_so_once() {
    let storage = TestStorage::new();
    let engines = two_engines(&storage).await;
    let sign_up = SignUp { email: "ada@example.com".into(), password: "password 1".into() };
    let SignUpResponse::Ok { recipe_user_id, .. } =
        engines[0].handle(&public(), sign_up).await.unwrap()
    else {
        panic!("the address is free")
    };
    let mut tasks = tokio::task::JoinSet::new();
    for index in 0..16_usize {
        let engine = engines[index % 2].clone();
        let operation = CreatePrimaryUser { recipe_user_id: recipe_user_id.clone() };
        tasks.spawn(async move { engine.handle(&public(), operation).await.unwrap() });
    }
    let first = tasks.join_all().await.into_iter().filter(|response| {
        matches!(response, CreatePrimaryUserResponse::Ok { was_already_a_primary_user: false, .. })
    });
    assert_eq!(first.count(), 1);
}
