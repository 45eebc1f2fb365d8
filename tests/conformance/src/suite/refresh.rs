//! Refreshing a session.

use auth_core::recipes::session::{AllowedTransferMethod, AntiCsrf};
use serde_json::json;

use super::{cases, support::attributes};
use crate::{
    App, Harness, START_MS, Setup,
    client::{Cookie, Mode, Reply, Req},
};

cases! {
    "fdi-2.6-1" => duplicate_cookies_of_the_older_domain_are_cleared_and_answered_with_200,
    "fdi-2.6-1" => only_the_duplicate_one_of_both_cookies_is_cleared,
    "fdi-2.6-1" => duplicate_cookies_do_not_matter_where_only_headers_are_allowed,
    "fdi-2.6-2" => without_a_refresh_token_the_tokens_are_cleared,
    "fdi-2.6-2" => the_refresh_token_in_the_header_wins_and_the_cookies_are_cleared,
    "fdi-2.6-2" => a_refresh_token_in_a_way_that_is_not_allowed_is_not_looked_at,
    "fdi-2.6-2" => the_legacy_cookie_is_cleared_whatever_comes_of_the_refresh,
    "fdi-2.6-3" => a_custom_header_is_wanted_in_cookie_mode_only,
    "fdi-2.6-3" => an_anti_csrf_token_is_wanted_in_cookie_mode_only,
    "fdi-2.6-4" => a_session_that_was_revoked_or_ran_out_cannot_be_refreshed,
    "fdi-2.6-5" => a_refresh_answers_with_an_empty_object_and_new_tokens,
    "fdi-2.6-5" => a_refreshed_cookie_carries_every_attribute_and_a_new_expiry,
    "fdi-2.6-body" => a_refresh_reads_no_body,
    "fdi-2.6-claims" => a_refresh_asks_for_no_claims_and_keeps_those_in_the_token,
}

async fn refresh_with(app: &App, cookie: &str) -> Reply {
    app.send(Req::post("/auth/session/refresh").cookie(cookie)).await
}

async fn duplicate_cookies_of_the_older_domain_are_cleared_and_answered_with_200(harness: Harness) {
    for (older, domain) in [(".example.com", Some(".example.com")), ("", None)] {
        let setup = Setup::new()
            .session(|session| session.cookie_domain("api.example.com").older_cookie_domain(older));
        let app = harness.start(setup).await;
        let front_end = app.sign_in(Mode::Cookie).await;
        let (access, refresh) = (front_end.access_token(), front_end.refresh_token());
        let both = format!(
            "sRefreshToken={refresh}; sRefreshToken=old; sAccessToken={access}; sAccessToken=old"
        );
        let reply = refresh_with(&app, &both).await;
        let text = "The request contains multiple session cookies. We are clearing the cookie from \
                    olderCookieDomain. Session will be refreshed in the next refresh call.";
        reply.expect_message(200, text);
        assert_eq!(reply.header("front-token"), None);
        assert!(reply.cookies().iter().all(Cookie::is_cleared), "{reply:?}");
        // The last of a name, for clients that keep one.
        let last = |name: &str| {
            let found = reply.cookies().into_iter().rfind(|cookie| cookie.name == name);
            found.expect("it is cleared")
        };
        let (access_cookie, refresh_cookie) = (last("sAccessToken"), last("sRefreshToken"));
        assert_eq!(attributes(&access_cookie), (Some("/"), domain, Some("lax"), true, true));
        let path = Some("/auth/session/refresh");
        assert_eq!(attributes(&refresh_cookie), (path, domain, Some("lax"), true, true));

        let once = format!("sRefreshToken={refresh}; sAccessToken={access}");
        let reply = refresh_with(&app, &once).await;
        reply.expect(200, &json!({}));
        let domain = reply.cookie("sAccessToken").domain;
        assert_eq!(domain.as_deref(), Some("api.example.com"));
    }
}

async fn only_the_duplicate_one_of_both_cookies_is_cleared(harness: Harness) {
    let setup = Setup::new().session(|session| session.older_cookie_domain("example.com"));
    let app = harness.start(setup).await;
    for (line, cleared) in [
        ("sRefreshToken=a; sAccessToken=a; sAccessToken=b", "sAccessToken"),
        ("sRefreshToken=a; sRefreshToken=b; sAccessToken=a", "sRefreshToken"),
    ] {
        let reply = refresh_with(&app, line).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let is_right = |cookie: &Cookie| cookie.is_cleared() && cookie.name == cleared;
        assert!(!reply.cookies().is_empty() && reply.cookies().iter().all(is_right), "{reply:?}");
    }
}

