//! Sessions by the wire's rules (CDI §2).

#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_imports, missing_docs)]

mod bound;
#[path = "../common/mod.rs"]
mod common;
mod confirmation;
mod device;
mod keys;
mod lifetime;
mod merging;
mod model;
mod people;
mod support;
mod withdrawal;

use std::time::Duration;

use auth_engine::{Engine, EngineConfig, EngineError, TokenReuseBehaviour};
use auth_jwt::UnverifiedJwt;
use auth_protocol::{CdiVersion, Secret, TenantScope, session::*};
use serde_json::{Value, json};

use support::*;

#[tokio::test]
async fn cdi_2_2_an_access_token_carries_the_claims_of_version_5() {
    let bench = Bench::new().await;
    let tokens = bench.create().await;
    let handle = &tokens.session.handle;
    let payload = bench.payload(&tokens.access_token.token).await;
    let hash = payload["refreshTokenHash1"].as_str().unwrap().to_owned();
    let expected = json!({
        "sub": "ada", "rsub": "ada", "tId": "public", "sessionHandle": handle,
        "refreshTokenHash1": hash, "parentRefreshTokenHash1": null, "antiCsrfToken": null,
        "iat": START_MS / 1000, "exp": START_MS / 1000 + 3600,
        "role": "admin", "nothing": null,
    });
    assert_eq!(Value::Object(payload), expected);
    assert_eq!(tokens.access_token.expiry, START_MS + 3_600_000);
    let token = tokens.access_token.token.expose_secret();
    assert_eq!(UnverifiedJwt::parse(token).unwrap().header().version(), Some(5));
    assert!(kid(&tokens.access_token.token).starts_with("d-"));
}

#[tokio::test]
async fn cdi_2_2_a_payload_with_a_protected_claim_is_refused_and_nothing_is_written() {
    let bench = Bench::new().await;
    let protected = "sub exp iat sessionHandle refreshTokenHash1 parentRefreshTokenHash1 \
                     antiCsrfToken tId rsub";
    for claim in protected.split_whitespace() {
        let mut operation = create("ada");
        operation.user_data_in_jwt.insert(claim.into(), json!(1));
        let refused = bench.try_ask(operation).await.unwrap_err();
        assert!(refused.to_string().contains("protected field"), "{claim}: {refused}");
    }
    let list = ListSessionHandles {
        user_id: "ada".into(),
        fetch_across_all_tenants: true,
        fetch_sessions_for_all_linked_accounts: true,
    };
    let ListSessionHandlesResponse::Ok { session_handles } = bench.ask(list).await;
    assert!(session_handles.is_empty());
}

#[tokio::test]
async fn cdi_2_2_jitter_only_shortens_the_validity() {
    let bench = Bench::with(|config| config.access_token_validity_jitter(0.25)).await;
    for _ in 0..20 {
        let expiry = bench.create().await.access_token.expiry;
        assert!((START_MS + 2_699_000..=START_MS + 3_600_000).contains(&expiry));
        assert_eq!(expiry % 1000, 0);
    }
}

#[tokio::test]
async fn cdi_2_2_a_shorter_validity_may_be_asked_for_but_no_longer_one() {
    let bench = Bench::new().await;
    let with = |ms| CreateSession { access_token_validity_ms: Some(ms), ..create("ada") };
    assert_eq!(bench.start(with(60_000)).await.access_token.expiry, START_MS + 60_000);
    for validity in [0, 3_600_001] {
        assert!(matches!(bench.try_ask(with(validity)).await, Err(EngineError::BadRequest(_))));
    }
}

#[tokio::test]
async fn cdi_2_4_a_session_is_read_back_with_its_nulls() {
    let bench = Bench::new().await;
    let tokens = bench.create().await;
    let answer = bench.ask(GetSession { session_handle: tokens.session.handle }).await;
    let GetSessionResponse::Ok {
        user_data_in_database: data,
        user_data_in_jwt: payload,
        expiry,
        time_created,
        ..
    } = answer
    else {
        panic!("{answer:?}")
    };
    assert_eq!(Value::Object(data), json!({ "secret": 1, "nothing": null }));
    assert_eq!(Value::Object(payload), json!({ "role": "admin", "nothing": null }));
    assert_eq!(time_created, START_MS);
    assert_eq!(expiry, START_MS + 100 * 24 * 3_600_000);
    assert_eq!(expiry, tokens.refresh_token.expiry);
}

