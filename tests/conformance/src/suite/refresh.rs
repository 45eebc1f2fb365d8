//! Refreshing a session.

use serde_json::json;

use super::cases;
use crate::{
    Harness,
    client::{Mode, Req},
};

cases! {
    "fdi-2.6-2" => without_a_refresh_token_the_tokens_are_cleared,
    "fdi-2.6-5" => a_refresh_answers_with_an_empty_object_and_new_tokens,
    "fdi-2.6-4" => a_token_used_twice_after_the_grace_period_is_theft_and_ends_the_session,
    "cdi-2.6" => two_refreshes_that_race_both_succeed,
}

async fn without_a_refresh_token_the_tokens_are_cleared(harness: Harness) {
    let app = harness.start_default().await;
    let reply = app.send(Req::post("/auth/session/refresh")).await;
    reply.expect_message(401, "unauthorised");
    assert!(reply.cookie("sAccessToken").is_cleared());
    assert!(reply.cookie("sRefreshToken").is_cleared());
}

async fn a_refresh_answers_with_an_empty_object_and_new_tokens(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let mut front_end = app.sign_in(mode).await;
        let before = (front_end.access_token(), front_end.refresh_token(), front_end.handle());
        app.advance_secs(60);
        front_end.refresh(&app).await.expect(200, &json!({}));
        assert_ne!(front_end.access_token(), before.0);
        assert_ne!(front_end.refresh_token(), before.1);
        assert_eq!(front_end.handle(), before.2);
        let reply = front_end.send(&app, Req::get("/session-check-db")).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }
}

async fn a_token_used_twice_after_the_grace_period_is_theft_and_ends_the_session(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let mut front_end = app.sign_in(mode).await;
        let mut thief = front_end.clone();
        assert_eq!(front_end.refresh(&app).await.status, 200);
        app.advance_secs(31);
        let reply = thief.refresh(&app).await;
        reply.expect_message(401, "token theft detected");
        assert_eq!(reply.header("front-token"), Some("remove"));
        assert!(reply.cookie("sRefreshToken").is_cleared());
        front_end.refresh(&app).await.expect_message(401, "unauthorised");
    }
}

async fn two_refreshes_that_race_both_succeed(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = app.sign_in(Mode::Header).await;
    let (mut one, mut two) = (front_end.clone(), front_end);
    let (first, second) = tokio::join!(one.refresh(&app), two.refresh(&app));
    assert_eq!((first.status, second.status), (200, 200));
}
