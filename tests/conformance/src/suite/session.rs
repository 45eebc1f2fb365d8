//! The session check, step by step.

use auth_core::recipes::session::SessionApi;

use super::cases;
use crate::{
    Harness, Setup,
    client::{Mode, Req},
};

cases! {
    "fdi-2.4-session" => a_session_is_given_to_the_handler_and_nothing_is_written,
    "fdi-2.4-options" => no_method_does_without_a_session,
    "fdi-2.4-refresh" => on_the_refresh_path_a_check_refreshes,
    "fdi-2.4-1" => a_legacy_cookie_asks_for_a_refresh,
    "fdi-2.4-2" => a_way_of_transfer_that_is_not_allowed_is_not_looked_at,
    "fdi-2.4-3" => a_bearer_token_of_somebody_else_is_ignored,
    "fdi-2.4-4" => the_header_wins_over_the_cookie,
    "fdi-2.4-4" => two_access_cookies_do_not_matter_where_the_header_is_used,
    "fdi-2.4-6" => without_a_token_a_required_session_is_refused_and_an_optional_one_is_not,
    "fdi-2.4-7" => an_expired_token_asks_for_a_refresh_even_where_the_session_is_optional,
    "fdi-2.4-8" => a_revoked_session_is_refused_where_the_database_is_asked,
    "fdi-2.4-8" => a_session_that_ran_out_in_the_database_is_still_there_while_its_token_is_valid,
    "fdi-2.4-10" => a_check_answers_in_the_way_of_transfer_that_the_request_used,
}

async fn a_session_is_given_to_the_handler_and_nothing_is_written(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let front_end = app.sign_in(mode).await;
        // The second time the token's signature isn't checked any more.
        for path in ["/sessioninfo", "/sessioninfo", "/session-optional", "/session-check-db"] {
            let reply = app.send(front_end.with_tokens(Req::get(path))).await;
            assert_eq!(reply.status, 200, "{reply:?}");
            reply.expect_tokens_untouched();
            let session = reply.json();
            assert_eq!(session["sessionHandle"], front_end.handle());
            assert_eq!(
                (&session["userId"], &session["tenantId"]),
                (&"ada".into(), &"public".into())
            );
            assert_eq!(session["recipeUserId"], "ada");
            assert_eq!(session["accessTokenPayload"], front_end.payload());
        }
    }
}

async fn no_method_does_without_a_session(harness: Harness) {
    let app = harness.start_default().await;
    let preflight = |request: Req| {
        request
            .header("origin", "https://www.example.com")
            .header("access-control-request-method", "POST")
    };
    for method in ["OPTIONS", "TRACE", "GET", "POST", "PUT", "PATCH", "DELETE"] {
        let plain = Req::new(method, "/any-method");
        for request in [plain.clone(), plain.clone().bearer("nonsense"), preflight(plain)] {
            let mut connection = app.connect().await;
            let reply = connection.send(&request).await;
            reply.expect_message(401, "unauthorised");
            reply.expect_tokens_untouched();
        }
    }
    let token = app.sign_in(Mode::Header).await.access_token();
    for method in ["OPTIONS", "TRACE"] {
        let reply = app.send(Req::new(method, "/any-method").bearer(&token)).await;
        assert_eq!((reply.status, &reply.json()["userId"]), (200, &"ada".into()), "{reply:?}");
    }
}

async fn on_the_refresh_path_a_check_refreshes(harness: Harness) {
    let setup = Setup::new().session(|session| session.disable_api(SessionApi::RefreshPost));
    let app = harness.start(setup).await;
    for mode in Mode::BOTH {
        let mut front_end = app.sign_in(mode).await;
        let before = front_end.refresh_token();
        let reply = front_end.refresh(&app).await;
        assert_eq!(reply.json()["sessionHandle"], front_end.handle(), "{reply:?}");
        assert_ne!(front_end.refresh_token(), before);
    }
    let reply = app.send(Req::post("/auth/session/refresh")).await;
    reply.expect_message(401, "unauthorised");
    reply.expect_cleared_in_both_ways();
}

async fn a_legacy_cookie_asks_for_a_refresh(harness: Harness) {
    let app = harness.start_default().await;
    let token = app.sign_in(Mode::Cookie).await.access_token();
    for path in ["/sessioninfo", "/session-optional"] {
        for line in [
            "sIdRefreshToken=x",
            "sIdRefreshToken=x; sAccessToken=nonsense",
            &format!("sIdRefreshToken=x; sAccessToken={token}x"),
        ] {
            let reply = app.send(Req::get(path).cookie(line)).await;
            reply.expect_message(401, "try refresh token");
            reply.expect_tokens_untouched();
        }
    }
}

