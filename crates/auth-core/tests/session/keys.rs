//! Verification keys (FDI: access token, verification).

use std::time::Duration;

use auth_core::recipes::session::{SessionOptions, SessionRecipe};
use http::Method;

use crate::harness::{App, Client};

async fn passes(app: &App, client: &Client) -> bool {
    let (name, value) = client.access_header();
    app.check(Method::GET, &[(name, &value)], &SessionOptions::new()).await.0.is_ok()
}

#[tokio::test]
async fn a_key_that_is_new_since_the_last_look_is_found() {
    let recipe = SessionRecipe::new().jwks_refresh_interval_sec(u64::from(u32::MAX));
    let app = App::new(recipe).await;
    assert!(passes(&app, &app.client("header").await).await, "the keys are read");
    app.clock.advance(Duration::from_secs(169 * 60 * 60));
    assert!(passes(&app, &app.client("header").await).await, "signed with another key");
}

#[tokio::test]
async fn tokens_of_strangers_do_not_disturb_those_of_our_own() {
    let app = App::new(SessionRecipe::new()).await;
    let own = app.client("header").await;
    let stranger = App::new(SessionRecipe::new()).await.client("header").await;
    for _ in 0..3 {
        assert!(!passes(&app, &stranger).await);
        assert!(passes(&app, &own).await);
        app.clock.advance(Duration::from_millis(600));
    }
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

#[tokio::test]
async fn a_token_of_the_jwt_recipe_with_a_session_s_claims_is_no_session() {
    let recipe = SessionRecipe::new().use_dynamic_access_token_signing_key(false);
    let app = App::with_rs256(recipe).await;
    let client = app.client("header").await;
    let (name, value) = client.access_header();
    let (session, _) = app.check(Method::GET, &[(name, &value)], &SessionOptions::new()).await;
    let mut payload = (*session.unwrap().unwrap().get_access_token_payload()).clone();
    payload.insert("sub".into(), "admin".into());
    let input = auth_core::recipes::jwt::CreateJwtInput::new(payload);
    let jwt = app.auth.jwt().unwrap().create_jwt(input).await.unwrap().unwrap();
    let bearer = format!("Bearer {}", jwt.expose_secret());
    for options in [SessionOptions::new(), SessionOptions::new().check_database(true)] {
        let (session, reply) =
            app.check(Method::GET, &[("authorization", &bearer)], &options).await;
        assert!(session.is_err());
        assert_eq!(reply.body["message"], "unauthorised");
    }
}
