//! Verification keys (FDI §2.3, 2.4).

use std::time::Duration;

use auth_core::recipes::session::{SessionOptions, SessionRecipe};
use http::Method;

use crate::harness::{App, Client};

async fn passes(app: &App, client: &Client) -> bool {
    let (name, value) = client.access_header();
    app.check(Method::GET, &[(name, &value)], &SessionOptions::new()).await.0.is_ok()
}

#[tokio::test]
async fn tokens_pass_while_keys_are_read_anew_and_without_the_cache() {
    for recipe in [
        SessionRecipe::new().jwks_refresh_interval_sec(1),
        SessionRecipe::new().jwks_refresh_interval_sec(0),
        SessionRecipe::new().verified_token_cache_capacity(0),
        SessionRecipe::new().verified_token_cache_capacity(1),
    ] {
        let app = App::new(recipe).await;
        let (first, second) = (app.client("header").await, app.client("cookie").await);
        for _ in 0..3 {
            assert!(passes(&app, &first).await && passes(&app, &second).await);
            app.clock.advance(Duration::from_secs(1));
        }
    }
}

#[tokio::test]
async fn a_token_signed_with_the_other_kind_of_key_asks_for_a_refresh() {
    let app = App::new(SessionRecipe::new()).await;
    let client = app.client("header").await;
    for is_dynamic in [true, false] {
        let recipe = SessionRecipe::new().use_dynamic_access_token_signing_key(is_dynamic);
        let same_engine = App::sharing(&app, recipe).await;
        assert_eq!(passes(&same_engine, &client).await, is_dynamic);
        assert!(passes(&same_engine, &same_engine.client("header").await).await);
    }
    let recipe = SessionRecipe::new().use_dynamic_access_token_signing_key(false);
    let (name, value) = client.access_header();
    let other = App::sharing(&app, recipe).await;
    let (_, reply) = other.check(Method::GET, &[(name, &value)], &SessionOptions::new()).await;
    assert_eq!(reply.body["message"], "try refresh token");
    assert!(reply.sets_nothing());
}

#[tokio::test]
async fn many_requests_at_once_verify_the_same_new_token() {
    let app = App::new(SessionRecipe::new()).await;
    let client = app.client("header").await;
    let checks = (0..64).map(|_| passes(&app, &client));
    assert!(futures_util::future::join_all(checks).await.into_iter().all(|passed| passed));
}

#[tokio::test]
async fn a_revoked_key_is_refused_at_once_though_its_tokens_were_verified_before() {
    for dynamic in [true, false] {
        let recipe = SessionRecipe::new().use_dynamic_access_token_signing_key(dynamic);
        let app = App::new(recipe).await;
        let mut client = app.client("header").await;
        assert!(passes(&app, &client).await);
        let jwt = app.auth.jwt().unwrap();
        for key in jwt.list_signing_keys().await.unwrap() {
            assert!(jwt.retire_signing_key(&key.kid).await.unwrap());
        }
        assert!(passes(&app, &client).await, "a retired key still verifies");
        for key in jwt.list_signing_keys().await.unwrap() {
            assert!(jwt.revoke_signing_key(&key.kid).await.unwrap());
        }
        assert!(!passes(&app, &client).await);
        let (name, value) = client.refresh_header();
        let reply = app.refresh(&[(name, &value)]).await;
        client.keep(&reply);
        assert!(passes(&app, &client).await, "the session goes on");
    }
}
