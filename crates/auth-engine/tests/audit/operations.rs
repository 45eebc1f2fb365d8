//! Listing, checkpoints, purging and consumers.

use std::time::Duration;

use auth_engine::EngineConfig;
use auth_jwt::{
    KeySet,
    audit::{CheckpointClaims, Content, Line, Verifier, Wrong},
};
use auth_protocol::{TenantScope, audit::*, jwt::*, user::DeleteUser, userroles::CreateRole};
use futures_util::{StreamExt, stream};

use crate::common::{START_MS, Test, TestStorage, two_engines};

async fn entries(test: &Test, list: ListAuditEntries) -> (Vec<AuditEntry>, Option<i64>) {
    let ListAuditEntriesResponse::Ok { entries, next } = test.run(list).await;
    (entries, next)
}

async fn checkpoint(test: &Test) -> AuditCheckpoint {
    match test.run(MakeAuditCheckpoint {}).await {
        MakeAuditCheckpointResponse::Ok { checkpoint } => checkpoint,
        MakeAuditCheckpointResponse::EmptyLogError => panic!("the log is empty"),
    }
}

async fn keys(test: &Test) -> KeySet {
    KeySet::new(&test.run(GetJwks {}).await.keys).unwrap()
}

/// The entries that are exported: all, oldest first.
async fn exported(test: &Test) -> Vec<AuditEntry> {
    let mut all: Vec<AuditEntry> = Vec::new();
    loop {
        let after = all.last().map_or(0, |last| last.position);
        let read = ReadAuditEntries { after, limit: Some(500) };
        let ReadAuditEntriesResponse::Ok { entries } = test.run(read).await;
        if entries.is_empty() {
            return all;
        }
        all.extend(entries);
    }
}

async fn checkpoints(test: &Test) -> Vec<AuditCheckpoint> {
    let list = ListAuditCheckpoints::default();
    let ListAuditCheckpointsResponse::Ok { checkpoints, .. } = test.run(list).await;
    checkpoints
}

/// What a verifier finds that has the public keys alone.
async fn verify(test: &Test) -> Vec<Wrong> {
    let mut verifier = Verifier::new(keys(test).await);
    let TenantScope { app, tenant } = test.scope.clone();
    let read = |content| {
        let line = Line { app: app.clone(), tenant: tenant.clone(), content };
        serde_json::to_string(&line).unwrap()
    };
    for checkpoint in checkpoints(test).await {
        verifier.read_line(&read(Content::Checkpoint(checkpoint)));
    }
    for entry in exported(test).await {
        verifier.read_line(&read(Content::Entry(Box::new(entry))));
    }
    verifier.finish().problems.into_iter().map(|problem| problem.what).collect()
}

#[tokio::test]
async fn entries_are_listed_by_user_kind_and_time_in_pages() {
    let test = Test::new().await;
    let (ada, _) = test.sign_up("ada@example.com").await;
    test.sign_up_as("customer-7").await;
    test.clock.advance(Duration::from_secs(10));
    for _ in 0..3 {
        test.sign_in("ada@example.com", "password 1").await;
    }
    let (all, next) = entries(&test, ListAuditEntries::default()).await;
    assert_eq!((all.len(), next), (6, None));
    assert!(all.is_sorted_by(|one, next| one.position > next.position));
    let of_ada = || ListAuditEntries { user_id: Some(ada.id.clone()), ..Default::default() };
    let (page, next) = entries(&test, ListAuditEntries { limit: Some(3), ..of_ada() }).await;
    assert_eq!(page.iter().map(|entry| entry.position).collect::<Vec<_>>(), [6, 5, 4]);
    let (page, next) = entries(&test, ListAuditEntries { before: next, ..of_ada() }).await;
    assert_eq!(page.iter().map(|entry| entry.position).collect::<Vec<_>>(), [1]);
    assert_eq!(next, None);
    let customer = ListAuditEntries { user_id: Some("customer-7".into()), ..Default::default() };
    let (found, _) = entries(&test, customer).await;
    let kinds: Vec<_> = found.iter().map(|entry| entry.kind.as_str()).collect();
    assert_eq!(kinds, ["user_id_mapped", "sign_up"]);
    let kind = ListAuditEntries { kind: Some("sign_in".to_owned()), ..Default::default() };
    assert_eq!(entries(&test, kind).await.0.len(), 3);
    let late = ListAuditEntries { from_ms: Some(START_MS + 1), ..Default::default() };
    assert_eq!(entries(&test, late).await.0.len(), 3);
    let early = ListAuditEntries { until_ms: Some(START_MS + 1), ..Default::default() };
    assert_eq!(entries(&test, early).await.0.len(), 3);
    let refused = test.refused(ListAuditEntries { limit: Some(501), ..Default::default() }).await;
    assert_eq!(refused, "limit must be from 1 to 500");
}

