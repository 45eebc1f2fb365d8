//! Signing keys, and the documents about them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use auth_core::{
    protocol::CdiVersion,
    recipes::{
        jwt::{JwtApi, JwtRecipe},
        openid::{OpenIdApi, OpenIdRecipe},
    },
};
use auth_engine::SigningAlgorithm;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{cases, tokens::with_header};
use crate::{
    App, Harness, Setup,
    client::{Mode, Req, jwt_header},
};

cases! {
    "fdi-1.11" => the_keys_are_listed_for_everybody_with_how_long_to_keep_them,
    "fdi-1.12" => the_discovery_document_lists_the_endpoints_below_the_issuer,
    "fdi-1.12" => both_documents_are_served_below_a_tenant_too_and_can_be_switched_off,
    "fdi-2.1-jwks-refresh-interval" => keys_are_read_once_and_again_when_they_are_old,
    "fdi-2.1-jwks-refresh-interval" => an_unknown_key_is_looked_for_twice_a_second_at_most,
    "cdi-2.1" => a_key_is_listed_a_minute_before_it_signs,
    "cdi-2.1" => tokens_of_a_key_that_signs_no_more_are_good_until_they_expire,
    "cdi-2.1" => a_static_key_stays,
}

const WEEK_SECS: u64 = 168 * 3600;

async fn kids(app: &App) -> Vec<Value> {
    let jwks = app.send(Req::get("/auth/jwt/jwks.json")).await.json();
    let keys = jwks["keys"].as_array().cloned().expect("a list");
    keys.into_iter().map(|key| key["kid"].clone()).collect()
}

async fn the_keys_are_listed_for_everybody_with_how_long_to_keep_them(harness: Harness) {
    for (algorithm, alg, members) in [
        (SigningAlgorithm::EdDsa, "EdDSA", &["kty", "kid", "crv", "x", "alg", "use"][..]),
        (SigningAlgorithm::Rs256, "RS256", &["kty", "kid", "n", "e", "alg", "use"]),
    ] {
        let app = harness.start(Setup::new().signing_algorithm(algorithm)).await;
        let token = app.sign_in(Mode::Header).await.access_token();
        let reply = app.send(Req::get("/auth/jwt/jwks.json")).await;
        assert_eq!(reply.status, 200);
        assert_eq!(reply.header("content-type"), Some("application/json; charset=utf-8"));
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
        let cache = reply.header("cache-control").expect("how long to keep them");
        let age =
            cache.strip_prefix("max-age=").and_then(|it| it.strip_suffix(", must-revalidate"));
        assert!(age.is_some_and(|age| age.parse::<u64>().is_ok_and(|age| age > 0)), "{cache}");
        let body = reply.json();
        assert_eq!(body.as_object().map(serde_json::Map::len), Some(1), "no status: {body}");
        let keys = body["keys"].as_array().expect("a list");
        assert!(keys.iter().any(|key| key["kid"] == jwt_header(&token)["kid"]), "{body}");
        for key in keys.iter().filter(|key| key["alg"] == alg) {
            let mut names: Vec<&str> =
                key.as_object().expect("an object").keys().map(String::as_str).collect();
            let mut wanted = members.to_vec();
            names.sort_unstable();
            wanted.sort_unstable();
            assert_eq!(names, wanted, "nothing of the private key");
            assert_eq!(key["use"], "sig");
        }
    }
}

async fn the_discovery_document_lists_the_endpoints_below_the_issuer(harness: Harness) {
    let app = harness.start_default().await;
    let reply = app.send(Req::get("/auth/.well-known/openid-configuration")).await;
    let at = |path: &str| format!("https://api.example.com/auth{path}");
    reply.expect(
        200,
        &json!({
            "issuer": at(""),
            "jwks_uri": at("/jwt/jwks.json"),
            "authorization_endpoint": at("/oauth/auth"),
            "token_endpoint": at("/oauth/token"),
            "userinfo_endpoint": at("/oauth/userinfo"),
            "revocation_endpoint": at("/oauth/revoke"),
            "token_introspection_endpoint": at("/oauth/introspect"),
            "end_session_endpoint": at("/oauth/end_session"),
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code", "id_token", "id_token token"],
        }),
    );
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
}

async fn both_documents_are_served_below_a_tenant_too_and_can_be_switched_off(harness: Harness) {
    let paths = ["/auth/t1/jwt/jwks.json", "/auth/t1/.well-known/openid-configuration"];
    let app = harness.start_default().await;
    for path in paths {
        assert_eq!(app.send(Req::get(path)).await.status, 200, "{path}");
    }
    let setup = Setup::new().recipes(|builder| {
        builder
            .recipe(JwtRecipe::new().disable_api(JwtApi::GetJwksGet))
            .recipe(OpenIdRecipe::new().disable_api(OpenIdApi::GetOpenIdDiscoveryConfigurationGet))
    });
    let app = harness.start(setup).await;
    for path in paths {
        assert_eq!(app.send(Req::get(path)).await.status, 404, "{path}");
    }
}

/// An application, and how often it has asked its core for keys.
async fn counting(harness: &Harness, setup: Setup) -> (App, Arc<AtomicU32>) {
    let reads = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&reads);
    let setup = setup.served(CdiVersion::LATEST, |config| {
        config.network_interceptor(move |request, _| {
            if request.url.path() == "/.well-known/jwks.json" {
                counted.fetch_add(1, Ordering::Relaxed);
            }
            request
        })
    });
    (harness.start(setup).await, reads)
}

