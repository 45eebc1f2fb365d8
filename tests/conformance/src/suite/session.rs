//! The session check.

use super::cases;
use crate::{
    Harness, Setup,
    client::{Mode, Req},
};

cases! {
    "fdi-2.4-1" => a_legacy_cookie_asks_for_a_refresh,
    "fdi-2.4-3" => a_bearer_token_of_somebody_else_is_ignored,
    "fdi-2.4-4" => the_header_wins_over_the_cookie,
    "fdi-2.4-4" => two_access_cookies_ask_for_a_refresh,
    "fdi-2.4-5" => cookies_of_another_site_need_the_rid_header_except_for_get,
    "fdi-2.4-6" => without_a_token_a_required_session_is_refused_and_an_optional_one_is_not,
    "fdi-2.4-7" => an_expired_token_asks_for_a_refresh_even_where_the_session_is_optional,
    "fdi-2.4-8" => a_revoked_session_is_refused_where_the_database_is_asked,
}

async fn a_legacy_cookie_asks_for_a_refresh(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = app.sign_in(Mode::Header).await;
    let request = front_end.with_tokens(Req::get("/sessioninfo")).cookie("sIdRefreshToken=x");
    let reply = app.send(request).await;
    reply.expect_message(401, "try refresh token");
    reply.expect_tokens_untouched();
}

async fn a_bearer_token_of_somebody_else_is_ignored(harness: Harness) {
    let app = harness.start_default().await;
    let mut front_end = app.sign_in(Mode::Cookie).await;
    let foreign = "eyJhbGciOiJIUzI1NiJ9.e30.AA";
    let reply = app.send(Req::get("/sessioninfo").bearer(foreign)).await;
    reply.expect_message(401, "unauthorised");
    reply.expect_tokens_untouched();
    let reply = front_end.send(&app, Req::get("/sessioninfo").bearer(foreign)).await;
    assert_eq!(reply.status, 200, "the cookie counts: {reply:?}");
}

async fn the_header_wins_over_the_cookie(harness: Harness) {
    let app = harness.start_default().await;
    let by_cookie = app.sign_in(Mode::Cookie).await;
    let by_header = app.sign_in(Mode::Header).await;
    let both = by_cookie.with_tokens(Req::get("/sessioninfo")).bearer(&by_header.access_token());
    let reply = app.send(both).await;
    assert_eq!(reply.json()["sessionHandle"], by_header.handle());
}

async fn two_access_cookies_ask_for_a_refresh(harness: Harness) {
    let app = harness.start_default().await;
    let token = app.sign_in(Mode::Cookie).await.access_token();
    let line = format!("sAccessToken={token}; sAccessToken={token}");
    let reply = app.send(Req::get("/sessioninfo").cookie(line)).await;
    reply.expect_message(401, "try refresh token");
    reply.expect_tokens_untouched();
}

async fn cookies_of_another_site_need_the_rid_header_except_for_get(harness: Harness) {
    let app = harness.start(Setup::two_sites()).await;
    let front_end = app.sign_in(Mode::Cookie).await;
    let reply = app.send(front_end.with_tokens(Req::post("/sessioninfo"))).await;
    reply.expect_message(401, "try refresh token");
    let with_rid = front_end.with_tokens(Req::post("/sessioninfo")).header("rid", "anything");
    assert_eq!(app.send(with_rid).await.status, 200);
    for request in [Req::get("/sessioninfo"), Req::post("/no-csrf")] {
        assert_eq!(app.send(front_end.with_tokens(request)).await.status, 200);
    }
    let reply = app.send(front_end.with_tokens(Req::get("/csrf"))).await;
    reply.expect_message(401, "try refresh token");
    let by_header = app.sign_in(Mode::Header).await;
    let reply = app.send(by_header.with_tokens(Req::post("/sessioninfo"))).await;
    assert_eq!(reply.status, 200, "headers are safe from forgery");
}

async fn without_a_token_a_required_session_is_refused_and_an_optional_one_is_not(
    harness: Harness,
) {
    let app = harness.start_default().await;
    let reply = app.send(Req::get("/sessioninfo")).await;
    reply.expect_message(401, "unauthorised");
    reply.expect_tokens_untouched();
    assert_eq!(app.send(Req::get("/session-optional")).await.status, 200);
}

async fn an_expired_token_asks_for_a_refresh_even_where_the_session_is_optional(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let front_end = app.sign_in(mode).await;
        app.advance_secs(3600);
        for path in ["/sessioninfo", "/session-optional", "/session-check-db"] {
            let reply = app.send(front_end.with_tokens(Req::get(path))).await;
            reply.expect_message(401, "try refresh token");
            reply.expect_tokens_untouched();
        }
    }
}

async fn a_revoked_session_is_refused_where_the_database_is_asked(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let front_end = app.sign_in(mode).await;
        let session = app.auth.session().expect("the recipe is there");
        let handle = front_end.handle().as_str().into();
        assert!(session.revoke_session(&handle).await.expect("revoked"));
        let reply = app.send(front_end.with_tokens(Req::get("/sessioninfo"))).await;
        assert_eq!(reply.status, 200, "the token itself still works");
        let reply = app.send(front_end.with_tokens(Req::get("/session-check-db"))).await;
        reply.expect_message(401, "unauthorised");
        // Cleared in both ways.
        assert!(reply.cookie("sAccessToken").is_cleared());
        assert!(reply.cookie("sRefreshToken").is_cleared());
        assert_eq!(reply.header("st-access-token"), Some(""));
        assert_eq!(reply.header("st-refresh-token"), Some(""));
        assert_eq!(reply.header("front-token"), Some("remove"));
    }
}
