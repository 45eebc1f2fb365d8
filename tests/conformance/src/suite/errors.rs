//! The answers to errors.

use async_trait::async_trait;
use auth_core::{
    Context, Response, Result,
    protocol::{RecipeUserId, SessionHandle, UserId},
    recipes::session::{AntiCsrf, InvalidClaim, SessionErrorHandlers},
};
use http::StatusCode;
use serde_json::json;

use super::cases;
use crate::{
    App, Harness, Setup,
    client::{Cookie, FrontEnd, Mode, Reply, Req},
};

cases! {
    "fdi-2.4-unauthorised" => unauthorised_clears_both_ways_of_transfer,
    "fdi-2.4-unauthorised" => nothing_is_left_of_a_session_that_was_just_made,
    "fdi-2.4-try-refresh" => try_refresh_token_leaves_the_tokens_alone,
    "fdi-2.4-theft" => theft_clears_both_ways_of_transfer_and_ends_the_session,
    "fdi-2.4-invalid-claims" => an_invalid_claim_is_named_and_leaves_the_tokens_alone,
    "fdi-2.1-status-codes" => the_statuses_of_session_errors_can_be_chosen,
    "fdi-2.1-error-handlers" => every_answer_can_be_replaced_and_tokens_are_cleared_all_the_same,
    "fdi-5.2" => errors_of_a_handler_are_answered_as_the_wire_has_them,
    "fdi-5.2" => an_error_of_the_application_tells_the_client_nothing,
    "fdi-5.2" => what_was_written_before_an_error_reaches_the_client,
}

async fn unauthorised_clears_both_ways_of_transfer(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = app.sign_in(Mode::Cookie).await;
    let reply = app.send(front_end.with_tokens(Req::post("/raise/unauthorised"))).await;
    reply.expect_message(401, "unauthorised");
    reply.expect_cleared_in_both_ways();
}

async fn nothing_is_left_of_a_session_that_was_just_made(harness: Harness) {
    let setup = Setup::new().session(|session| session.anti_csrf(AntiCsrf::ViaToken));
    let app = harness.start(setup).await;
    for mode in ["cookie", "header"] {
        let request = Req::post("/create-session/then-unauthorised");
        let reply = app.send(request.header("st-auth-mode", mode)).await;
        reply.expect_message(401, "unauthorised");
        reply.expect_cleared_in_both_ways();
    }
}

async fn try_refresh_token_leaves_the_tokens_alone(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let front_end = app.sign_in(mode).await;
        app.advance_secs(4000);
        let reply = app.send(front_end.with_tokens(Req::get("/sessioninfo"))).await;
        reply.expect_message(401, "try refresh token");
        reply.expect_tokens_untouched();
    }
}

async fn theft_clears_both_ways_of_transfer_and_ends_the_session(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let (reply, mut front_end) = steal(&app, mode).await;
        reply.expect_message(401, "token theft detected");
        reply.expect_cleared_in_both_ways();
        let checked = app.send(front_end.with_tokens(Req::get("/session-check-db"))).await;
        checked.expect_message(401, "unauthorised");
        front_end.refresh(&app).await.expect_message(401, "unauthorised");
    }
}

/// The answer to a thief's refresh, and the front end that was robbed.
async fn steal(app: &App, mode: Mode) -> (Reply, FrontEnd) {
    let mut front_end = app.sign_in(mode).await;
    let mut thief = front_end.clone();
    assert_eq!(front_end.refresh(app).await.status / 100, 2);
    app.advance_secs(31);
    (thief.refresh(app).await, front_end)
}

async fn an_invalid_claim_is_named_and_leaves_the_tokens_alone(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = app.sign_in(Mode::Cookie).await;
    let reply = app.send(front_end.with_tokens(Req::get("/claims/level-2"))).await;
    let reason = json!({ "message": "value does not exist", "expectedValue": 2 });
    let errors = json!([{ "id": "level", "reason": reason }]);
    reply.expect(403, &json!({ "message": "invalid claim", "claimValidationErrors": errors }));
    reply.expect_tokens_untouched();
}

async fn the_statuses_of_session_errors_can_be_chosen(harness: Harness) {
    let setup = Setup::new().session(|session| {
        session
            .session_expired_status_code(StatusCode::IM_A_TEAPOT)
            .invalid_claim_status_code(StatusCode::CONFLICT)
            .older_cookie_domain("example.com")
    });
    let app = harness.start(setup).await;
    let front_end = app.sign_in(Mode::Header).await;
    app.send(Req::get("/sessioninfo")).await.expect_message(418, "unauthorised");
    app.send(Req::post("/auth/signout")).await.expect_message(418, "unauthorised");
    app.send(Req::post("/auth/session/refresh")).await.expect_message(418, "unauthorised");
    let reply = app.send(front_end.with_tokens(Req::get("/claims/level-2"))).await;
    assert_eq!((reply.status, &reply.json()["message"]), (409, &json!("invalid claim")));
    steal(&app, Mode::Cookie).await.0.expect_message(418, "token theft detected");
    let twice = Req::post("/auth/session/refresh").cookie("sRefreshToken=a; sRefreshToken=b");
    assert_eq!(app.send(twice).await.status, 200, "which is no error of the session");
    app.advance_secs(3600);
    let reply = app.send(front_end.with_tokens(Req::get("/sessioninfo"))).await;
    reply.expect_message(418, "try refresh token");
}

