//! The refresh (FDI: refresh).

use std::time::Duration;

use auth_core::recipes::session::{AllowedTransferMethod, AntiCsrf, SessionOptions, SessionRecipe};
use http::Method;
use serde_json::json;

use crate::harness::{App, REFRESH_PATH, Reply, two_sites};

fn assert_cleared(reply: &Reply, message: &str) {
    assert_eq!(reply.status, 401);
    assert_eq!(reply.body, json!({ "message": message }));
    assert!(reply.clears_cookies() && reply.clears_headers(), "both ways of transfer");
}

#[tokio::test]
async fn a_refresh_answers_an_empty_object_and_fresh_tokens() {
    let app = App::new(SessionRecipe::new()).await;
    for mode in ["cookie", "header"] {
        let mut client = app.client(mode).await;
        let before = client.clone();
        app.clock.advance(Duration::from_secs(5_000));
        let (name, value) = client.refresh_header();
        let reply = app.refresh(&[(name, &value)]).await;
        assert_eq!(reply.status, 200);
        assert_eq!(reply.body, json!({}));
        assert_eq!(reply.front_token()["uid"], "user");
        assert!(reply.exposes().contains(&"front-token"));
        client.keep(&reply);
        assert_ne!(client.access, before.access);
        assert_ne!(client.refresh, before.refresh);
        assert_eq!(reply.cookies("sAccessToken").len(), usize::from(mode == "cookie"));
        assert_eq!(reply.header("st-access-token").is_some(), mode == "header");

        let (name, value) = client.access_header();
        let options = SessionOptions::new().check_database(true);
        assert!(app.check(Method::GET, &[(name, &value)], &options).await.0.is_ok());
    }
}

#[tokio::test]
async fn claims_of_the_old_token_are_in_the_new_one() {
    let app = App::new(SessionRecipe::new()).await;
    let payload = json!({ "own": { "x": 1 } });
    let (session, _) = app.create_with(&[], payload.as_object().cloned().unwrap()).await.unwrap();
    let token = session.get_all_session_tokens_dangerously().unwrap().refresh_token.unwrap();
    let sessions = app.auth.session().unwrap();
    let refreshed =
        sessions.refresh_session_without_request_response(token, true, None).await.unwrap();
    assert_eq!(refreshed.get_handle(), session.get_handle());
    let payload = refreshed.get_access_token_payload();
    assert_eq!(payload["own"], json!({ "x": 1 }));
    assert_eq!(payload["iss"], "https://api.example.com/auth");
}

#[tokio::test]
async fn without_a_refresh_token_the_client_is_unauthorised_and_cleared() {
    let app = App::new(SessionRecipe::new()).await;
    for headers in [
        &[][..],
        &[("cookie", "sRefreshToken=")],
        &[("cookie", "sAccessToken=x")],
        &[("authorization", "Bearer ")],
        &[("authorization", "Basic x")],
        &[("authorization", "Bearer nonsense")],
        &[("cookie", "sRefreshToken=nonsense")],
        &[("cookie", "sRefreshToken=%FF%00")],
    ] {
        assert_cleared(&app.refresh(headers).await, "unauthorised");
    }
}

#[tokio::test]
async fn the_header_is_preferred_and_the_cookie_is_cleared_then() {
    let app = App::new(SessionRecipe::new()).await;
    let (_, bearer) = app.client("header").await.refresh_header();
    let (_, cookie) = app.client("cookie").await.refresh_header();
    let reply = app.refresh(&[("authorization", &bearer), ("cookie", &cookie)]).await;
    assert_eq!(reply.status, 200);
    assert!(reply.header("st-access-token").unwrap().len() > 100);
    assert!(reply.cookie("sAccessToken").starts_with("sAccessToken=;"));
    assert!(reply.cookie("sRefreshToken").starts_with("sRefreshToken=;"));
    assert_ne!(reply.header("front-token"), Some("remove"));
}