#[tokio::test]
async fn cdi_2_4_an_unknown_tenant_is_refused() {
    let bench = Bench::new().await;
    let scope = TenantScope { tenant: "nowhere".into(), ..TenantScope::default() };
    let refused = bench.engine.handle(&scope, create("ada")).await;
    assert!(matches!(refused, Err(EngineError::TenantOrAppNotFound(_))));
}

#[tokio::test]
async fn cdi_2_6_a_refresh_rotates_both_tokens_and_extends_the_session() {
    let bench = Bench::new().await;
    let first = bench.create().await;
    bench.clock.advance(Duration::from_secs(60));
    let second = bench.refreshed(&first.refresh_token.token).await;
    assert_eq!(second.refresh_token.expiry, first.refresh_token.expiry + 60_000);
    assert_eq!(second.session.handle, first.session.handle);
    let payload = bench.payload(&second.access_token.token).await;
    assert_eq!(payload["parentRefreshTokenHash1"], Value::Null);
    let third = bench.refreshed(&second.refresh_token.token).await;
    assert!(bench.verifies(&third, true).await);
}

#[tokio::test]
async fn cdi_2_6_within_the_grace_period_the_token_before_gets_the_same_successor() {
    let bench = Bench::new().await;
    let first = bench.create().await;
    let lost = bench.refreshed(&first.refresh_token.token).await;
    bench.clock.advance(GRACE);
    let kept = bench.refreshed(&first.refresh_token.token).await;
    assert_eq!(kept.refresh_token.expiry, lost.refresh_token.expiry);
    assert_eq!(text(&kept.refresh_token.token), text(&lost.refresh_token.token));
    // Whichever answer arrived last, the session goes on, and both access tokens belong to it.
    assert!(bench.verifies(&lost, true).await && bench.verifies(&kept, true).await);
    bench.refreshed(&lost.refresh_token.token).await;
}

#[tokio::test]
async fn cdi_2_6_many_callers_at_once_get_one_successor() {
    let bench = Bench::new().await;
    let first = bench.create().await;
    let all = (0..16).map(|_| bench.refreshed(&first.refresh_token.token));
    let answers = futures_util::future::join_all(all).await;
    let next = text(&answers[0].refresh_token.token);
    for answer in &answers {
        assert_eq!(text(&answer.refresh_token.token), next);
        assert!(bench.verifies(answer, true).await);
    }
    bench.refreshed(&answers[7].refresh_token.token).await;
    // A token two generations old is theft, as ever.
    assert!(is_theft(&bench.refresh(&first.refresh_token.token).await));
}

#[tokio::test]
async fn cdi_2_6_callers_that_disagree_on_anti_csrf_get_one_successor_too() {
    let bench = Bench::new().await;
    let first = bench.create().await;
    let with = |enable_anti_csrf| RefreshSession {
        enable_anti_csrf,
        ..refresh(&first.refresh_token.token)
    };
    for wanted_first in [false, true] {
        let (first, second) = (with(wanted_first), with(!wanted_first));
        let bench = Bench::new().await;
        let start = bench.create().await;
        let of = |it: &RefreshSession| RefreshSession {
            refresh_token: start.refresh_token.token.clone(),
            ..it.clone()
        };
        let answers = [bench.ask(of(&first)).await, bench.ask(of(&second)).await];
        let [RefreshSessionResponse::Ok(one), RefreshSessionResponse::Ok(two)] = answers else {
            panic!()
        };
        assert_eq!(text(&one.refresh_token.token), text(&two.refresh_token.token));
        assert_eq!(one.anti_csrf_token.is_some(), wanted_first);
        assert_eq!(two.anti_csrf_token.is_some(), wanted_first);
    }
    assert!(bench.exists(&first.session.handle).await);
}

#[tokio::test]
async fn cdi_2_6_after_the_grace_period_the_token_before_is_theft_and_the_session_ends() {
    let bench = Bench::new().await;
    let first = bench.create().await;
    bench.refreshed(&first.refresh_token.token).await;
    bench.clock.advance(GRACE + Duration::from_millis(1));
    let answer = bench.refresh(&first.refresh_token.token).await;
    assert_eq!(reuse_of(&answer), Some(TokenReuse::RecentPrev));
    let RefreshSessionResponse::TokenTheftDetected { session, .. } = answer else { panic!() };
    assert_eq!(session.handle, first.session.handle);
    assert_eq!(session.user_id, "ada");
    assert!(!bench.exists(&first.session.handle).await);
}