#[tokio::test]
async fn checkpoints_are_signed_once_for_each_growth_and_prove_the_log_past_erasure() {
    let test = Test::new().await;
    assert_eq!(test.run(MakeAuditCheckpoint {}).await, MakeAuditCheckpointResponse::EmptyLogError);
    let (ada, _) = test.sign_up("ada@example.com").await;
    let first = checkpoint(&test).await;
    test.clock.advance(Duration::from_secs(1));
    assert_eq!(checkpoint(&test).await, first, "nothing has happened since");
    let claims = CheckpointClaims::verify(&first.token, &keys(&test).await).unwrap();
    assert_eq!((claims.position, claims.count, claims.time_ms), (1, 1, START_MS));
    test.sign_up("bob@example.com").await;
    test.run(DeleteUser { user_id: ada.id, remove_all_linked_accounts: true }).await;
    test.engine.delete_expired().await.unwrap();
    assert_eq!(checkpoint(&test).await.position, 3, "made in the background");
    assert_eq!(verify(&test).await, []);
    // A key that signs no more still proves what it signed.
    let ListSigningKeysResponse::Ok { keys } = test.run(ListSigningKeys {}).await;
    let old = keys.iter().find(|key| key.kid.starts_with("s-")).unwrap().kid.clone();
    test.run(RetireSigningKey { kid: old }).await;
    test.engine.delete_expired().await.unwrap();
    assert_eq!(checkpoint(&test).await.position, 4);
    assert_eq!(verify(&test).await, []);
}

#[tokio::test]
async fn a_row_that_is_changed_behind_the_engine_is_named() {
    for (sql, expected) in [
        (
            "UPDATE audit_log_entries SET kind = 'sign_out' WHERE position = 2",
            Wrong::Altered { position: 2 },
        ),
        (
            "UPDATE audit_log_entries SET user_id = 'eve' WHERE position = 3",
            Wrong::Altered { position: 3 },
        ),
        ("DELETE FROM audit_log_entries WHERE position = 2", Wrong::Dropped { from: 2, to: 2 }),
        (
            "DELETE FROM audit_log_entries WHERE position = 4",
            Wrong::CutAtEnd { last: 3, checkpoint: 4 },
        ),
        ("DELETE FROM audit_log_entries WHERE position = 1", Wrong::CutAtFront { first: 2 }),
    ] {
        let storage = TestStorage::new();
        let test = Test::with(storage.config()).await;
        for name in ["ada", "bob", "eve", "dan"] {
            test.sign_up(&format!("{name}@example.com")).await;
        }
        checkpoint(&test).await;
        assert_eq!(verify(&test).await, []);
        storage.execute(sql);
        assert_eq!(verify(&test).await, [expected], "{sql}");
    }
}

#[tokio::test]
async fn the_oldest_entries_go_up_to_a_checkpoint_by_time_and_on_demand() {
    let storage = TestStorage::new();
    let config: EngineConfig = storage.config().audit_log_retention(Duration::from_secs(86_400));
    let test = Test::with(config).await;
    for number in 0..3 {
        test.sign_up(&format!("{number}@example.com")).await;
    }
    test.clock.advance(Duration::from_secs(86_400));
    test.sign_up("ada@example.com").await;
    test.clock.advance(Duration::from_secs(1));
    test.engine.delete_expired().await.unwrap();
    let (left, _) = entries(&test, ListAuditEntries::default()).await;
    assert_eq!(left.iter().map(|entry| entry.position).collect::<Vec<_>>(), [4]);
    assert_eq!(verify(&test).await, []);
    let now_ms = test.clock.now_ms();
    let PurgeAuditLogResponse::Ok { purged, checkpoint } =
        test.run(PurgeAuditLog { before_ms: now_ms }).await;
    assert_eq!((purged, checkpoint.unwrap().position), (1, 4));
    let (left, _) = entries(&test, ListAuditEntries::default()).await;
    assert_eq!((left[0].kind.as_str(), left[0].position), ("audit_log_purged", 5));
    test.engine.delete_expired().await.unwrap();
    assert_eq!(verify(&test).await, []);
}