async fn keys_are_read_once_and_again_when_they_are_old(harness: Harness) {
    // A core at the other end of a network may withdraw a key unnoticed.
    let as_it_is = Setup::new();
    let shorter = Setup::new().session(|session| session.jwks_refresh_interval_sec(3));
    for (setup, seconds) in [(as_it_is, 5), (shorter, 3)] {
        let setup = setup.engine(|config| config.access_token_validity(Duration::from_secs(86400)));
        let (app, reads) = counting(&harness, setup).await;
        let (one, other) = (app.sign_in(Mode::Header).await, app.sign_in(Mode::Header).await);
        let reads_after_checks = async || {
            let checks = [&one, &other]
                .into_iter()
                .cycle()
                .take(8)
                .map(|front_end| app.send(front_end.with_tokens(Req::get("/sessioninfo"))));
            for reply in join_all(checks).await {
                assert_eq!(reply.status, 200, "{reply:?}");
            }
            reads.load(Ordering::Relaxed)
        };
        assert_eq!(reads.load(Ordering::Relaxed), 0, "not before there is a token");
        assert_eq!(reads_after_checks().await, 1);
        app.clock.advance(Duration::from_millis(seconds * 1000 - 1));
        assert_eq!(reads_after_checks().await, 1);
        app.clock.advance(Duration::from_millis(1));
        assert_eq!(reads_after_checks().await, 2);
        app.advance_secs(600);
        assert_eq!(reads.load(Ordering::Relaxed), 2, "nor without requests");
    }
}

async fn an_unknown_key_is_looked_for_twice_a_second_at_most(harness: Harness) {
    let (app, reads) = counting(&harness, Setup::new()).await;
    let token = app.sign_in(Mode::Header).await.access_token();
    let forged = with_header(&token, &json!({ "kid": "d-1" }));
    for (milliseconds, expected) in [(0, 1), (499, 1), (1, 2), (0, 2), (499, 2), (1, 3)] {
        app.clock.advance(Duration::from_millis(milliseconds));
        let checks = (0..4).map(|_| app.send(Req::get("/sessioninfo").bearer(&forged)));
        for reply in join_all(checks).await {
            reply.expect_message(401, "try refresh token");
        }
        let reply = app.send(Req::get("/sessioninfo").bearer(&token)).await;
        assert_eq!((reply.status, reads.load(Ordering::Relaxed)), (200, expected));
    }
}

async fn a_key_is_listed_a_minute_before_it_signs(harness: Harness) {
    let app = harness.start_default().await;
    let kid = async || jwt_header(&app.sign_in(Mode::Header).await.access_token())["kid"].clone();
    let first = kid().await;
    app.advance_secs(WEEK_SECS - 61);
    assert_eq!(kid().await, first);
    app.advance_secs(2);
    // A new key is made now, and the old one signs until everybody can know the new one.
    let listed = {
        assert_eq!(kid().await, first);
        kids(&app).await
    };
    let second = listed
        .iter()
        .find(|kid| **kid != first && kid.as_str().is_some_and(|kid| kid.starts_with("d-")));
    let second = second.expect("the next key is listed").clone();
    app.advance_secs(60);
    assert_eq!(kid().await, second);
    assert!(kids(&app).await.contains(&first), "tokens of the first key are still good");
}

async fn tokens_of_a_key_that_signs_no_more_are_good_until_they_expire(harness: Harness) {
    let day = Duration::from_secs(24 * 3600);
    // Keys that are kept for as long as may be stand in no new key's way.
    let setup = Setup::new()
        .session(|session| session.jwks_refresh_interval_sec(u64::from(u32::MAX)))
        .engine(move |config| config.access_token_validity(day));
    let app = harness.start(setup).await;
    app.sign_in(Mode::Header).await;
    app.advance_secs(WEEK_SECS - 3600);
    let old = app.sign_in(Mode::Header).await;
    app.advance_secs(7200);
    let new = app.sign_in(Mode::Header).await;
    assert_ne!(jwt_header(&old.access_token())["kid"], jwt_header(&new.access_token())["kid"]);
    for front_end in [&old, &new] {
        let reply = app.send(front_end.with_tokens(Req::get("/sessioninfo"))).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }
    app.advance_secs(24 * 3600 - 7200);
    let reply = app.send(old.with_tokens(Req::get("/sessioninfo"))).await;
    reply.expect_message(401, "try refresh token");
}

async fn a_static_key_stays(harness: Harness) {
    let setup = Setup::new().session(|session| session.use_dynamic_access_token_signing_key(false));
    let app = harness.start(setup).await;
    let mut front_end = app.sign_in(Mode::Header).await;
    let kid = jwt_header(&front_end.access_token())["kid"].clone();
    app.advance_secs(2 * WEEK_SECS);
    front_end.refresh(&app).await.expect(200, &json!({}));
    assert_eq!(jwt_header(&front_end.access_token())["kid"], kid);
    assert_eq!(app.send(front_end.with_tokens(Req::get("/sessioninfo"))).await.status, 200);
}
