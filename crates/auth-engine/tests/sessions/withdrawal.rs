//! Keys that are retired or revoked.

use std::time::Duration;

use auth_engine::{Clock, Engine, SigningAlgorithm};
use auth_protocol::{
    jwt::*,
    session::{CreateSession, SessionTokens},
};

use crate::{
    common::TestStorage,
    support::{Bench, create, kid},
};

async fn keys(bench: &Bench) -> Vec<(String, SigningKeyState)> {
    let ListSigningKeysResponse::Ok { keys } = bench.ask(ListSigningKeys {}).await;
    keys.into_iter().map(|key| (key.kid, key.state)).collect()
}

async fn published(bench: &Bench) -> Vec<String> {
    bench.ask(GetJwks {}).await.keys.into_iter().map(|key| key.kid).collect()
}

async fn retire(bench: &Bench, kid: &str) -> RetireSigningKeyResponse {
    bench.ask(RetireSigningKey { kid: kid.to_owned() }).await
}

async fn revoke(bench: &Bench, kid: &str) -> RevokeSigningKeyResponse {
    bench.ask(RevokeSigningKey { kid: kid.to_owned() }).await
}

async fn start(bench: &Bench, dynamic: bool) -> SessionTokens {
    bench.start(CreateSession { use_dynamic_signing_key: Some(dynamic), ..create("ada") }).await
}

#[tokio::test]
async fn a_retired_key_signs_nothing_any_more_and_still_verifies() {
    let bench = Bench::new().await;
    for dynamic in [true, false] {
        let before = start(&bench, dynamic).await;
        let old = kid(&before.access_token.token);
        assert_eq!(retire(&bench, &old).await, RetireSigningKeyResponse::Ok);
        let generation = bench.engine.keys_generation();
        let after = start(&bench, dynamic).await;
        assert!(bench.engine.keys_generation() > generation, "who keeps a copy looks again");
        let new = kid(&after.access_token.token);
        assert_ne!(new, old);
        assert!(bench.verifies(&before, true).await && bench.verifies(&after, true).await);
        let published = published(&bench).await;
        assert!(published.contains(&old) && published.contains(&new), "{published:?}");
        let keys = keys(&bench).await;
        assert!(keys.contains(&(old.clone(), SigningKeyState::Retired)), "{keys:?}");
        assert!(keys.contains(&(new, SigningKeyState::Active)), "{keys:?}");
        // Again, as often as one likes.
        assert_eq!(retire(&bench, &old).await, RetireSigningKeyResponse::Ok);
    }
}

#[tokio::test]
async fn a_revoked_key_verifies_nothing_and_its_sessions_go_on_with_a_new_one() {
    let bench = Bench::new().await;
    for dynamic in [true, false] {
        let before = start(&bench, dynamic).await;
        assert!(bench.verifies(&before, false).await, "the token is remembered as verified");
        let old = kid(&before.access_token.token);
        assert_eq!(revoke(&bench, &old).await, RevokeSigningKeyResponse::Ok);
        assert!(!bench.verifies(&before, false).await && !bench.verifies(&before, true).await);
        assert!(!published(&bench).await.contains(&old));
        // In the very millisecond in which the old one was made, a new one isn't named like it.
        let after = bench.refreshed(&before.refresh_token.token).await;
        assert_ne!(kid(&after.access_token.token), old);
        assert!(bench.verifies(&after, true).await);
        let listed = keys(&bench).await;
        assert!(listed.contains(&(old.clone(), SigningKeyState::Revoked)), "{listed:?}");
        // There is no way back.
        assert_eq!(retire(&bench, &old).await, RetireSigningKeyResponse::Ok);
        assert!(!bench.verifies(&before, false).await);
    }
}

#[tokio::test]
async fn a_key_that_is_not_there_is_told_from_one_that_is() {
    let bench = Bench::new().await;
    bench.create().await;
    for kid in ["", "d-", "d-1", "d-x", "s-1", "nonsense", "d-99999999999999999999"] {
        assert_eq!(retire(&bench, kid).await, RetireSigningKeyResponse::UnknownKeyError, "{kid}");
        assert_eq!(revoke(&bench, kid).await, RevokeSigningKeyResponse::UnknownKeyError, "{kid}");
    }
}

/// The bound that is documented is three seconds.
#[tokio::test]
async fn another_process_follows_within_seconds_without_being_asked_for_an_unknown_key() {
    let storage = TestStorage::new();
    let (one, two) = Bench::two(&storage).await;
    let tokens = one.create().await;
    assert!(two.verifies(&tokens, false).await);
    revoke(&one, &kid(&tokens.access_token.token)).await;
    let before = two.engine.keys_generation();
    let deadline = std::time::Instant::now() + Duration::from_secs(10);
    while two.verifies(&tokens, false).await {
        assert!(std::time::Instant::now() < deadline, "the other process still trusts the key");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(two.engine.keys_generation() > before);
    // It signs with the key that took its place.
    let (mine, theirs) = (one.create().await, two.create().await);
    assert!(two.verifies(&mine, true).await && one.verifies(&theirs, true).await);
}

/// Whoever can read a backup later finds no private half of it.
#[tokio::test]
async fn the_private_half_of_a_revoked_key_is_forgotten() {
    let storage = TestStorage::new();
    let config = storage.config().signing_algorithm(SigningAlgorithm::EdDsa);
    let bench = Bench { engine: Engine::open(config).await.unwrap(), clock: Clock::system() };
    for dynamic in [true, false] {
        revoke(&bench, &kid(&start(&bench, dynamic).await.access_token.token)).await;
    }
    for (table, column) in
        [("session_access_token_signing_keys", "value"), ("jwt_signing_keys", "key_string")]
    {
        let rows = format!("{table} WHERE revoked_at IS NOT NULL AND {column} <> ''");
        assert_eq!(storage.count(&rows), 0);
        assert_eq!(storage.count(&format!("{table} WHERE revoked_at IS NOT NULL")), 1);
    }
}