async fn duplicate_cookies_do_not_matter_where_only_headers_are_allowed(harness: Harness) {
    let setup = Setup::new()
        .session(|session| session.get_token_transfer_method(|_, _| AllowedTransferMethod::Header));
    let app = harness.start(setup).await;
    let token = app.sign_in(Mode::Header).await.refresh_token();
    let request = Req::post("/auth/session/refresh").bearer(&token);
    let reply = app.send(request.cookie("sRefreshToken=a; sRefreshToken=b")).await;
    reply.expect(200, &json!({}));
}

async fn without_a_refresh_token_the_tokens_are_cleared(harness: Harness) {
    let app = harness.start_default().await;
    for (name, value) in [
        ("x-own", ""),
        ("cookie", "sRefreshToken="),
        ("cookie", "sAccessToken=x"),
        ("cookie", "sRefreshToken=nonsense"),
        ("cookie", "sRefreshToken=%FF%00"),
        ("authorization", "Bearer "),
        ("authorization", "Bearer nonsense"),
        ("authorization", "Basic x"),
    ] {
        let reply = app.send(Req::post("/auth/session/refresh").header(name, value)).await;
        reply.expect_message(401, "unauthorised");
        reply.expect_cleared_in_both_ways();
    }
}

async fn the_refresh_token_in_the_header_wins_and_the_cookies_are_cleared(harness: Harness) {
    let app = harness.start_default().await;
    let by_header = app.sign_in(Mode::Header).await;
    let by_cookie = app.sign_in(Mode::Cookie).await;
    let request = by_cookie.with_tokens(Req::post("/auth/session/refresh"));
    let reply = app.send(request.bearer(&by_header.refresh_token())).await;
    reply.expect(200, &json!({}));
    let cookies = reply.cookies();
    assert!(cookies.len() == 2 && cookies.iter().all(Cookie::is_cleared), "{reply:?}");
    assert!(reply.header("st-refresh-token").is_some_and(|token| !token.is_empty()));
    assert_ne!(reply.header("front-token"), Some("remove"), "the new session's token stays");
    assert!(reply.exposed().contains(&"front-token"));
}

async fn a_refresh_token_in_a_way_that_is_not_allowed_is_not_looked_at(harness: Harness) {
    for (used, other) in [(Mode::Cookie, Mode::Header), (Mode::Header, Mode::Cookie)] {
        let app = harness.start(Setup::new().reading_tokens_by(used)).await;
        app.sign_in(used).await.refresh(&app).await.expect(200, &json!({}));
        let reply = app.sign_in(other).await.refresh(&app).await;
        reply.expect_message(401, "unauthorised");
        reply.expect_cleared_in_both_ways();
    }
}

async fn the_legacy_cookie_is_cleared_whatever_comes_of_the_refresh(harness: Harness) {
    let app = harness.start_default().await;
    let token = app.sign_in(Mode::Cookie).await.refresh_token();
    let good = format!("sIdRefreshToken=x; sRefreshToken={token}");
    for (line, status) in
        [(&*good, 200), ("sIdRefreshToken=x", 401), ("sIdRefreshToken=x; sRefreshToken=y", 401)]
    {
        let reply = refresh_with(&app, line).await;
        assert_eq!(reply.status, status, "{line}: {reply:?}");
        let legacy = reply.cookie("sIdRefreshToken");
        assert!(legacy.is_cleared());
        assert_eq!(attributes(&legacy), (Some("/"), None, Some("lax"), true, true));
    }
    let reply = refresh_with(&app, "sRefreshToken=y").await;
    assert!(reply.cookies().iter().all(|cookie| cookie.name != "sIdRefreshToken"), "{reply:?}");
}

async fn a_custom_header_is_wanted_in_cookie_mode_only(harness: Harness) {
    let app = harness.start(Setup::two_sites()).await;
    let by_cookie = app.sign_in(Mode::Cookie).await;
    let reply = app.send(by_cookie.with_tokens(Req::post("/auth/session/refresh"))).await;
    reply.expect_message(401, "unauthorised");
    reply.expect_cleared_in_both_ways();
    let request = by_cookie.with_tokens(Req::post("/auth/session/refresh"));
    app.send(request.header("rid", "x")).await.expect(200, &json!({}));
    let by_header = app.sign_in(Mode::Header).await;
    let reply = app.send(by_header.with_tokens(Req::post("/auth/session/refresh"))).await;
    reply.expect(200, &json!({}));
}

async fn an_anti_csrf_token_is_wanted_in_cookie_mode_only(harness: Harness) {
    let setup = Setup::new().session(|session| session.anti_csrf(AntiCsrf::ViaToken));
    let app = harness.start(setup).await;
    let by_cookie = app.sign_in(Mode::Cookie).await;
    let right = by_cookie.anti_csrf.clone().expect("an anti-CSRF token");
    let request = || by_cookie.with_tokens(Req::post("/auth/session/refresh"));
    for request in [request(), request().header("anti-csrf", "wrong")] {
        let reply = app.send(request).await;
        reply.expect_message(401, "unauthorised");
        reply.expect_cleared_in_both_ways();
    }
    let reply = app.send(request().header("anti-csrf", right)).await;
    reply.expect(200, &json!({}));
    assert!(reply.header("anti-csrf").is_some_and(|token| !token.is_empty()));
    assert_eq!(reply.exposed(), ["front-token", "anti-csrf"]);

    let by_header = app.sign_in(Mode::Header).await;
    let reply = app.send(by_header.with_tokens(Req::post("/auth/session/refresh"))).await;
    reply.expect(200, &json!({}));
    assert_eq!(reply.header("anti-csrf"), None);
}

