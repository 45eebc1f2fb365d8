//! Sessions without a request, and what of their methods shows in no response.

use auth_core::{
    Error,
    protocol::JsonObject,
    recipes::session::{
        AntiCsrf, NewSessionInput, SessionError, SessionRecipe, TokenTransferMethod,
    },
};
use http::Method;

use crate::harness::{App, own_reply};

#[tokio::test]
async fn without_a_request_nothing_is_attached_and_the_tokens_can_be_read() {
    let app = App::new(SessionRecipe::new().anti_csrf(AntiCsrf::ViaToken)).await;
    let cx = app.cx(Method::POST, "/", &[]);
    let sessions = cx.session().unwrap();
    for disable_anti_csrf in [false, true] {
        let session = sessions
            .create_new_session_without_request_response(
                NewSessionInput::new("user").disable_anti_csrf(disable_anti_csrf),
            )
            .await
            .unwrap();
        let tokens = session.get_all_session_tokens_dangerously().unwrap();
        assert!(tokens.refresh_token.is_some());
        assert_eq!(tokens.anti_csrf_token.is_none(), disable_anti_csrf);
        session.merge_into_access_token_payload(JsonObject::new()).await.unwrap();
        assert!(own_reply(&cx).sets_nothing());
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
async fn a_session_that_is_gone_has_no_times() {
    let app = App::new(SessionRecipe::new()).await;
    let (session, _) = app.create(&[]).await.unwrap();
    session.revoke_session().await.unwrap();
    for time in [session.get_time_created().await, session.get_expiry().await] {
        let Err(Error::Session(SessionError::Unauthorised { clear_tokens, .. })) = time else {
            panic!("{time:?}");
        };
        assert!(clear_tokens);
    }
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
