//! Signing out.

use auth_core::{
    Context, Error, Result,
    recipes::session::{SessionApi, SessionApis, SessionApisOverride, SignOutPostInput},
};
use serde_json::json;

use super::{cases, support::second_factor_required};
use crate::{
    Harness, Setup,
    client::{Cookie, Mode, Req},
};

cases! {
    "fdi-2.7" => signing_out_ends_the_session_and_clears_its_tokens,
    "fdi-2.7" => signing_out_without_a_session_is_refused_without_clearing,
    "fdi-2.7" => signing_out_with_an_expired_token_asks_for_a_refresh_first,
    "fdi-2.7" => a_session_that_is_gone_already_is_cleared_all_the_same,
    "fdi-2.7" => signing_out_asks_for_no_claims,
    "fdi-2.7" => between_two_sites_signing_out_by_cookie_needs_the_rid_header,
    "fdi-4.1" => an_override_of_the_sign_out_can_answer_with_a_message,
    "fdi-4.1" => a_disabled_api_s_requests_pass_on_to_the_application,
}

async fn signing_out_ends_the_session_and_clears_its_tokens(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let mut front_end = app.sign_in(mode).await;
        let (before, mut other) = (front_end.clone(), app.sign_in(mode).await);
        let reply = front_end.send(&app, Req::post("/auth/signout")).await;
        reply.expect(200, &json!({ "status": "OK" }));
        assert_eq!(reply.header("front-token"), Some("remove"));
        match mode {
            Mode::Cookie => {
                let cookies = reply.cookies();
                assert!(cookies.len() == 2 && cookies.iter().all(Cookie::is_cleared));
                assert_eq!(reply.exposed(), ["front-token"]);
            }
            Mode::Header => {
                assert_eq!(reply.cookies(), []);
                assert_eq!(reply.header("st-access-token"), Some(""));
                assert_eq!(reply.header("st-refresh-token"), Some(""));
                assert!(reply.exposed().contains(&"front-token"));
            }
        }
        let reply = app.send(before.with_tokens(Req::get("/session-check-db"))).await;
        reply.expect_message(401, "unauthorised");
        let reply = other.send(&app, Req::get("/session-check-db")).await;
        assert_eq!(reply.status, 200, "the user's other session stays: {reply:?}");
    }
}

async fn signing_out_without_a_session_is_refused_without_clearing(harness: Harness) {
    let app = harness.start_default().await;
    let reply = app.send(Req::post("/auth/signout")).await;
    reply.expect_message(401, "unauthorised");
    reply.expect_tokens_untouched();
}

async fn signing_out_with_an_expired_token_asks_for_a_refresh_first(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let mut front_end = app.sign_in(mode).await;
        app.advance_secs(3600);
        let reply = front_end.send(&app, Req::post("/auth/signout")).await;
        reply.expect_message(401, "try refresh token");
        reply.expect_tokens_untouched();
        assert_eq!(front_end.refresh(&app).await.status, 200);
        let reply = front_end.send(&app, Req::post("/auth/signout")).await;
        reply.expect(200, &json!({ "status": "OK" }));
    }
}

async fn a_session_that_is_gone_already_is_cleared_all_the_same(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = app.sign_in(Mode::Cookie).await;
    for _ in 0..2 {
        let reply = app.send(front_end.with_tokens(Req::post("/auth/signout"))).await;
        reply.expect(200, &json!({ "status": "OK" }));
        let cookies = reply.cookies();
        assert!(cookies.len() == 2 && cookies.iter().all(Cookie::is_cleared), "{reply:?}");
        assert_eq!(reply.header("front-token"), Some("remove"));
    }
}

async fn signing_out_asks_for_no_claims(harness: Harness) {
    let app = harness.start(second_factor_required()).await;
    let mut front_end = app.sign_in(Mode::Header).await;
    assert_eq!(front_end.send(&app, Req::get("/sessioninfo")).await.status, 403);
    let reply = front_end.send(&app, Req::post("/auth/signout")).await;
    reply.expect(200, &json!({ "status": "OK" }));
}

async fn between_two_sites_signing_out_by_cookie_needs_the_rid_header(harness: Harness) {
    let app = harness.start(Setup::two_sites()).await;
    let front_end = app.sign_in(Mode::Cookie).await;
    let reply = app.send(front_end.with_tokens(Req::post("/auth/signout"))).await;
    reply.expect_message(401, "try refresh token");
    let request = front_end.with_tokens(Req::post("/auth/signout")).header("rid", "session");
    app.send(request).await.expect(200, &json!({ "status": "OK" }));
}

struct NotNow;

impl SessionApisOverride for NotNow {
    async fn sign_out_post(
        &self,
        _original: &SessionApis,
        _cx: &Context,
        _input: SignOutPostInput,
    ) -> Result<()> {
        Err(Error::general("not now"))
    }
}

async fn an_override_of_the_sign_out_can_answer_with_a_message(harness: Harness) {
    let app = harness.start(Setup::new().session(|session| session.override_apis(NotNow))).await;
    let mut front_end = app.sign_in(Mode::Header).await;
    let reply = front_end.send(&app, Req::post("/auth/signout")).await;
    reply.expect(200, &json!({ "status": "GENERAL_ERROR", "message": "not now" }));
    reply.expect_tokens_untouched();
    assert_eq!(front_end.send(&app, Req::get("/session-check-db")).await.status, 200);
}

async fn a_disabled_api_s_requests_pass_on_to_the_application(harness: Harness) {
    let setup = Setup::new().session(|session| session.disable_api(SessionApi::SignOutPost));
    let app = harness.start(setup).await;
    let mut front_end = app.sign_in(Mode::Header).await;
    let reply = front_end.send(&app, Req::post("/auth/signout")).await;
    assert_eq!(reply.status, 404, "{reply:?}");
    assert_eq!(front_end.refresh(&app).await.status, 200, "the other API keeps its route");
}
