//! Two engines on one database, as two processes would be.
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

mod common;

use auth_engine::Engine;
use auth_protocol::{
    emailpassword::{SignUp, SignUpResponse},
    passwordless::{
        CodeProof, ConsumeCode, ConsumeCodeResponse, CreateCode, CreateCodeResponse, CreatedCode,
    },
    user::{CountUsers, CountUsersResponse},
    usermetadata::{GetUserMetadata, GetUserMetadataResponse, UpdateUserMetadata},
};
use common::{TestStorage, public, two_engines};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_racing_sign_ups_with_one_address_exactly_one_succeeds() {
    let storage = TestStorage::new();
    let engines = two_engines(&storage).await;
    for round in 0..20 {
        let mut tasks = tokio::task::JoinSet::new();
        for index in 0..8_usize {
            let engine = engines[index % 2].clone();
            let email = format!("{round}@example.com");
            tasks.spawn(async move {
                let operation = SignUp { email, password: "password 1".into() };
                engine.handle(&public(), operation).await.unwrap()
            });
        }
        let responses = tasks.join_all().await;
        let created =
            responses.iter().filter(|response| matches!(response, SignUpResponse::Ok { .. }));
        assert_eq!(created.count(), 1);
    }
    let operation = CountUsers::default();
    let CountUsersResponse::Ok { count, .. } =
        engines[0].handle(&public(), operation).await.unwrap();
    assert_eq!(count, 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_racing_metadata_updates_none_is_lost() {
    let storage = TestStorage::new();
    let engines = two_engines(&storage).await;
    let mut tasks = tokio::task::JoinSet::new();
    for index in 0..100_usize {
        let engine = engines[index % 2].clone();
        tasks.spawn(async move {
            let metadata_update = [(index.to_string(), true.into())].into_iter().collect();
            let operation = UpdateUserMetadata { user_id: "ada".into(), metadata_update };
            engine.handle(&public(), operation).await.unwrap();
        });
    }
    tasks.join_all().await;
    let operation = GetUserMetadata { user_id: "ada".into() };
    let GetUserMetadataResponse::Ok { metadata } =
        engines[0].handle(&public(), operation).await.unwrap();
    assert_eq!(metadata.len(), 100);
}

async fn code(engine: &Engine, email: &str) -> CreatedCode {
    match engine.handle(&public(), CreateCode::for_email(email)).await.unwrap() {
        CreateCodeResponse::Ok(code) => code,
        other => panic!("{other:?}"),
    }
}

/// Consumes at once, through both engines by turns.
async fn consume(
    engines: &[Engine; 2],
    proofs: impl IntoIterator<Item = CodeProof>,
) -> Vec<ConsumeCodeResponse> {
    let mut tasks = tokio::task::JoinSet::new();
    for (index, proof) in proofs.into_iter().enumerate() {
        let engine = engines[index % 2].clone();
        tasks.spawn(async move { engine.handle(&public(), ConsumeCode(proof)).await.unwrap() });
    }
    tasks.join_all().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_code_consumed_by_several_at_once_signs_in_one_of_them() {
    let storage = TestStorage::new();
    let engines = two_engines(&storage).await;
    for round in 0..20 {
        let code = code(&engines[0], &format!("{round}@example.com")).await;
        let id = &code.pre_auth_session_id;
        let by_hand = CodeProof::user_input_code(id, code.device_id, code.user_input_code);
        let by_link = CodeProof::link_code(id, code.link_code);
        let proofs = (0..8).map(|n| if n % 3 == 0 { by_link.clone() } else { by_hand.clone() });
        let mut signed_in = 0;
        for response in consume(&engines, proofs).await {
            match response {
                ConsumeCodeResponse::Ok { .. } => signed_in += 1,
                ConsumeCodeResponse::RestartFlowError => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(signed_in, 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_devices_of_a_new_address_make_one_user() {
    let storage = TestStorage::new();
    let engines = two_engines(&storage).await;
    for round in 0..20 {
        let email = format!("{round}@example.com");
        let codes = [code(&engines[0], &email).await, code(&engines[1], &email).await];
        let proofs =
            codes.map(|code| CodeProof::link_code(code.pre_auth_session_id, code.link_code));
        let responses = consume(&engines, proofs).await;
        assert!(responses.iter().any(|it| matches!(it, ConsumeCodeResponse::Ok { .. })));
    }
    let operation = CountUsers::default();
    let CountUsersResponse::Ok { count, .. } =
        engines[0].handle(&public(), operation).await.unwrap();
    assert_eq!(count, 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn wrong_codes_typed_in_at_once_count_each_and_the_last_ends_the_device() {
    let storage = TestStorage::new();
    let engines = two_engines(&storage).await;
    for round in 0..20 {
        let code = code(&engines[0], &format!("{round}@example.com")).await;
        let id = &code.pre_auth_session_id;
        let wrong = CodeProof::user_input_code(id, code.device_id.clone(), "wrong");
        let responses = consume(&engines, (0..8).map(|_| wrong.clone())).await;
        let mut counts = Vec::new();
        let mut restarts = 0;
        for response in responses {
            match response {
                ConsumeCodeResponse::IncorrectUserInputCodeError {
                    failed_code_input_attempt_count,
                    ..
                } => counts.push(failed_code_input_attempt_count),
                ConsumeCodeResponse::RestartFlowError => restarts += 1,
                other => panic!("{other:?}"),
            }
        }
        counts.sort_unstable();
        assert_eq!((counts, restarts), (vec![1, 2, 3, 4], 4));
        let right = CodeProof::user_input_code(id, code.device_id, code.user_input_code);
        let [late] = consume(&engines, [right]).await.try_into().unwrap();
        assert!(matches!(late, ConsumeCodeResponse::RestartFlowError), "{late:?}");
    }
}

#[tokio::test]
async fn an_engine_that_is_shut_down_says_so() {
    let storage = TestStorage::new();
    let [engine, _other] = two_engines(&storage).await;
    engine.shutdown().await;
    engine.shutdown().await;
    let error = engine.handle(&public(), CountUsers::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "the engine has been shut down");
}
