//! Sessions that end however often they are refreshed.

use std::time::Duration;

use auth_engine::Engine;
use auth_protocol::session::*;
use serde_json::json;

use crate::{
    common::TestStorage,
    support::{Bench, START_MS, create, is_unauthorised, object},
};

const DAY: Duration = Duration::from_secs(24 * 3600);

async fn listed(bench: &Bench) -> usize {
    let list = ListSessionHandles {
        user_id: "ada".into(),
        fetch_across_all_tenants: true,
        fetch_sessions_for_all_linked_accounts: true,
    };
    let ListSessionHandlesResponse::Ok { session_handles } = bench.ask(list).await;
    session_handles.len()
}

#[tokio::test]
async fn a_session_ends_at_its_age_under_both_rules_and_no_token_outlives_it() {
    for cdi_version in [auth_protocol::CdiVersion::LATEST, auth_protocol::CdiVersion::V5_4] {
        let bench = Bench::with(|config| config.session_absolute_lifetime(Some(DAY))).await;
        let end_ms = START_MS + 24 * 3_600_000;
        let mut tokens = bench.start(CreateSession { cdi_version, ..create("ada") }).await;
        assert_eq!(tokens.refresh_token.expiry, end_ms);
        for _ in 0..47 {
            bench.clock.advance(DAY / 48);
            let next = RefreshSession {
                cdi_version,
                ..crate::support::refresh(&tokens.refresh_token.token)
            };
            let RefreshSessionResponse::Ok(next) = bench.ask(next).await else { panic!() };
            assert_eq!(next.refresh_token.expiry, end_ms);
            tokens = next;
        }
        // Half an hour before the end, a token that is good for an hour otherwise.
        assert_eq!(tokens.access_token.expiry, end_ms);
        assert!(bench.verifies(&tokens, true).await);
        assert_eq!(listed(&bench).await, 1);
        bench.clock.set(end_ms + 1);
        assert!(is_unauthorised(&bench.refresh(&tokens.refresh_token.token).await));
        assert!(!bench.exists(&tokens.session.handle).await);
        assert_eq!(listed(&bench).await, 0);
    }
}

#[tokio::test]
async fn sessions_that_run_already_are_judged_by_the_setting_too() {
    let storage = TestStorage::new();
    let clock = auth_engine::Clock::manual(START_MS);
    let open = |lifetime| {
        let config = storage.config().clock(clock.clone()).session_absolute_lifetime(lifetime);
        let config = config
            .access_token_validity(DAY * 3)
            .signing_algorithm(auth_engine::SigningAlgorithm::EdDsa);
        let clock = clock.clone();
        async move { Bench { engine: Engine::open(config).await.unwrap(), clock } }
    };
    let before = open(None).await;
    let tokens = before.create().await;
    clock.advance(DAY + Duration::from_millis(1));
    assert!(before.verifies(&tokens, true).await);

    let after = open(Some(DAY)).await;
    // Its row says that it lives for a hundred days, and its token is good for three.
    assert!(!after.verifies(&tokens, true).await);
    assert!(after.verifies(&tokens, false).await);
    assert!(is_unauthorised(&after.refresh(&tokens.refresh_token.token).await));
    let session_handle = tokens.session.handle.clone();
    assert!(!after.exists(&session_handle).await);
    assert_eq!(listed(&after).await, 0);
    let some = || object(json!({ "a": 1 }));
    let answer = after
        .ask(UpdateSessionData {
            session_handle: session_handle.clone(),
            user_data_in_database: some(),
        })
        .await;
    assert!(matches!(answer, UpdateSessionDataResponse::Unauthorised { .. }));
    let update =
        UpdateSessionJwtData { session_handle: session_handle.clone(), user_data_in_jwt: some() };
    let answer = after.ask(update).await;
    assert!(matches!(answer, UpdateSessionJwtDataResponse::Unauthorised { .. }));
    let answer = after.ask(MergeSessionClaims { session_handle, update: some() }).await;
    assert!(matches!(answer, MergeSessionClaimsResponse::Unauthorised { .. }));
    let regenerate = RegenerateSession {
        access_token: tokens.access_token.token.clone(),
        user_data_in_jwt: None,
    };
    let answer = after.ask(regenerate).await;
    assert!(matches!(answer, RegenerateSessionResponse::Unauthorised { .. }));
}
