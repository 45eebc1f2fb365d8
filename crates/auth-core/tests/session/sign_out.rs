//! Sign-out (FDI: sign-out).

use std::time::Duration;

use async_trait::async_trait;
use auth_core::{
    Context, Error, Result,
    recipes::session::{
        ClaimValidators, GetGlobalClaimValidators, Session, SessionApi, SessionApis,
        SessionApisOverride, SessionFunctions, SessionOptions, SessionOverride, SessionRecipe,
        claims::BooleanClaim,
    },
};
use http::Method;
use serde_json::json;

use crate::harness::{App, REFRESH_PATH};

#[tokio::test]
async fn sign_out_ends_the_session_and_clears_the_tokens_of_the_requests_way_of_transfer() {
    let app = App::new(SessionRecipe::new()).await;
    for mode in ["cookie", "header"] {
        let client = app.client(mode).await;
        let (name, value) = client.access_header();
        let reply = app.post("/auth/signout", &[(name, &value)]).await.unwrap();
        assert_eq!(reply.status, 200);
        assert_eq!(reply.body, json!({ "status": "OK" }));
        assert_eq!(reply.clears_cookies(), mode == "cookie");
        assert_eq!(reply.clears_headers(), mode == "header");
        assert!(reply.exposes().contains(&"front-token"));

        let options = SessionOptions::new().check_database(true);
        assert!(app.check(Method::GET, &[(name, &value)], &options).await.0.is_err());
    }
}

#[tokio::test]
async fn a_session_that_is_gone_already_is_cleared_all_the_same() {
    let app = App::new(SessionRecipe::new()).await;
    let client = app.client("cookie").await;
    let (name, value) = client.access_header();
    for _ in 0..2 {
        let reply = app.post("/auth/signout", &[(name, &value)]).await.unwrap();
        assert_eq!(reply.body, json!({ "status": "OK" }));
        assert!(reply.clears_cookies());
    }
}

#[tokio::test]
async fn without_a_token_it_is_unauthorised_and_clears_nothing() {
    let app = App::new(SessionRecipe::new()).await;
    let reply = app.post("/auth/signout", &[]).await.unwrap();
    assert_eq!(reply.status, 401);
    assert_eq!(reply.body, json!({ "message": "unauthorised" }));
    assert!(reply.sets_nothing());
}

#[tokio::test]
async fn with_an_expired_token_the_client_should_refresh_first() {
    let app = App::new(SessionRecipe::new()).await;
    let (name, value) = app.client("cookie").await.access_header();
    app.clock.advance(Duration::from_secs(4_000));
    let reply = app.post("/auth/signout", &[(name, &value)]).await.unwrap();
    assert_eq!(reply.status, 401);
    assert_eq!(reply.body, json!({ "message": "try refresh token" }));
}

struct Never;

#[async_trait]
impl SessionOverride for Never {
    async fn get_global_claim_validators(
        &self,
        _original: &dyn SessionFunctions,
        _cx: &Context,
        _input: GetGlobalClaimValidators,
    ) -> Result<ClaimValidators> {
        let claim = BooleanClaim::new("never", |_, _| async { Ok(Some(false)) });
        Ok(vec![claim.validators().is_true(None)])
    }
}

#[tokio::test]
async fn claims_are_not_asked_for() {
    let app = App::new(SessionRecipe::new().override_functions(Never)).await;
    let (name, value) = app.client("header").await.access_header();
    let reply = app.post("/auth/signout", &[(name, &value)]).await.unwrap();
    assert_eq!(reply.body, json!({ "status": "OK" }));
}

struct NotNow;

#[async_trait]
impl SessionApisOverride for NotNow {
    async fn sign_out_post(
        &self,
        _original: &dyn SessionApis,
        _cx: &Context,
        _session: Session,
    ) -> Result<()> {
        Err(Error::general("not now"))
    }
}

#[tokio::test]
async fn an_override_can_answer_with_a_message() {
    let app = App::new(SessionRecipe::new().override_apis(NotNow)).await;
    let (name, value) = app.client("header").await.access_header();
    let reply = app.post("/auth/signout", &[(name, &value)]).await.unwrap();
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body, json!({ "status": "GENERAL_ERROR", "message": "not now" }));
    assert!(reply.sets_nothing());
}

#[tokio::test]
async fn a_disabled_api_has_no_route() {
    let app = App::new(SessionRecipe::new().disable_api(SessionApi::SignOutPost)).await;
    assert!(app.post("/auth/signout", &[]).await.is_none());
    assert!(app.post(REFRESH_PATH, &[]).await.is_some());
    let app = App::new(SessionRecipe::new().disable_api(SessionApi::RefreshPost)).await;
    assert!(app.post(REFRESH_PATH, &[]).await.is_none());
}
