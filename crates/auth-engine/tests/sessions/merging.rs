//! Claims that are merged into the row, and what is signed anew.

use auth_engine::{Engine, EngineError, SigningAlgorithm};
use auth_jwt::{Algorithm, Header, SigningKey};
use auth_protocol::{
    JsonObject, Secret, SessionHandle,
    jwt::{CreateJwt, CreateJwtResponse},
    session::*,
};
use serde_json::{Value, json};

use crate::{
    common::TestStorage,
    support::{Bench, create, object},
};

async fn merge(bench: &Bench, session_handle: &SessionHandle, update: Value) -> JsonObject {
    let session_handle = session_handle.clone();
    let operation = MergeSessionClaims { session_handle, update: object(update) };
    match bench.ask(operation).await {
        MergeSessionClaimsResponse::Ok { user_data_in_jwt } => user_data_in_jwt,
        other @ MergeSessionClaimsResponse::Unauthorised { .. } => panic!("{other:?}"),
    }
}

async fn claims(bench: &Bench, session_handle: &SessionHandle) -> Value {
    match bench.ask(GetSession { session_handle: session_handle.clone() }).await {
        GetSessionResponse::Ok { user_data_in_jwt, .. } => Value::Object(user_data_in_jwt),
        other @ GetSessionResponse::Unauthorised { .. } => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn claims_are_merged_one_level_deep_and_a_null_removes_its_key() {
    let bench = Bench::new().await;
    let session = bench.start(CreateSession::new("ada".into())).await.session.handle;
    merge(&bench, &session, json!({ "a": { "x": 1 }, "b": 2, "c": 3 })).await;
    let all = merge(&bench, &session, json!({ "a": { "y": 1 }, "b": null, "none": null })).await;
    let expected = json!({ "a": { "y": 1 }, "c": 3 });
    assert_eq!(Value::Object(all), expected);
    assert_eq!(claims(&bench, &session).await, expected);
    // What the core sets can't be set; that it isn't there to be removed is no mistake.
    let protected = MergeSessionClaims {
        session_handle: session.clone(),
        update: object(json!({ "sub": "eve" })),
    };
    assert!(matches!(bench.try_ask(protected).await, Err(EngineError::BadRequest(_))));
    merge(&bench, &session, json!({ "sub": null })).await;
    assert_eq!(claims(&bench, &session).await, expected);
}

#[tokio::test]
async fn completed_factors_are_merged_one_by_one_and_the_later_time_of_each_stays() {
    let bench = Bench::new().await;
    let session = bench.start(CreateSession::new("ada".into())).await.session.handle;
    let factors = |completed: Value, v: bool| json!({ "st-mfa": { "c": completed, "v": v } });
    merge(&bench, &session, factors(json!({ "emailpassword": 5 }), false)).await;
    for (update, expected) in [
        (
            factors(json!({ "totp": 7 }), false),
            factors(json!({ "emailpassword": 5, "totp": 7 }), false),
        ),
        (
            factors(json!({ "emailpassword": 4, "otp-phone": 8 }), true),
            factors(json!({ "emailpassword": 5, "totp": 7, "otp-phone": 8 }), true),
        ),
        (
            factors(json!({ "totp": 9, "otp-phone": null, "none": null }), false),
            factors(json!({ "emailpassword": 5, "totp": 9 }), false),
        ),
        // What isn't in the claim's form replaces it, as any other claim.
        (json!({ "st-mfa": 1 }), json!({ "st-mfa": 1 })),
        (factors(json!({ "totp": 1 }), true), factors(json!({ "totp": 1 }), true)),
        (json!({ "st-mfa": null }), json!({})),
        (factors(json!({ "totp": 2 }), true), factors(json!({ "totp": 2 }), true)),
    ] {
        let all = merge(&bench, &session, update.clone()).await;
        assert_eq!(Value::Object(all), expected, "{update}");
        assert_eq!(claims(&bench, &session).await, expected, "{update}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_writes_of_different_claims_all_stay_whichever_engine_they_go_through() {
    let storage = TestStorage::new();
    let open = || async {
        let config = storage.config().signing_algorithm(SigningAlgorithm::EdDsa);
        let clock = auth_engine::Clock::system();
        Bench { engine: Engine::open(config).await.unwrap(), clock }
    };
    let engines = [open().await, open().await];
    let session = engines[0].start(CreateSession::new("ada".into())).await.session.handle;
    let writes = (0..24).map(|number| {
        let (bench, session) = (&engines[number % 2], session.clone());
        async move { merge(bench, &session, json!({ format!("c{number}"): number })).await }
    });
    futures_util::future::join_all(writes).await;
    let claims = claims(&engines[1], &session).await;
    let expected: JsonObject =
        (0..24).map(|number| (format!("c{number}"), number.into())).collect();
    assert_eq!(claims, Value::Object(expected));
}

#[tokio::test]
async fn an_old_token_is_signed_anew_with_the_row_s_claims_and_not_with_its_own() {
    let bench = Bench::new().await;
    let tokens = bench.start(create("ada")).await;
    merge(&bench, &tokens.session.handle, json!({ "role": null, "banned": true })).await;
    let regenerate = RegenerateSession {
        access_token: tokens.access_token.token.clone(),
        user_data_in_jwt: None,
    };
    let answer = bench.ask(regenerate).await;
    let RegenerateSessionResponse::Ok { access_token: Some(access), .. } = answer else { panic!() };
    let payload = bench.payload(&access.token).await;
    assert_eq!(payload["banned"], true);
    assert!(!payload.contains_key("role"));
}

/// The claims of a session's token, for somebody who would like to be another one.
async fn elevated(bench: &Bench, tokens: &SessionTokens) -> JsonObject {
    let mut claims = bench.payload(&tokens.access_token.token).await;
    claims.insert("sub".into(), json!("admin"));
    claims.insert("rsub".into(), json!("admin"));
    claims.insert("exp".into(), json!(4_000_000_000_i64));
    claims
}

#[tokio::test]
async fn only_a_token_of_the_core_s_own_is_signed_anew() {
    let bench = Bench::new().await;
    let tokens = bench.create().await;
    let claims = elevated(&bench, &tokens).await;
    let foreign = SigningKey::generate(Algorithm::EdDsa).unwrap();
    let kid = crate::support::kid(&tokens.access_token.token);
    let header = Header::new(Algorithm::EdDsa, kid).with_version("5");
    let forged = foreign.sign(&header, &claims).unwrap();
    let (unsigned, _) = forged.rsplit_once('.').unwrap();
    for token in [forged.clone(), format!("{unsigned}."), "x".to_owned()] {
        for user_data_in_jwt in [None, Some(object(json!({ "a": 1 })))] {
            let access_token = Secret::new(token.clone());
            let answer = bench.ask(RegenerateSession { access_token, user_data_in_jwt }).await;
            assert!(matches!(answer, RegenerateSessionResponse::Unauthorised { .. }), "{answer:?}");
        }
    }
    let before = json!({ "role": "admin", "nothing": null });
    assert_eq!(super::merging::claims(&bench, &tokens.session.handle).await, before);
}

#[tokio::test]
async fn a_token_of_the_jwt_recipe_passes_for_no_session_whatever_it_claims() {
    let bench = Bench::with(|config| config.signing_algorithm(SigningAlgorithm::Rs256)).await;
    for use_static_signing_key in [true, false] {
        let fixed = CreateSession {
            use_dynamic_signing_key: Some(!use_static_signing_key),
            ..create("ada")
        };
        let tokens = bench.start(fixed).await;
        let payload = elevated(&bench, &tokens).await;
        let create = CreateJwt {
            algorithm: "RS256".into(),
            jwks_domain: "https://api.example.com".into(),
            payload,
            validity_secs: 3600,
            use_static_signing_key,
        };
        let CreateJwtResponse::Ok { jwt } = bench.ask(create).await else { panic!() };
        for check_database in [true, false] {
            let answer = bench.verify(&jwt, check_database).await;
            assert!(matches!(answer, VerifySessionResponse::TryRefreshToken { .. }), "{answer:?}");
        }
        let regenerate = RegenerateSession { access_token: jwt, user_data_in_jwt: None };
        let answer = bench.ask(regenerate).await;
        assert!(matches!(answer, RegenerateSessionResponse::Unauthorised { .. }), "{answer:?}");
    }
}