#[tokio::test]
async fn what_a_chain_has_too_much_goes_up_to_a_checkpoint_and_the_rest_verifies() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config().audit_log_max_entries(1000)).await;
    let role = |number: usize| CreateRole { role: format!("role-{number}"), permissions: None };
    let several = stream::iter(0..1003).for_each_concurrent(16, |number| {
        let made = test.run(role(number));
        async move {
            made.await;
        }
    });
    several.await;
    let positions = |entries: &[AuditEntry]| -> Vec<i64> {
        entries.iter().map(|entry| entry.position).collect()
    };
    test.engine.delete_expired().await.unwrap();
    let rest = exported(&test).await;
    assert_eq!(positions(&rest), (4..=1003).collect::<Vec<_>>());
    let signed = checkpoints(&test).await;
    let cut = signed.iter().find(|checkpoint| checkpoint.position == 3).unwrap();
    let claims = CheckpointClaims::verify(&cut.token, &keys(&test).await).unwrap();
    assert_eq!((claims.position, claims.hash), (3, rest[0].previous_hash.clone()));
    assert_eq!(verify(&test).await, []);
    // No more than that, and the chain goes on.
    test.engine.delete_expired().await.unwrap();
    assert_eq!(exported(&test).await, rest);
    test.run(role(1003)).await;
    test.engine.delete_expired().await.unwrap();
    assert_eq!(positions(&exported(&test).await), (5..=1004).collect::<Vec<_>>());
    assert_eq!(verify(&test).await, []);
    // Where the signed statement is missing, it is no purge.
    storage.execute("DELETE FROM audit_log_checkpoints WHERE position < 1000");
    assert_eq!(verify(&test).await, [Wrong::CutAtFront { first: 5 }]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_several_consumers_of_one_name_one_has_the_entries_until_its_lease_is_over() {
    let storage = TestStorage::new();
    let engines = two_engines(&storage).await;
    let test = Test::with(storage.config()).await;
    for name in ["ada", "bob"] {
        test.sign_up(&format!("{name}@example.com")).await;
    }
    let claim = || ClaimAuditEntries {
        consumer: "webhooks".to_owned(),
        lease_ms: 10_000,
        limit: Some(1),
        from: Some(0),
    };
    let answers = tokio::join!(
        engines[0].handle(&test.scope, claim()),
        engines[1].handle(&test.scope, claim())
    );
    let is_taken =
        |answer: &ClaimAuditEntriesResponse| matches!(answer, ClaimAuditEntriesResponse::Ok { .. });
    let answers = [answers.0.unwrap(), answers.1.unwrap()];
    assert_eq!(answers.iter().filter(|answer| is_taken(answer)).count(), 1, "{answers:?}");
    let taken = answers.into_iter().find(is_taken).unwrap();
    let ClaimAuditEntriesResponse::Ok { lease, acknowledged: 0, entries } = taken else {
        panic!("the first one: {taken:?}")
    };
    assert_eq!(entries.len(), 1);
    let done = |lease: &str, position| AcknowledgeAuditEntries {
        consumer: "webhooks".to_owned(),
        lease: lease.to_owned(),
        position,
    };
    let other = engines[0].handle(&test.scope, done("other", 1)).await.unwrap();
    assert_eq!(other, AcknowledgeAuditEntriesResponse::LeaseLostError);
    let own = engines[0].handle(&test.scope, done(&lease, 1)).await.unwrap();
    assert_eq!(own, AcknowledgeAuditEntriesResponse::Ok);
    let answer = engines[1].handle(&test.scope, claim()).await.unwrap();
    let ClaimAuditEntriesResponse::Ok { acknowledged, entries, .. } = answer else {
        panic!("the lease ended: {answer:?}")
    };
    assert_eq!((acknowledged, entries[0].position), (1, 2));
}
