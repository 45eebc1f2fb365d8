//! What a recorder of the application's sees.
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

mod common;

use auth_engine::EngineError;
use auth_protocol::{
    TenantScope,
    user::CountUsers,
    usermetadata::{GetUserMetadata, UpdateUserMetadata},
};
use common::Test;
use metrics_exporter_prometheus::PrometheusBuilder;

/// One test, because a process has one recorder.
#[tokio::test]
async fn operations_commits_and_hashing_are_counted_without_their_contents() {
    let recorder = PrometheusBuilder::new().install_recorder().unwrap();
    let test = Test::new().await;
    test.sign_up("ada@example.com").await;
    let scope = TenantScope::default();
    let metadata_update = [("secret".to_owned(), "hunter2".into())].into_iter().collect();
    let write = UpdateUserMetadata { user_id: "ada".into(), metadata_update };
    test.engine.handle(&scope, write).await.unwrap();
    let nowhere = TenantScope::new("nowhere".into(), "public".into());
    let read = GetUserMetadata { user_id: "ada".into() };
    let refused = test.engine.handle(&nowhere, read).await.unwrap_err();
    assert!(matches!(refused, EngineError::TenantOrAppNotFound(_)));
    let health = test.engine.health().await.unwrap();
    test.engine.shutdown().await;
    let late = test.engine.handle(&scope, CountUsers::default()).await.unwrap_err();
    assert!(late.is_unavailable());
    assert!(test.engine.health().await.unwrap_err().is_unavailable());

    let seen = recorder.render();
    let count = |operation: &str, outcome: &str| {
        let labels = format!("{{operation=\"{operation}\",outcome=\"{outcome}\"}} 1\n");
        seen.contains(&format!("auth_operations_total{labels}"))
    };
    assert!(count("update_user_metadata", "ok"), "{seen}");
    assert!(count("get_user_metadata", "refused"), "{seen}");
    assert!(count("count_users", "unavailable"), "{seen}");
    assert!(seen.contains("auth_operation_seconds_count{operation=\"update_user_metadata\"} 1"));
    assert!(seen.contains("auth_hashing_queue_length 0\n"), "{seen}");
    assert!(seen.contains("auth_hashing_wait_seconds_count 1\n"), "{seen}");
    let of_storage = match health.pool {
        Some(pool) => {
            assert!(pool.open >= 1);
            ["auth_pool_connections{state=\"open\"}", "auth_pool_wait_seconds_count"].as_slice()
        }
        None => ["auth_group_commit_size_count"].as_slice(),
    };
    assert!(of_storage.iter().all(|metric| seen.contains(metric)), "{seen}");
    assert!(!seen.contains("hunter2") && !seen.contains("example.com"), "{seen}");
}
