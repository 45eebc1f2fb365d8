//! Two engines on one file, as two processes would be.
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

mod common;

use auth_engine::{Engine, EngineConfig, Handle};
use auth_protocol::{
    emailpassword::{SignUp, SignUpResponse},
    user::{CountUsers, CountUsersResponse},
    usermetadata::{GetUserMetadata, GetUserMetadataResponse, UpdateUserMetadata},
};
use common::{cheap, public};

async fn two_engines(directory: &tempfile::TempDir) -> [Engine; 2] {
    let config = cheap(EngineConfig::sqlite_file(directory.path().join("auth.db")));
    // Opened at the same time: one creates the schema, the other finds it.
    let (first, second) = tokio::join!(Engine::open(config.clone()), Engine::open(config));
    [first.unwrap(), second.unwrap()]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_racing_sign_ups_with_one_address_exactly_one_succeeds() {
    let directory = tempfile::tempdir().unwrap();
    let engines = two_engines(&directory).await;
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
    let CountUsersResponse::Ok { count } = engines[0].handle(&public(), operation).await.unwrap();
    assert_eq!(count, 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_racing_metadata_updates_none_is_lost() {
    let directory = tempfile::tempdir().unwrap();
    let engines = two_engines(&directory).await;
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

#[tokio::test]
async fn an_engine_that_is_shut_down_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let [engine, _other] = two_engines(&directory).await;
    engine.shutdown().await;
    engine.shutdown().await;
    let error = engine.handle(&public(), CountUsers::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "the engine has been shut down");
}