#[tokio::test]
async fn a_way_of_transfer_that_is_not_allowed_is_not_looked_at() {
    let recipe = SessionRecipe::new().get_token_transfer_method(|_, creating| {
        if creating { AllowedTransferMethod::Any } else { AllowedTransferMethod::Cookie }
    });
    let app = App::new(recipe).await;
    let (name, value) = app.client("header").await.refresh_header();
    assert_cleared(&app.refresh(&[(name, &value)]).await, "unauthorised");
    let (name, value) = app.client("cookie").await.refresh_header();
    assert_eq!(app.refresh(&[(name, &value)]).await.status, 200);
}

#[tokio::test]
async fn a_token_used_twice_long_after_is_theft_and_ends_the_session() {
    let app = App::new(SessionRecipe::new()).await;
    for mode in ["cookie", "header"] {
        let mut client = app.client(mode).await;
        let (name, old) = client.refresh_header();
        client.keep(&app.refresh(&[(name, &old)]).await);
        app.clock.advance(Duration::from_secs(120));
        assert_cleared(&app.refresh(&[(name, &old)]).await, "token theft detected");

        let (name, new) = client.refresh_header();
        assert_cleared(&app.refresh(&[(name, &new)]).await, "unauthorised");
    }
}

#[tokio::test]
async fn two_requests_that_race_with_one_token_both_get_tokens() {
    let app = App::new(SessionRecipe::new()).await;
    let (name, value) = app.client("header").await.refresh_header();
    let headers = [(name, value.as_str())];
    let (first, second) = tokio::join!(app.refresh(&headers), app.refresh(&headers));
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (200, 200));
}

#[tokio::test]
async fn a_revoked_session_cannot_be_refreshed() {
    let app = App::new(SessionRecipe::new()).await;
    let (session, reply) = app.create(&[("st-auth-mode", "header")]).await.unwrap();
    app.auth.session().unwrap().revoke_session(session.get_handle()).await.unwrap();
    let bearer = format!("Bearer {}", reply.header("st-refresh-token").unwrap());
    assert_cleared(&app.refresh(&[("authorization", &bearer)]).await, "unauthorised");
}

#[tokio::test]
async fn the_legacy_cookie_is_cleared_whatever_comes_of_the_refresh() {
    let app = App::new(SessionRecipe::new()).await;
    let client = app.client("cookie").await;
    let legacy = "sIdRefreshToken=x";
    let good = format!("{legacy}; sRefreshToken={}", client.refresh);
    for (cookie, status) in
        [(good.as_str(), 200), (legacy, 401), ("sIdRefreshToken=x; sRefreshToken=y", 401)]
    {
        let reply = app.refresh(&[("cookie", cookie)]).await;
        assert_eq!(reply.status, status);
        assert_eq!(
            reply.cookie("sIdRefreshToken"),
            "sIdRefreshToken=; HttpOnly; SameSite=Lax; Secure; Path=/; \
             Expires=Thu, 01 Jan 1970 00:00:00 GMT"
        );
    }
    let (name, value) = app.client("cookie").await.refresh_header();
    let reply = app.refresh(&[(name, &value)]).await;
    assert!(reply.cookies("sIdRefreshToken").is_empty(), "it isn't cleared where it isn't");
}

#[tokio::test]
async fn a_custom_header_is_wanted_in_cookie_mode_only() {
    let app = App::at(two_sites(), SessionRecipe::new()).await;
    let (name, cookie) = app.client("cookie").await.refresh_header();
    assert_cleared(&app.refresh(&[(name, &cookie)]).await, "unauthorised");
    assert_eq!(app.refresh(&[(name, &cookie), ("rid", "session")]).await.status, 200);
    let (name, bearer) = app.client("header").await.refresh_header();
    assert_eq!(app.refresh(&[(name, &bearer)]).await.status, 200);
}

