//! Sessions that are bound to a device: an extension.

use std::time::Duration;

use auth_protocol::{
    Secret, SessionHandle, TenantId, TenantScope, jwt::JwkKey, multitenancy::CreateOrUpdateTenant,
    session::*,
};

use crate::{
    common::TestStorage,
    support::{Bench, create, is_theft, refresh},
};

fn key(x: &str) -> DeviceKey {
    let key = JwkKey::Ec { crv: "P-256".into(), x: x.into(), y: "eQ".into() };
    DeviceKey { key, alg: "ES256".into() }
}

fn binding(session: &SessionHandle, x: &str, challenge_made_at: i64) -> BindSessionDevice {
    BindSessionDevice { session_handle: session.clone(), key: key(x), challenge_made_at }
}

fn challenge(session: &SessionHandle, challenge_made_at: i64) -> UseDeviceChallenge {
    UseDeviceChallenge { session_handle: session.clone(), challenge_made_at }
}

fn with_proof_of(token: &Secret, proven: &[&SessionHandle]) -> RefreshSession {
    let proven = proven.iter().map(|handle| (*handle).clone()).collect();
    RefreshSession { proven_devices: Some(proven), ..refresh(token) }
}

fn lacks_proof(answer: &RefreshSessionResponse) -> bool {
    matches!(answer, RefreshSessionResponse::DeviceProofMissingError)
}

#[tokio::test]
async fn a_bound_session_is_refreshed_with_a_proof_where_one_is_asked_for() {
    let bench = Bench::new().await;
    let (first, other) = (bench.create().await, bench.create().await);
    let handle = &first.session.handle;
    let read = || GetSessionDevice { session_handle: handle.clone() };
    assert_eq!(bench.ask(read()).await, GetSessionDeviceResponse::NotBoundError);
    assert_eq!(bench.ask(binding(handle, "eA", 1)).await, BindSessionDeviceResponse::Ok);
    assert_eq!(bench.ask(read()).await, GetSessionDeviceResponse::Ok { key: key("eA") });

    // A refresh that was on its way.
    let token = &first.refresh_token.token;
    bench.clock.advance(Duration::from_secs(10));
    let answer = bench.ask(with_proof_of(token, &[])).await;
    let RefreshSessionResponse::Ok(first) = answer else { panic!("{answer:?}") };
    bench.clock.advance(Duration::from_millis(1));
    let old = token;
    let token = &first.refresh_token.token;
    for proven in [&[][..], &[&other.session.handle][..]] {
        assert!(lacks_proof(&bench.ask(with_proof_of(token, proven)).await));
        // Nor does an old token end what its presenter has no proof for.
        bench.clock.advance(Duration::from_secs(60));
        assert!(lacks_proof(&bench.ask(with_proof_of(old, proven)).await));
    }
    let answer = bench.ask(with_proof_of(token, &[&other.session.handle, handle])).await;
    let RefreshSessionResponse::Ok(first) = answer else { panic!("{answer:?}") };
    // Nobody asks: as a caller that doesn't know of devices.
    bench.refreshed(&first.refresh_token.token).await;
    let unbound = with_proof_of(&other.refresh_token.token, &[]);
    assert!(matches!(bench.ask(unbound).await, RefreshSessionResponse::Ok(_)));
    // With a proof, the rules about stolen tokens are the same as ever.
    assert!(is_theft(&bench.ask(with_proof_of(old, &[handle])).await));
    assert_eq!(bench.ask(read()).await, GetSessionDeviceResponse::UnknownSessionError);
}

#[tokio::test]
async fn of_many_keys_and_of_many_uses_of_a_challenge_one_counts() {
    let storage = TestStorage::new();
    let (one, two) = Bench::two(&storage).await;
    let handle = &one.create().await.session.handle;
    let keys = ["YQ", "Yg", "Yw", "ZA", "ZQ", "Zg"];
    let binds = keys.iter().enumerate().map(|(index, x)| {
        let bench = if index % 2 == 0 { &one } else { &two };
        bench.ask(binding(handle, x, 5))
    });
    let answers = futures_util::future::join_all(binds).await;
    let bound: Vec<_> = (0..keys.len())
        .filter(|index| answers[*index] == BindSessionDeviceResponse::Ok)
        .map(|index| keys[index])
        .collect();
    assert_eq!(bound.len(), 1, "{answers:?}");
    let read = GetSessionDevice { session_handle: handle.clone() };
    assert_eq!(two.ask(read).await, GetSessionDeviceResponse::Ok { key: key(bound[0]) });

    let uses = [&one, &two, &one, &two].map(|bench| bench.ask(challenge(handle, 9)));
    let answers = futures_util::future::join_all(uses).await;
    let used = answers.iter().filter(|answer| **answer == UseDeviceChallengeResponse::Ok);
    assert_eq!(used.count(), 1, "{answers:?}");
    for (made_at, expected) in [
        (5, UseDeviceChallengeResponse::ChallengeUsedError),
        (8, UseDeviceChallengeResponse::ChallengeUsedError),
        (10, UseDeviceChallengeResponse::Ok),
    ] {
        assert_eq!(one.ask(challenge(handle, made_at)).await, expected, "{made_at}");
    }
}

#[tokio::test]
async fn a_session_that_is_gone_or_of_another_tenant_has_no_device() {
    let bench = Bench::new().await;
    let tenant = TenantScope::new("public".into(), TenantId::from("t1"));
    let operation = CreateOrUpdateTenant { tenant_id: Some("t1".into()), ..Default::default() };
    bench.ask(operation).await;
    let answer = bench.engine.handle(&tenant, create("ada")).await.unwrap();
    let CreateSessionResponse::Ok(there) = answer else { panic!("{answer:?}") };
    let handle = &there.session.handle;
    assert_eq!(bench.ask(binding(handle, "eA", 1)).await, BindSessionDeviceResponse::Ok);
    let stripped = SessionHandle::from(handle.as_str().replace("_t1", ""));
    let ended = &bench.create().await.session.handle;
    bench.ask(binding(ended, "eA", 1)).await;
    bench
        .ask(RemoveSessions {
            session_handles: Some(vec![ended.clone()]),
            ..RemoveSessions::default()
        })
        .await;
    for gone in [&stripped, ended, &SessionHandle::from("nobody_nowhere".to_owned())] {
        let answer = bench.ask(binding(gone, "eA", 2)).await;
        assert_eq!(answer, BindSessionDeviceResponse::UnknownSessionError);
        let answer = bench.ask(challenge(gone, 2)).await;
        assert_eq!(answer, UseDeviceChallengeResponse::UnknownSessionError);
        let read = GetSessionDevice { session_handle: gone.clone() };
        assert_eq!(bench.ask(read).await, GetSessionDeviceResponse::UnknownSessionError);
    }
    assert_eq!(bench.ask(challenge(handle, 2)).await, UseDeviceChallengeResponse::Ok);
    // As every session ends.
    bench.clock.advance(crate::support::SESSION_LIFE + Duration::from_secs(1));
    let answer = bench.ask(challenge(handle, 3)).await;
    assert_eq!(answer, UseDeviceChallengeResponse::UnknownSessionError);
}
