//! The keys that sign, and what they sign besides sessions.

use std::time::Duration;

use auth_engine::{EngineError, SigningAlgorithm};
use auth_protocol::{
    jwt::{CreateJwt, CreateJwtResponse, GetJwks, GetJwksResponse},
    session::{CreateSession, RemoveSessions},
};
use serde_json::{Value, json};

use crate::{common::TestStorage, support::*};

#[tokio::test]
async fn cdi_2_1_a_new_key_is_published_before_it_signs_and_old_tokens_go_on_verifying() {
    let interval = Duration::from_hours(2);
    let bench = Bench::with(|config| config.signing_key_rotation_interval(interval)).await;
    let dynamic = |response: GetJwksResponse| {
        response.keys.iter().filter(|key| key.kid.starts_with("d-")).count()
    };
    let first = bench.create().await;
    assert_eq!(dynamic(bench.ask(GetJwks {}).await), 1);
    // Less than sixty seconds before the key stops signing, its successor is there.
    bench.clock.advance(Duration::from_secs(2 * 3600 - 59));
    assert_eq!(dynamic(bench.ask(GetJwks {}).await), 2);
    let second = bench.create().await;
    assert_eq!(kid(&second.access_token.token), kid(&first.access_token.token));
    bench.clock.advance(Duration::from_secs(61));
    let third = bench.create().await;
    assert_ne!(kid(&third.access_token.token), kid(&first.access_token.token));
    assert!(bench.verifies(&second, true).await);
}

#[tokio::test]
async fn cdi_2_1_the_static_key_signs_where_it_is_asked_for() {
    let bench = Bench::new().await;
    let tokens =
        bench.start(CreateSession { use_dynamic_signing_key: Some(false), ..create("ada") }).await;
    assert!(kid(&tokens.access_token.token).starts_with("s-"));
    let refreshed = bench.refreshed(&tokens.refresh_token.token).await;
    assert!(kid(&refreshed.access_token.token).starts_with("d-"));
}

#[tokio::test]
async fn a_token_that_passed_is_refused_once_it_has_expired_or_its_session_is_gone() {
    let bench = Bench::new().await;
    let (first, second) = (bench.create().await, bench.create().await);
    assert!(bench.verifies(&first, true).await && bench.verifies(&second, true).await);
    let session_handles = Some(vec![first.session.handle.clone()]);
    bench.ask(RemoveSessions { session_handles, ..RemoveSessions::default() }).await;
    assert!(!bench.verifies(&first, true).await && bench.verifies(&first, false).await);
    let expiry_ms = second.access_token.expiry;
    bench.clock.set(expiry_ms - 1);
    assert!(bench.verifies(&second, true).await);
    bench.clock.set(expiry_ms);
    assert!(!bench.verifies(&second, true).await && !bench.verifies(&second, false).await);
}

#[tokio::test]
async fn two_engines_on_one_database_share_keys_and_sessions() {
    let storage = TestStorage::new();
    let (one, two) = Bench::two(&storage).await;
    let (mine, theirs) = tokio::join!(one.create(), two.create());
    assert!(two.verifies(&mine, true).await && one.verifies(&theirs, true).await);
    one.refreshed(&theirs.refresh_token.token).await;
    two.refreshed(&mine.refresh_token.token).await;
}

#[tokio::test]
async fn every_algorithm_signs_sessions() {
    for algorithm in [SigningAlgorithm::Rs256, SigningAlgorithm::Es256, SigningAlgorithm::EdDsa] {
        let bench = Bench::with(|config| config.signing_algorithm(algorithm)).await;
        let tokens = bench.create().await;
        assert!(bench.verifies(&tokens, true).await);
        let GetJwksResponse { keys, .. } = bench.ask(GetJwks {}).await;
        assert!(keys.iter().all(|key| key.alg == algorithm.as_str()));
    }
}

#[tokio::test]
async fn cdi_2_9_a_jwt_has_its_issuer_and_times() {
    let bench = Bench::with(|config| config.signing_algorithm(SigningAlgorithm::Rs256)).await;
    let operation = |algorithm: &str| CreateJwt {
        algorithm: algorithm.into(),
        jwks_domain: "https://api.example.com".into(),
        payload: object(json!({ "a": 1 })),
        validity_secs: 60,
        use_static_signing_key: true,
    };
    let answer = bench.ask(operation("rs256")).await;
    let CreateJwtResponse::Ok { jwt } = answer else { panic!("{answer:?}") };
    let now = START_MS / 1000;
    assert_eq!(
        Value::Object(bench.payload(&jwt).await),
        json!({ "a": 1, "iss": "https://api.example.com", "iat": now, "exp": now + 60 })
    );
    let answer = bench.ask(operation("HS256")).await;
    assert!(matches!(answer, CreateJwtResponse::UnsupportedAlgorithmError));
    let never = CreateJwt { validity_secs: 0, ..operation("RS256") };
    assert!(matches!(bench.try_ask(never).await, Err(EngineError::BadRequest(_))));
}
