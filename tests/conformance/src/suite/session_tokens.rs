//! Methods and functions of sessions that handlers call themselves.

use auth_core::recipes::session::AntiCsrf;
use serde_json::{Value, json};

use super::cases;
use crate::{
    Harness, START_MS, Setup,
    client::{Mode, Req, front_token},
};

cases! {
    "fdi-2.8-tokens" => a_handler_reads_every_token_of_a_session,
    "fdi-2.8-tokens" => a_token_is_called_updated_once_it_was_changed,
    "fdi-2.8-attach" => a_session_is_attached_to_a_response_in_the_way_that_is_asked_for,
    "fdi-2.8-claims" => a_handler_asserts_claims_by_itself,
    "fdi-2.8-claims" => a_handler_reads_the_value_of_a_claim,
    "fdi-2.8-expired" => what_is_merged_into_a_token_that_runs_out_meanwhile_is_in_the_next_one,
    "fdi-8-session" => a_handler_gets_and_refreshes_the_session_by_functions,
}

async fn a_handler_reads_every_token_of_a_session(harness: Harness) {
    let setup = Setup::new().session(|session| session.anti_csrf(AntiCsrf::ViaToken));
    let app = harness.start(setup).await;
    for mode in Mode::BOTH {
        let mut front_end = app.front_end(mode);
        let reply = front_end.send(&app, Req::post("/tokens/new")).await;
        let tokens = reply.json();
        assert_eq!(tokens["accessToken"], front_end.access_token());
        assert_eq!(tokens["antiCsrfToken"], json!(front_end.anti_csrf), "{mode:?}");
        assert_eq!(tokens["accessAndFrontTokenUpdated"], true);
        let text = tokens["refreshToken"].as_str().expect("a refresh token");
        if mode == Mode::Header {
            assert_eq!(text, front_end.refresh_token());
        }
        let refresh = Req::post("/auth/session/refresh").bearer(text);
        app.send(refresh).await.expect(200, &json!({}));
        let told = front_token(tokens["frontToken"].as_str().expect("a front token"));
        assert_eq!(Some(told), front_end.front_token);
    }
}