#[tokio::test]
async fn cdi_2_6_a_superseded_successor_is_an_orphaned_branch() {
    let bench = Bench::new().await;
    let first = bench.create().await;
    // Under the older rules nothing notes which successor was given out.
    let old = RefreshSession {
        cdi_version: CdiVersion::V5_4,
        enable_anti_csrf: true,
        ..refresh(&first.refresh_token.token)
    };
    let RefreshSessionResponse::Ok(lost) = bench.ask(old).await else { panic!() };
    bench.refreshed(&first.refresh_token.token).await;
    let answer = bench.refresh(&lost.refresh_token.token).await;
    assert_eq!(reuse_of(&answer), Some(TokenReuse::OrphanedBranch));
    assert!(is_theft(&answer) && !bench.exists(&first.session.handle).await);
}

#[tokio::test]
async fn cdi_2_6_a_token_two_generations_back_is_a_stale_lineage_even_within_the_grace_period() {
    let bench = Bench::new().await;
    let first = bench.create().await;
    let second = bench.refreshed(&first.refresh_token.token).await;
    bench.refreshed(&second.refresh_token.token).await;
    let answer = bench.refresh(&first.refresh_token.token).await;
    assert_eq!(reuse_of(&answer), Some(TokenReuse::StaleLineage));
    assert!(is_theft(&answer) && !bench.exists(&first.session.handle).await);
}

#[tokio::test]
async fn cdi_2_6_recent_reuse_can_be_answered_as_unauthorised_but_stale_reuse_stays_theft() {
    let behaviour = TokenReuseBehaviour::Unauthorised;
    let bench = Bench::with(|config| config.recent_token_reuse_behaviour(behaviour)).await;
    let first = bench.create().await;
    bench.refreshed(&first.refresh_token.token).await;
    bench.clock.advance(2 * GRACE);
    let answer = bench.refresh(&first.refresh_token.token).await;
    assert!(is_unauthorised(&answer));
    assert_eq!(reuse_of(&answer), Some(TokenReuse::RecentPrev));
    assert!(!bench.exists(&first.session.handle).await);

    let first = bench.create().await;
    let second = bench.refreshed(&first.refresh_token.token).await;
    bench.refreshed(&second.refresh_token.token).await;
    assert!(is_theft(&bench.refresh(&first.refresh_token.token).await));
}

#[tokio::test]
async fn cdi_2_5_a_refresh_with_a_forged_token_is_unauthorised_and_harms_no_session() {
    let bench = Bench::new().await;
    let first = bench.create().await;
    let token = first.refresh_token.token.expose_secret();
    let (head, last) = token.split_at(token.len() - 1);
    let flipped = format!("{head}{}", if last == "A" { "B" } else { "A" });
    for forged in ["", "x", "\u{e9}", &token[1..], &flipped, &"A".repeat(9000)] {
        assert!(is_unauthorised(&bench.refresh(&Secret::new(forged)).await), "{forged}");
    }
    let foreign = Bench::new().await.create().await;
    assert!(is_unauthorised(&bench.refresh(&foreign.refresh_token.token).await));
    assert!(bench.exists(&first.session.handle).await);
}

#[tokio::test]
async fn cdi_2_5_an_expired_session_is_unauthorised() {
    let bench = Bench::new().await;
    let first = bench.create().await;
    bench.clock.advance(SESSION_LIFE + Duration::from_millis(1));
    let answer = bench.refresh(&first.refresh_token.token).await;
    assert!(is_unauthorised(&answer) && reuse_of(&answer).is_none());
    assert!(!bench.exists(&first.session.handle).await);
}

#[tokio::test]
async fn cdi_2_5_a_refresh_needs_the_anti_csrf_token_where_there_is_one() {
    let bench = Bench::new().await;
    let first = bench.start(CreateSession { enable_anti_csrf: true, ..create("ada") }).await;
    let right = first.anti_csrf_token.clone();
    let with = |anti_csrf_token| RefreshSession {
        enable_anti_csrf: true,
        anti_csrf_token,
        ..refresh(&first.refresh_token.token)
    };
    for wrong in [None, Some(Secret::from("wrong"))] {
        assert!(is_unauthorised(&bench.ask(with(wrong)).await));
    }
    let answer = bench.ask(with(right.clone())).await;
    let RefreshSessionResponse::Ok(second) = answer else { panic!("{answer:?}") };
    let exposed = |token: Option<Secret>| token.unwrap().into_exposed();
    assert_eq!(exposed(second.anti_csrf_token), exposed(right));
}