async fn a_way_of_transfer_that_is_not_allowed_is_not_looked_at(harness: Harness) {
    for (used, other) in [(Mode::Cookie, Mode::Header), (Mode::Header, Mode::Cookie)] {
        let app = harness.start(Setup::new().reading_tokens_by(used)).await;
        let used = app.sign_in(used).await;
        assert_eq!(app.send(used.with_tokens(Req::get("/sessioninfo"))).await.status, 200);
        let other = app.sign_in(other).await;
        let reply = app.send(other.with_tokens(Req::get("/sessioninfo"))).await;
        reply.expect_message(401, "unauthorised");
        let reply = app.send(other.with_tokens(Req::get("/session-optional"))).await;
        assert_eq!(reply.text(), "null");
    }
}

async fn a_bearer_token_of_somebody_else_is_ignored(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = app.sign_in(Mode::Cookie).await;
    for own in [
        "Bearer eyJhbGciOiJIUzI1NiJ9.e30.AA",
        "Bearer e30.e30.e30",
        "Bearer own-token",
        "Bearer ",
        "bearer a.b.c",
        "Basic YWRhOnB3",
    ] {
        let reply = app.send(Req::get("/sessioninfo").header("authorization", own)).await;
        reply.expect_message(401, "unauthorised");
        reply.expect_tokens_untouched();
        let request = front_end.with_tokens(Req::get("/sessioninfo"));
        let reply = app.send(request.header("authorization", own)).await;
        assert_eq!(reply.status, 200, "{own}: the cookie counts: {reply:?}");
    }
}

async fn the_header_wins_over_the_cookie(harness: Harness) {
    let app = harness.start_default().await;
    let by_cookie = app.sign_in(Mode::Cookie).await;
    let by_header = app.sign_in(Mode::Header).await;
    let both = by_cookie.with_tokens(Req::get("/sessioninfo")).bearer(&by_header.access_token());
    let reply = app.send(both).await;
    assert_eq!(reply.json()["sessionHandle"], by_header.handle());
}

async fn two_access_cookies_do_not_matter_where_the_header_is_used(harness: Harness) {
    let app = harness.start_default().await;
    let token = app.sign_in(Mode::Header).await.access_token();
    let request = Req::get("/sessioninfo").bearer(&token).cookie("sAccessToken=a; sAccessToken=b");
    assert_eq!(app.send(request).await.status, 200);
}

async fn without_a_token_a_required_session_is_refused_and_an_optional_one_is_not(
    harness: Harness,
) {
    let app = harness.start_default().await;
    for cookie in
        ["", "sAccessToken=", "sAccessToken=nonsense", "sAccessToken=%FF", "saccesstoken=x"]
    {
        let reply = app.send(Req::get("/sessioninfo").cookie(cookie)).await;
        reply.expect_message(401, "unauthorised");
        reply.expect_tokens_untouched();
        let reply = app.send(Req::get("/session-optional").cookie(cookie)).await;
        assert_eq!((reply.status, reply.text()), (200, "null"));
        reply.expect_tokens_untouched();
    }
}

async fn an_expired_token_asks_for_a_refresh_even_where_the_session_is_optional(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let front_end = app.sign_in(mode).await;
        app.advance_secs(3599);
        let reply = app.send(front_end.with_tokens(Req::get("/sessioninfo"))).await;
        assert_eq!(reply.status, 200, "it is good for another second");
        app.advance_secs(1);
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
        let reply = app.send(front_end.with_tokens(Req::get("/session-check-db"))).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let session = app.auth.session().expect("the recipe is there");
        let handle = front_end.handle().as_str().into();
        assert!(session.revoke_session(&handle).await.expect("revoked"));
        let reply = app.send(front_end.with_tokens(Req::get("/sessioninfo"))).await;
        assert_eq!(reply.status, 200, "the token itself still works");
        let reply = app.send(front_end.with_tokens(Req::get("/session-check-db"))).await;
        reply.expect_message(401, "unauthorised");
        reply.expect_cleared_in_both_ways();
    }
}

async fn a_session_that_ran_out_in_the_database_is_still_there_while_its_token_is_valid(
    harness: Harness,
) {
    let setup = Setup::new().engine(|config| {
        let minutes = |minutes: u64| std::time::Duration::from_secs(60 * minutes);
        config.access_token_validity(minutes(60)).refresh_token_validity(minutes(61))
    });
    let app = harness.start(setup).await;
    let mut front_end = app.sign_in(Mode::Header).await;
    app.advance_secs(59 * 60);
    let reply = app.send(front_end.with_tokens(Req::get("/session-check-db"))).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    app.advance_secs(3 * 60);
    front_end.refresh(&app).await.expect_message(401, "unauthorised");
}

async fn a_check_answers_in_the_way_of_transfer_that_the_request_used(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let mut front_end = app.sign_in(mode).await;
        // Whatever the client would like for a new session.
        let request = front_end.with_tokens(Req::post("/merge-payload").body(r#"{"a":1}"#));
        let reply = app.send(request.header("st-auth-mode", "other")).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let is_cookie = mode == Mode::Cookie;
        assert_eq!(reply.cookies().len(), usize::from(is_cookie), "{reply:?}");
        assert_eq!(reply.header("st-access-token").is_none(), is_cookie, "{reply:?}");
        front_end.keep(&reply);
        assert_eq!(front_end.payload()["a"], 1);
    }
}