async fn a_token_is_called_updated_once_it_was_changed(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let mut front_end = app.sign_in(mode).await;
        let reply = front_end.send(&app, Req::post("/tokens")).await;
        reply.expect_tokens_untouched();
        let tokens = reply.json();
        assert_eq!(tokens["accessToken"], front_end.access_token());
        assert_eq!(tokens["accessAndFrontTokenUpdated"], false);
        assert_eq!(
            (&tokens["refreshToken"], &tokens["antiCsrfToken"]),
            (&json!(null), &json!(null))
        );
        let told = front_token(tokens["frontToken"].as_str().expect("a front token"));
        assert_eq!(Some(told), front_end.front_token, "nothing is new");
        let before = front_end.access_token();

        let tokens = front_end.send(&app, Req::post("/tokens").body(r#"{"a":1}"#)).await.json();
        assert_eq!(tokens["accessAndFrontTokenUpdated"], true);
        assert_eq!(tokens["accessToken"], front_end.access_token());
        assert_ne!(tokens["accessToken"], before);
        assert_eq!(tokens["refreshToken"], Value::Null, "it didn't change");
        let told = front_token(tokens["frontToken"].as_str().expect("a front token"));
        assert_eq!(told["up"]["a"], 1);
    }
}

async fn a_session_is_attached_to_a_response_in_the_way_that_is_asked_for(harness: Harness) {
    let app = harness.start_default().await;
    for (from, to, way) in
        [(Mode::Cookie, Mode::Header, "header"), (Mode::Header, Mode::Cookie, "cookie")]
    {
        let before = app.sign_in(from).await;
        let token = before.refresh_token();
        let token = token.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
        let mut front_end = app.front_end(to);
        let request = Req::post("/attach").json(&json!({ "refreshToken": token, "to": way }));
        let reply = app.send(request).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        assert_eq!(reply.cookies().len(), if to == Mode::Cookie { 2 } else { 0 }, "{reply:?}");
        assert_eq!(reply.header("st-access-token").is_some(), to == Mode::Header, "{reply:?}");
        front_end.keep(&reply);
        assert_eq!(front_end.handle(), before.handle());
        assert_eq!(reply.json()["accessTokenPayload"], front_end.payload());
        let reply = front_end.send(&app, Req::get("/session-check-db")).await;
        assert_eq!(reply.json()["sessionHandle"], front_end.handle());
        front_end.refresh(&app).await.expect(200, &json!({}));
    }
    let request = Req::post("/attach").json(&json!({ "refreshToken": "nonsense" }));
    let reply = app.send(request).await;
    reply.expect_message(401, "unauthorised");
    reply.expect_cleared_in_both_ways();
}

async fn a_handler_asserts_claims_by_itself(harness: Harness) {
    let app = harness.start_default().await;
    for (level, status) in [(1, 403), (2, 200)] {
        let payload = json!({ "payload": { "level": { "v": level, "t": START_MS } } });
        let (mut front_end, _) = app.sign_in_with(Mode::Cookie, &payload).await;
        let reply = front_end.send(&app, Req::post("/assert/level-2")).await;
        reply.expect_tokens_untouched();
        if status == 200 {
            assert_eq!(reply.json()["userId"], "ada");
            continue;
        }
        let reason = json!({ "message": "wrong value", "expectedValue": 2, "actualValue": 1 });
        let errors = json!([{ "id": "level", "reason": reason }]);
        let body = json!({ "message": "invalid claim", "claimValidationErrors": errors });
        reply.expect(status, &body);
    }
    // What had to be fetched for it is in the token, though it isn't good enough.
    for mode in Mode::BOTH {
        let mut front_end = app.sign_in(mode).await;
        let reply = front_end.send(&app, Req::post("/assert/second-factor")).await;
        assert_eq!(reply.status, 403, "{reply:?}");
        assert_eq!(front_end.payload()["2fa-completed"], json!({ "v": false, "t": START_MS }));
    }
}

async fn a_handler_reads_the_value_of_a_claim(harness: Harness) {
    let app = harness.start_default().await;
    let mut front_end = app.sign_in(Mode::Header).await;
    front_end.send(&app, Req::get("/second-factor")).await.expect(200, &json!({ "value": null }));
    front_end.send(&app, Req::post("/second-factor")).await;
    front_end.send(&app, Req::get("/second-factor")).await.expect(200, &json!({ "value": true }));
    for odd in [json!("yes"), json!({ "v": "yes", "t": START_MS }), json!({ "t": START_MS })] {
        let payload = json!({ "payload": { "2fa-completed": odd } });
        let (mut front_end, _) = app.sign_in_with(Mode::Header, &payload).await;
        let reply = front_end.send(&app, Req::get("/second-factor")).await;
        reply.expect(200, &json!({ "value": null }));
    }
}

async fn what_is_merged_into_a_token_that_runs_out_meanwhile_is_in_the_next_one(harness: Harness) {
    let app = harness.start_default().await;
    for (mode, handlers) in Mode::BOTH.into_iter().zip(1..) {
        let mut front_end = app.sign_in(mode).await;
        app.advance_secs(3599);
        let request = Req::post("/merge-payload/late").body(r#"{"role":"admin"}"#);
        let (reply, ()) = tokio::join!(front_end.send(&app, request), async {
            app.probe.waiting(handlers).await;
            app.advance_secs(1);
            app.probe.release_handler();
        });
        let payload = &reply.json()["accessTokenPayload"];
        assert_eq!((&payload["role"], &payload["sub"]), (&json!("admin"), &json!("ada")));
        reply.expect_tokens_untouched();
        front_end.refresh(&app).await.expect(200, &json!({}));
        assert_eq!(front_end.payload()["role"], "admin");
    }
}

async fn a_handler_gets_and_refreshes_the_session_by_functions(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let mut front_end = app.sign_in(mode).await;
        let reply = front_end.send(&app, Req::post("/get-session")).await;
        assert_eq!(reply.json()["sessionHandle"], front_end.handle());
        reply.expect_tokens_untouched();
        // A browser keeps the refresh token from this path.
        let request = Req::post("/refresh-session");
        let request = match mode {
            Mode::Header => request.bearer(&front_end.refresh_token()),
            Mode::Cookie => request.cookie(format!("sRefreshToken={}", front_end.refresh_token())),
        };
        let (handle, before) = (front_end.handle(), front_end.refresh_token());
        let reply = app.send(request).await;
        front_end.keep(&reply);
        assert_eq!(reply.json()["sessionHandle"], handle, "{reply:?}");
        assert_ne!(front_end.refresh_token(), before);
        app.advance_secs(3600);
        let reply = app.send(front_end.with_tokens(Req::post("/get-session"))).await;
        reply.expect_message(401, "try refresh token");
    }
    assert_eq!(app.send(Req::post("/get-session")).await.text(), "null");
    let reply = app.send(Req::post("/refresh-session")).await;
    reply.expect_message(401, "unauthorised");
    reply.expect_cleared_in_both_ways();
}