/// Answers everything with 299 and the handler's name.
pub(super) struct Own;

fn own(name: &str) -> Response {
    let status = StatusCode::from_u16(299).expect("a status");
    Response::json(status, &json!({ "own": name }))
}

#[async_trait]
impl SessionErrorHandlers for Own {
    async fn on_unauthorised(&self, _cx: &Context, message: &str) -> Result<Response> {
        // What the core says may differ by its version.
        let is_own = message == "the application says so";
        Ok(own(if is_own { message } else { "unauthorised" }))
    }

    async fn on_try_refresh_token(&self, _cx: &Context, _message: &str) -> Result<Response> {
        Ok(own("try refresh"))
    }

    async fn on_token_theft_detected(
        &self,
        _cx: &Context,
        _session_handle: &SessionHandle,
        user_id: &UserId,
        _recipe_user_id: &RecipeUserId,
    ) -> Result<Response> {
        Ok(own(&format!("theft of {user_id}")))
    }

    async fn on_invalid_claim(&self, _cx: &Context, errors: &[InvalidClaim]) -> Result<Response> {
        Ok(own(&format!("{} claims", errors.len())))
    }

    async fn on_clear_duplicate_session_cookies(&self, _cx: &Context) -> Result<Response> {
        Ok(own("duplicates"))
    }
}

async fn every_answer_can_be_replaced_and_tokens_are_cleared_all_the_same(harness: Harness) {
    let setup = Setup::new()
        .session(|session| session.error_handlers(Own).older_cookie_domain("example.com"));
    let app = harness.start(setup).await;
    let front_end = app.sign_in(Mode::Header).await;

    let reply = app.send(Req::post("/raise/unauthorised")).await;
    reply.expect(299, &json!({ "own": "the application says so" }));
    reply.expect_cleared_in_both_ways();
    let reply = app.send(front_end.with_tokens(Req::get("/claims/several"))).await;
    reply.expect(299, &json!({ "own": "2 claims" }));
    let twice = Req::post("/auth/session/refresh").cookie("sRefreshToken=a; sRefreshToken=b");
    let reply = app.send(twice).await;
    reply.expect(299, &json!({ "own": "duplicates" }));
    assert!(!reply.cookies().is_empty() && reply.cookies().iter().all(Cookie::is_cleared));
    let (reply, robbed) = steal(&app, Mode::Header).await;
    reply.expect(299, &json!({ "own": "theft of ada" }));
    reply.expect_cleared_in_both_ways();
    // This handler didn't end the session, but the core had.
    let reply = app.send(robbed.with_tokens(Req::get("/session-check-db"))).await;
    reply.expect(299, &json!({ "own": "unauthorised" }));
    app.advance_secs(3600);
    let reply = app.send(robbed.with_tokens(Req::get("/sessioninfo"))).await;
    reply.expect(299, &json!({ "own": "try refresh" }));
    reply.expect_tokens_untouched();
}

async fn errors_of_a_handler_are_answered_as_the_wire_has_them(harness: Harness) {
    let app = harness.start_default().await;
    let reply = app.send(Req::post("/raise/general")).await;
    let message = "Please come back tomorrow";
    reply.expect(200, &json!({ "status": "GENERAL_ERROR", "message": message }));
    reply.expect_tokens_untouched();
    let front_end = app.sign_in(Mode::Header).await;
    let reply = app.send(front_end.with_tokens(Req::post("/session-data").body("{"))).await;
    assert_eq!(reply.status, 400, "{reply:?}");
    assert!(reply.json()["message"].is_string());
}

async fn an_error_of_the_application_tells_the_client_nothing(harness: Harness) {
    let app = harness.start_default().await;
    let reply = app.send(Req::post("/raise/internal")).await;
    assert_eq!(reply.status, 500);
    assert!(!reply.text().contains("hunter2"), "{reply:?}");
    reply.expect_tokens_untouched();
}

async fn what_was_written_before_an_error_reaches_the_client(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let mut front_end = app.sign_in(mode).await;
        let request = Req::post("/merge-payload/then-error").body(r#"{"a":1}"#);
        let reply = front_end.send(&app, request).await;
        reply.expect_message(400, "changed my mind");
        assert_eq!(reply.exposed()[0], "front-token", "{reply:?}");
        assert_eq!(front_end.payload()["a"], 1);
        assert_eq!(front_end.front_token.as_ref().expect("a front token")["up"]["a"], 1);
        let request = Req::post("/create-session/then-fail").header("st-auth-mode", "cookie");
        let reply = app.send(request).await;
        reply.expect(503, &json!({ "oh": "no" }));
        assert_eq!(reply.cookies().len(), 2, "{reply:?}");
    }
}