#[tokio::test]
async fn an_anti_csrf_token_is_wanted_in_cookie_mode_only() {
    let app = App::new(SessionRecipe::new().anti_csrf(AntiCsrf::ViaToken)).await;
    let client = app.client("cookie").await;
    let (name, cookie) = client.refresh_header();
    assert_cleared(&app.refresh(&[(name, &cookie)]).await, "unauthorised");
    let wrong = [(name, cookie.as_str()), ("anti-csrf", "wrong")];
    assert_cleared(&app.refresh(&wrong).await, "unauthorised");
    let right = client.anti_csrf.as_deref().unwrap();
    let reply = app.refresh(&[(name, cookie.as_str()), ("anti-csrf", right)]).await;
    assert_eq!(reply.status, 200);
    assert!(reply.header("anti-csrf").is_some());

    let (name, bearer) = app.client("header").await.refresh_header();
    assert_eq!(app.refresh(&[(name, &bearer)]).await.status, 200);
}

#[tokio::test]
async fn duplicate_cookies_of_the_older_domain_are_cleared_and_answered_with_200() {
    for (older, attribute) in [(".example.com", Some("Domain=.example.com")), ("", None)] {
        let recipe =
            SessionRecipe::new().cookie_domain("api.example.com").older_cookie_domain(older);
        let app = App::new(recipe).await;
        let client = app.client("cookie").await;
        let cookies = format!(
            "sRefreshToken={0}; sRefreshToken=old; sAccessToken={1}; sAccessToken=old",
            client.refresh, client.access
        );
        let reply = app.refresh(&[("cookie", &cookies)]).await;
        assert_eq!(reply.status, 200);
        assert_eq!(
            reply.body["message"],
            "The request contains multiple session cookies. We are clearing the cookie from \
             olderCookieDomain. Session will be refreshed in the next refresh call."
        );
        assert_eq!(reply.header("front-token"), None);
        for name in ["sAccessToken", "sRefreshToken"] {
            let lines = reply.cookies(name);
            let is_cleared = |line: &&str| line.starts_with(&format!("{name}=;"));
            assert!(lines.iter().all(is_cleared), "{lines:?}");
            // The last, for clients that keep one of each name.
            let domain = lines.last().unwrap().split("; ").find(|it| it.starts_with("Domain"));
            assert_eq!(domain, attribute);
        }

        let once = format!("sRefreshToken={}; sAccessToken={}", client.refresh, client.access);
        let reply = app.refresh(&[("cookie", &once)]).await;
        assert_eq!(reply.body, json!({}));
        assert!(reply.cookie("sAccessToken").contains("; Domain=api.example.com"));
    }
}

#[tokio::test]
async fn only_the_duplicate_one_of_both_cookies_is_cleared() {
    let app = App::new(SessionRecipe::new().older_cookie_domain("example.com")).await;
    let cookies = "sRefreshToken=a; sAccessToken=a; sAccessToken=b";
    let reply = app.refresh(&[("cookie", cookies)]).await;
    assert_eq!(reply.status, 200);
    assert!(!reply.cookies("sAccessToken").is_empty());
    assert!(reply.cookies("sRefreshToken").is_empty());
}

#[tokio::test]
async fn duplicate_cookies_do_not_matter_where_only_headers_are_allowed() {
    let recipe =
        SessionRecipe::new().get_token_transfer_method(|_, _| AllowedTransferMethod::Header);
    let app = App::new(recipe).await;
    let (name, bearer) = app.client("header").await.refresh_header();
    let headers = [(name, bearer.as_str()), ("cookie", "sRefreshToken=a; sRefreshToken=b")];
    assert_eq!(app.refresh(&headers).await.status, 200);
}

#[tokio::test]
async fn the_tenant_in_the_path_is_passed_over() {
    let app = App::new(SessionRecipe::new()).await;
    let (name, bearer) = app.client("header").await.refresh_header();
    let reply = app.post("/auth/t1/session/refresh", &[(name, &bearer)]).await.unwrap();
    assert_eq!(reply.status, 200);
    assert!(app.auth.route(&Method::GET, REFRESH_PATH, None).is_none());
}