#[tokio::test]
async fn cdi_2_5_a_refresh_gives_an_anti_csrf_token_as_the_request_says_and_not_as_the_session_is()
{
    let bench = Bench::new().await;
    for cdi_version in [CdiVersion::LATEST, CdiVersion::V5_4] {
        let first = bench.create().await;
        assert!(first.anti_csrf_token.is_none());
        // The application turns anti-CSRF on: its running sessions get a token.
        let on = RefreshSession {
            enable_anti_csrf: true,
            cdi_version,
            ..refresh(&first.refresh_token.token)
        };
        let RefreshSessionResponse::Ok(second) = bench.ask(on).await else { panic!() };
        let anti_csrf_token = second.anti_csrf_token.clone().unwrap();
        let check = VerifySession {
            access_token: second.access_token.token.clone(),
            anti_csrf_token: Some(anti_csrf_token.clone()),
            do_anti_csrf_check: true,
            enable_anti_csrf: true,
            check_database: true,
            cdi_version,
        };
        assert!(matches!(bench.ask(check.clone()).await, VerifySessionResponse::Ok { .. }));
        let without = VerifySession { anti_csrf_token: None, ..check };
        let answer = bench.ask(without).await;
        assert!(matches!(answer, VerifySessionResponse::TryRefreshToken { .. }), "{answer:?}");
        // Now that there is one, a refresh needs it, and keeps it.
        let next = |anti_csrf_token| RefreshSession {
            enable_anti_csrf: true,
            anti_csrf_token,
            cdi_version,
            ..refresh(&second.refresh_token.token)
        };
        assert!(is_unauthorised(&bench.ask(next(None)).await));
        let answer = bench.ask(next(Some(anti_csrf_token.clone()))).await;
        let RefreshSessionResponse::Ok(third) = answer else { panic!() };
        assert_eq!(text(&third.anti_csrf_token.unwrap()), text(&anti_csrf_token));
        // And off again.
        let off = RefreshSession { cdi_version, ..refresh(&third.refresh_token.token) };
        let RefreshSessionResponse::Ok(fourth) = bench.ask(off).await else { panic!() };
        assert!(fourth.anti_csrf_token.is_none());
    }
}

#[tokio::test]
async fn cdi_2_7_verification_checks_the_row_only_where_asked() {
    let bench = Bench::new().await;
    let tokens = bench.create().await;
    let answer = bench.verify(&tokens.access_token.token, true).await;
    let VerifySessionResponse::Ok { session, access_token, payload_update_available } = answer
    else {
        panic!("{answer:?}")
    };
    assert_eq!(session, tokens.session);
    assert!(access_token.is_none());
    assert_eq!(payload_update_available, Some(false));

    let handles = vec![session.handle];
    let revoke =
        RemoveSessions { session_handles: Some(handles.clone()), ..RemoveSessions::default() };
    let expected = RemoveSessionsResponse::Ok { session_handles_revoked: handles };
    assert_eq!(bench.ask(revoke).await, expected);
    assert!(bench.verifies(&tokens, false).await);
    let answer = bench.verify(&tokens.access_token.token, true).await;
    assert!(matches!(answer, VerifySessionResponse::Unauthorised { .. }));
}

#[tokio::test]
async fn cdi_2_7_expired_and_foreign_tokens_are_to_be_refreshed() {
    let bench = Bench::new().await;
    let tokens = bench.create().await;
    let foreign = Bench::new().await.create().await;
    bench.clock.advance(Duration::from_hours(1));
    for token in [tokens.access_token.token, foreign.access_token.token, Secret::from("x")] {
        let answer = bench.verify(&token, true).await;
        assert!(matches!(answer, VerifySessionResponse::TryRefreshToken { .. }), "{answer:?}");
    }
}

#[tokio::test]
async fn cdi_2_7_anti_csrf_is_compared_where_it_is_in_use_and_asked_for() {
    let bench = Bench::new().await;
    let tokens = bench.start(CreateSession { enable_anti_csrf: true, ..create("ada") }).await;
    let check = |anti_csrf_token: Option<Secret>, do_anti_csrf_check| VerifySession {
        access_token: tokens.access_token.token.clone(),
        anti_csrf_token,
        do_anti_csrf_check,
        enable_anti_csrf: true,
        check_database: false,
        cdi_version: CdiVersion::LATEST,
    };
    for wrong in [None, Some(Secret::from("wrong"))] {
        let answer = bench.ask(check(wrong, true)).await;
        assert!(matches!(answer, VerifySessionResponse::TryRefreshToken { .. }));
    }
    for fine in [check(tokens.anti_csrf_token.clone(), true), check(None, false)] {
        assert!(matches!(bench.ask(fine).await, VerifySessionResponse::Ok { .. }));
    }
}