async fn a_session_that_was_revoked_or_ran_out_cannot_be_refreshed(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let mut ends = app.sign_in(mode).await;
        let mut stays = app.sign_in(mode).await;
        let request = ends.prepare(Req::post("/revoke"));
        assert_eq!(app.send(request).await.status, 200);
        let reply = ends.refresh(&app).await;
        reply.expect_message(401, "unauthorised");
        reply.expect_cleared_in_both_ways();

        // A refresh gives a hundred days from then on.
        app.advance_secs(60 * 60 * 24 * 99);
        assert_eq!(stays.refresh(&app).await.status, 200);
        app.advance_secs(60 * 60 * 24 * 99);
        assert_eq!(stays.refresh(&app).await.status, 200, "198 days after its start");
        let cookies = stays.clone();
        app.advance_secs(60 * 60 * 24 * 100 + 1);
        let request = Req::post("/auth/session/refresh");
        let request = match mode {
            Mode::Header => stays.with_tokens(request),
            // The jar has dropped the cookie; somebody else may have kept it.
            Mode::Cookie => request.cookie(format!("sRefreshToken={}", cookies.refresh_token())),
        };
        app.send(request).await.expect_message(401, "unauthorised");
    }
}

async fn a_refresh_answers_with_an_empty_object_and_new_tokens(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let mut front_end = app.sign_in(mode).await;
        let before = (front_end.access_token(), front_end.refresh_token(), front_end.handle());
        app.advance_secs(60);
        let reply = front_end.refresh(&app).await;
        reply.expect(200, &json!({}));
        let exposed: &[&str] = match mode {
            Mode::Cookie => &["front-token"],
            Mode::Header => &["front-token", "st-access-token", "st-refresh-token"],
        };
        assert_eq!(reply.exposed(), exposed);
        assert_eq!(reply.cookies().len(), if mode == Mode::Cookie { 2 } else { 0 }, "{reply:?}");
        assert_ne!(front_end.access_token(), before.0);
        assert_ne!(front_end.refresh_token(), before.1);
        assert_eq!(front_end.handle(), before.2);
        let payload = front_end.payload();
        assert!(payload["parentRefreshTokenHash1"].is_null(), "{payload}");
        let front_token = front_end.front_token.as_ref().expect("a front token");
        assert_eq!((&front_token["uid"], &front_token["up"]), (&json!("ada"), &payload));
        let reply = front_end.send(&app, Req::get("/session-check-db")).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.expect_tokens_untouched();
    }
}

async fn a_refreshed_cookie_carries_every_attribute_and_a_new_expiry(harness: Harness) {
    let app = harness.start_default().await;
    let mut front_end = app.sign_in(Mode::Cookie).await;
    app.advance_secs(1000);
    let reply = front_end.refresh(&app).await;
    assert_eq!(reply.cookies().len(), 2, "{reply:?}");
    let (access, refresh) = (reply.cookie("sAccessToken"), reply.cookie("sRefreshToken"));
    assert_eq!(attributes(&access), (Some("/"), None, Some("lax"), true, true));
    let path = Some("/auth/session/refresh");
    assert_eq!(attributes(&refresh), (path, None, Some("lax"), true, true));
    assert_eq!(access.expires_ms, Some(START_MS + 1_000_000 + 31_536_000_000));
    assert_eq!(refresh.expires_ms, Some(START_MS + 1_000_000 + 100 * 24 * 3_600_000));
}

async fn a_refresh_reads_no_body(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = app.sign_in(Mode::Header).await;
    let request = front_end.with_tokens(Req::post("/auth/session/refresh"));
    app.send(request.body("{no JSON")).await.expect(200, &json!({}));
}

async fn a_refresh_asks_for_no_claims_and_keeps_those_in_the_token(harness: Harness) {
    let app = harness.start(super::support::second_factor_required()).await;
    let mut front_end = app.sign_in(Mode::Cookie).await;
    let reply = front_end.send(&app, Req::get("/sessioninfo")).await;
    assert_eq!(reply.status, 403, "{reply:?}");
    let claim = front_end.payload()["2fa-completed"].clone();
    front_end.refresh(&app).await.expect(200, &json!({}));
    assert_eq!(front_end.payload()["2fa-completed"], claim);
    assert_eq!(front_end.payload()["iss"], "https://api.example.com/auth");
}
