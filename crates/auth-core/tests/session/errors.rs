//! Answers to session errors (FDI: session errors).

use async_trait::async_trait;
use auth_core::{
    Context, Response, Result,
    protocol::{RecipeUserId, SessionHandle, UserId},
    recipes::session::{InvalidClaim, SessionError, SessionErrorHandlers, SessionRecipe},
};
use http::{Method, StatusCode};
use serde_json::json;

use crate::harness::{App, Reply};

fn every_error(handle: &SessionHandle) -> Vec<SessionError> {
    vec![
        SessionError::unauthorised("why"),
        SessionError::try_refresh_token("why"),
        SessionError::TokenTheftDetected {
            session_handle: handle.clone(),
            user_id: "user".into(),
            recipe_user_id: "user".into(),
        },
        SessionError::InvalidClaims(vec![InvalidClaim { id: "c".into(), reason: None }]),
        SessionError::ClearDuplicateSessionCookies,
    ]
}

async fn answers(app: &App, handle: &SessionHandle) -> Vec<Reply> {
    let mut replies = Vec::new();
    for error in every_error(handle) {
        let cx = app.cx(Method::GET, "/own", &[]);
        replies.push(app.error_reply(&cx, error.into()).await);
    }
    replies
}

#[tokio::test]
async fn statuses_can_be_chosen() {
    let recipe = SessionRecipe::new()
        .session_expired_status_code(StatusCode::IM_A_TEAPOT)
        .invalid_claim_status_code(StatusCode::CONFLICT);
    let app = App::new(recipe).await;
    let replies = answers(&app, &"none".into()).await;
    let statuses: Vec<u16> = replies.iter().map(|reply| reply.status.as_u16()).collect();
    assert_eq!(statuses, [418, 418, 418, 409, 200]);
    assert_eq!(replies[1].body, json!({ "message": "try refresh token" }), "never the reason");
}

#[tokio::test]
async fn theft_ends_the_session_and_clears_both_ways_of_transfer() {
    let app = App::new(SessionRecipe::new()).await;
    let (session, _) = app.create(&[]).await.unwrap();
    let replies = answers(&app, session.get_handle()).await;
    assert_eq!(replies[2].body, json!({ "message": "token theft detected" }));
    assert!(replies[2].clears_cookies() && replies[2].clears_headers());
    let sessions = app.auth.session().unwrap();
    assert!(sessions.get_session_information(session.get_handle()).await.unwrap().is_none());
}

/// Answers everything with 299 and the handler's number.
struct Own;

fn own(number: u32) -> Response {
    let status = StatusCode::from_u16(299).unwrap();
    Response::json(status, &json!({ "number": number }))
}

#[async_trait]
impl SessionErrorHandlers for Own {
    async fn on_unauthorised(&self, _cx: &Context, message: &str) -> Result<Response> {
        assert_eq!(message, "why");
        Ok(own(0))
    }

    async fn on_try_refresh_token(&self, _cx: &Context, _message: &str) -> Result<Response> {
        Ok(own(1))
    }

    async fn on_token_theft_detected(
        &self,
        _cx: &Context,
        _session_handle: &SessionHandle,
        _user_id: &UserId,
        _recipe_user_id: &RecipeUserId,
    ) -> Result<Response> {
        Ok(own(2))
    }

    async fn on_invalid_claim(&self, _cx: &Context, errors: &[InvalidClaim]) -> Result<Response> {
        assert_eq!(errors.len(), 1);
        Ok(own(3))
    }

    async fn on_clear_duplicate_session_cookies(&self, _cx: &Context) -> Result<Response> {
        Ok(own(4))
    }
}

#[tokio::test]
async fn every_answer_can_be_replaced_and_tokens_are_cleared_all_the_same() {
    let app = App::new(SessionRecipe::new().error_handlers(Own)).await;
    let (session, _) = app.create(&[]).await.unwrap();
    for (number, reply) in answers(&app, session.get_handle()).await.into_iter().enumerate() {
        assert_eq!(reply.status, 299);
        assert_eq!(reply.body, json!({ "number": number }));
        assert_eq!(reply.clears_cookies(), number == 0 || number == 2);
    }
    let sessions = app.auth.session().unwrap();
    let information = sessions.get_session_information(session.get_handle()).await.unwrap();
    assert!(information.is_some(), "a handler of one's own decides about the session");
}

#[tokio::test]
async fn unauthorised_clears_nothing_where_it_says_so() {
    let app = App::new(SessionRecipe::new()).await;
    let cx = app.cx(Method::GET, "/own", &[]);
    let error = SessionError::Unauthorised { message: "why".into(), clear_tokens: false };
    assert!(app.error_reply(&cx, error.into()).await.sets_nothing());
}