#[tokio::test]
async fn cdi_2_8_regeneration_keeps_expiry_and_hashes_and_writes_the_row() {
    let bench = Bench::new().await;
    let tokens = bench.create().await;
    let before = bench.payload(&tokens.access_token.token).await;
    bench.clock.advance(Duration::from_secs(60));
    let regenerate = RegenerateSession {
        access_token: tokens.access_token.token.clone(),
        user_data_in_jwt: Some(object(json!({ "role": "guest" }))),
    };
    let answer = bench.ask(regenerate.clone()).await;
    let RegenerateSessionResponse::Ok { access_token: Some(access), .. } = answer else {
        panic!("{answer:?}")
    };
    let after = bench.payload(&access.token).await;
    for claim in ["exp", "iat", "refreshTokenHash1", "sessionHandle", "sub"] {
        assert_eq!(after[claim], before[claim], "{claim}");
    }
    assert_eq!(after["role"], "guest");
    let answer = bench.verify(&tokens.access_token.token, true).await;
    let VerifySessionResponse::Ok { payload_update_available: Some(true), .. } = answer else {
        panic!("{answer:?}")
    };
    let refreshed = bench.refreshed(&tokens.refresh_token.token).await;
    assert_eq!(Value::Object(refreshed.session.user_data_in_jwt), json!({ "role": "guest" }));

    bench.clock.advance(Duration::from_hours(1));
    let answer = bench.ask(regenerate).await;
    assert!(matches!(answer, RegenerateSessionResponse::Ok { access_token: None, .. }));
}

#[tokio::test]
async fn cdi_2_8_data_is_replaced_whole_and_a_missing_session_is_unauthorised() {
    let bench = Bench::new().await;
    let session_handle = bench.create().await.session.handle;
    let data = UpdateSessionData {
        session_handle: session_handle.clone(),
        user_data_in_database: object(json!({ "a": 1 })),
    };
    let jwt = UpdateSessionJwtData {
        session_handle: session_handle.clone(),
        user_data_in_jwt: object(json!({ "b": 2 })),
    };
    assert_eq!(bench.ask(data.clone()).await, UpdateSessionDataResponse::Ok);
    assert_eq!(bench.ask(jwt.clone()).await, UpdateSessionJwtDataResponse::Ok);
    let answer = bench.ask(GetSession { session_handle }).await;
    let GetSessionResponse::Ok { user_data_in_database, user_data_in_jwt, .. } = answer else {
        panic!("{answer:?}")
    };
    assert_eq!(Value::Object(user_data_in_database), json!({ "a": 1 }));
    assert_eq!(Value::Object(user_data_in_jwt), json!({ "b": 2 }));
    bench.clock.advance(SESSION_LIFE + Duration::from_millis(1));
    let answer = bench.ask(data).await;
    assert!(matches!(answer, UpdateSessionDataResponse::Unauthorised { .. }));
    let answer = bench.ask(jwt).await;
    assert!(matches!(answer, UpdateSessionJwtDataResponse::Unauthorised { .. }));
}

#[tokio::test]
async fn cdi_2_8_a_user_is_signed_out_everywhere() {
    let bench = Bench::new().await;
    let mut mine = vec![bench.create().await.session.handle, bench.create().await.session.handle];
    let other = bench.start(create("bob")).await;
    let of_ada = RemoveSessions { user_id: Some("ada".into()), ..RemoveSessions::default() };
    let RemoveSessionsResponse::Ok { session_handles_revoked: mut revoked } =
        bench.ask(of_ada.clone()).await;
    mine.sort();
    revoked.sort();
    assert_eq!(revoked, mine);
    assert!(bench.exists(&other.session.handle).await);
    let both = RemoveSessions { session_handles: Some(vec![]), ..of_ada };
    for wrong in [both, RemoveSessions::default()] {
        assert!(matches!(bench.try_ask(wrong).await, Err(EngineError::BadRequest(_))));
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_database_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("auth.db");
    let engine = Engine::open(EngineConfig::sqlite_file(&path)).await.unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", file.path().display());
    }
    engine.shutdown().await;
}
