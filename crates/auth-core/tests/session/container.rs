//! The methods of a session (FDI: session container).

use std::time::Duration;

use auth_core::{
    Error,
    protocol::JsonObject,
    recipes::session::{SessionError, SessionOptions, SessionRecipe, TokenTransferMethod},
};
use http::Method;
use serde_json::{Value, json};

use crate::harness::{App, START_MS, own_reply};

fn object(value: &Value) -> JsonObject {
    value.as_object().cloned().unwrap()
}

#[tokio::test]
async fn merging_writes_a_new_token_to_the_response_at_once_and_keeps_its_expiry() {
    let app = App::new(SessionRecipe::new()).await;
    for mode in ["cookie", "header"] {
        let mut client = app.client(mode).await;
        app.clock.advance(Duration::from_secs(10));
        let (name, value) = client.access_header();
        let cx = app.cx(Method::POST, "/own", &[(name, &value)]);
        let options = SessionOptions::new();
        let session = app.auth.verify_session(&cx, &options).await.unwrap().unwrap();
        let exp = session.get_access_token_payload()["exp"].clone();

        let update = json!({ "a": 1, "b": { "c": 2 }, "sub": "somebody else" });
        // A protected name is refused by the core or left out; it is never taken over.
        let _ = session.merge_into_access_token_payload(object(&update)).await;
        session.merge_into_access_token_payload(object(&json!({ "a": 1, "b": 2 }))).await.unwrap();
        session.merge_into_access_token_payload(object(&json!({ "b": null }))).await.unwrap();

        let payload = session.get_access_token_payload();
        assert_eq!(payload["sub"], "user");
        assert_eq!(payload["a"], 1);
        assert!(!payload.contains_key("b"));
        assert_eq!(payload["exp"], exp);
        assert_eq!(payload["iss"], "https://api.example.com/auth");
        let reply = own_reply(&cx);
        assert_eq!(reply.front_token()["up"], json!(*payload));
        assert!(reply.cookies("sRefreshToken").is_empty(), "the refresh token stays");
        assert!(reply.header("st-refresh-token").is_none());
        let before = client.access.clone();
        client.keep(&reply);
        assert_ne!(client.access, before);
        assert_eq!(session.get_access_token().expose_secret(), client.access);
        assert!(
            session.get_all_session_tokens_dangerously().unwrap().access_and_front_token_updated
        );
    }
}

#[tokio::test]
async fn a_session_by_a_token_that_was_checked_before_still_writes_to_the_response() {
    let app = App::new(SessionRecipe::new()).await;
    for mode in ["cookie", "header"] {
        let client = app.client(mode).await;
        let (name, value) = client.access_header();
        let options = SessionOptions::new();
        for turn in 1..=3 {
            let cx = app.cx(Method::GET, "/own", &[(name, &value)]);
            let session = app.auth.verify_session(&cx, &options).await.unwrap().unwrap();
            assert!(own_reply(&cx).sets_nothing());
            let update = object(&json!({ "turn": turn }));
            session.merge_into_access_token_payload(update).await.unwrap();
            assert_eq!(own_reply(&cx).front_token()["up"]["turn"], turn);
        }
    }
}

#[tokio::test]
async fn merging_into_a_token_that_expired_meanwhile_changes_the_payload_only() {
    let app = App::new(SessionRecipe::new()).await;
    let client = app.client("header").await;
    let (name, value) = client.access_header();
    let cx = app.cx(Method::POST, "/own", &[(name, &value)]);
    let session = app.auth.verify_session(&cx, &SessionOptions::new()).await.unwrap().unwrap();
    app.clock.advance(Duration::from_secs(4_000));
    session.merge_into_access_token_payload(object(&json!({ "a": 1 }))).await.unwrap();
    assert_eq!(session.get_access_token_payload()["a"], 1);
    assert_eq!(session.get_access_token_payload()["sub"], "user");
    assert_eq!(session.get_access_token().expose_secret(), client.access);
    assert!(own_reply(&cx).sets_nothing());
}

#[tokio::test]
async fn data_in_the_database_and_times_are_read_and_written() {
    let app = App::new(SessionRecipe::new()).await;
    let (session, _) = app.create(&[]).await.unwrap();
    assert_eq!(session.get_session_data_from_database().await.unwrap(), JsonObject::new());
    let data = object(&json!({ "cart": [1, 2] }));
    session.update_session_data_in_database(data.clone()).await.unwrap();
    assert_eq!(session.get_session_data_from_database().await.unwrap(), data);
    assert_eq!(session.get_time_created().await.unwrap(), START_MS);
    assert_eq!(session.get_expiry().await.unwrap(), START_MS + 100 * 24 * 3_600_000);
}

#[tokio::test]
async fn what_needs_the_database_is_unauthorised_once_the_session_is_gone() {
    let app = App::new(SessionRecipe::new()).await;
    let (session, _) = app.create(&[]).await.unwrap();
    session.revoke_session().await.unwrap();
    let results = [
        session.get_session_data_from_database().await.map(drop),
        session.update_session_data_in_database(JsonObject::new()).await,
        session.get_time_created().await.map(drop),
        session.get_expiry().await.map(drop),
        session.merge_into_access_token_payload(JsonObject::new()).await,
    ];
    for result in results {
        let Err(Error::Session(SessionError::Unauthorised { clear_tokens, .. })) = result else {
            panic!("{result:?}");
        };
        assert!(clear_tokens);
    }
    session.revoke_session().await.unwrap();
}

#[tokio::test]
async fn revoking_clears_the_tokens_of_the_attached_response() {
    let app = App::new(SessionRecipe::new()).await;
    for mode in ["cookie", "header"] {
        let (name, value) = app.client(mode).await.access_header();
        let cx = app.cx(Method::POST, "/own", &[(name, &value)]);
        let session = app.auth.verify_session(&cx, &SessionOptions::new()).await.unwrap().unwrap();
        session.revoke_session().await.unwrap();
        let reply = own_reply(&cx);
        assert_eq!(reply.clears_cookies(), mode == "cookie");
        assert_eq!(reply.clears_headers(), mode == "header");
    }
}

#[tokio::test]
async fn a_session_made_without_a_request_can_be_attached_later() {
    let app = App::new(SessionRecipe::new()).await;
    let session = app.session_without_request().await;
    let cx = app.cx(Method::POST, "/own", &[]);
    session.attach_to_request_response(&cx, TokenTransferMethod::Cookie).unwrap();
    let reply = own_reply(&cx);
    assert!(reply.cookie("sAccessToken").len() > 100);
    assert!(reply.cookie("sRefreshToken").len() > 100);
}

#[tokio::test]
async fn debug_output_shows_no_token() {
    let app = App::new(SessionRecipe::new()).await;
    let (session, reply) = app.create(&[("st-auth-mode", "header")]).await.unwrap();
    let cx = app.cx(Method::GET, "/", &[("authorization", "Bearer secret-text")]);
    let tokens = session.get_all_session_tokens_dangerously().unwrap();
    let text = format!("{session:?} {tokens:?} {cx:?} {:?}", cx.changes());
    assert!(!text.contains("secret-text"));
    assert!(!text.contains(reply.header("st-access-token").unwrap()));
    assert!(!text.contains(reply.header("st-refresh-token").unwrap()));
}
