//! The session check (FDI: `getSession`, `verifySession`).

use std::time::Duration;

use auth_core::recipes::session::{AllowedTransferMethod, AntiCsrf, SessionOptions, SessionRecipe};
use http::Method;
use serde_json::json;

use crate::harness::{App, Client, REFRESH_PATH, Reply, two_sites};

const MODES: [&str; 2] = ["cookie", "header"];

fn assert_unauthorised(reply: &Reply) {
    assert_eq!(reply.status, 401);
    assert_eq!(reply.body, json!({ "message": "unauthorised" }));
}

fn assert_try_refresh(reply: &Reply) {
    assert_eq!(reply.status, 401);
    assert_eq!(reply.body, json!({ "message": "try refresh token" }));
    assert!(reply.sets_nothing(), "tokens stay untouched");
}

async fn get(app: &App, client: &Client, options: &SessionOptions) -> (bool, Reply) {
    let (name, value) = client.access_header();
    let (session, reply) = app.check(Method::GET, &[(name, &value)], options).await;
    (session.is_ok_and(|session| session.is_some()), reply)
}

#[tokio::test]
async fn a_token_gives_its_session_and_writes_nothing() {
    let app = App::new(SessionRecipe::new()).await;
    for mode in MODES {
        let client = app.client(mode).await;
        // The second time the token's signature isn't checked any more.
        for _ in 0..2 {
            let (name, value) = client.access_header();
            let options = SessionOptions::new();
            let (session, reply) = app.check(Method::GET, &[(name, &value)], &options).await;
            let session = session.unwrap().unwrap();
            assert_eq!(session.get_user_id(), &"user");
            assert_eq!(session.get_recipe_user_id(), &"user");
            assert_eq!(session.get_tenant_id(), &"public");
            assert_eq!(session.get_access_token_payload()["sub"], "user");
            assert!(reply.sets_nothing());
        }
    }
}

#[tokio::test]
async fn a_handler_that_requires_a_session_is_refused_where_there_is_none() {
    let app = App::new(SessionRecipe::new()).await;
    for method in [Method::GET, Method::OPTIONS] {
        let cx = app.cx(method, "/", &[]);
        let optional = SessionOptions::new().optional();
        let error = app.auth.require_session(&cx, &optional).await.unwrap_err();
        let reply = app.error_reply(&cx, error).await;
        assert_unauthorised(&reply);
        assert!(reply.sets_nothing());
    }
}

#[tokio::test]
async fn no_method_does_without_a_session() {
    let app = App::new(SessionRecipe::new()).await;
    let preflight =
        [("origin", "https://www.example.com"), ("access-control-request-method", "POST")];
    for method in ["OPTIONS", "TRACE", "HEAD", "CONNECT", "PROPFIND", "options"] {
        let method: Method = method.parse().unwrap();
        for headers in [&[][..], &preflight] {
            let (session, reply) = app.check(method.clone(), headers, &SessionOptions::new()).await;
            assert!(session.is_err(), "{method}");
            assert_unauthorised(&reply);
        }
        let (name, bearer) = app.client("header").await.access_header();
        let (session, _) = app.check(method, &[(name, &bearer)], &SessionOptions::new()).await;
        assert!(session.unwrap().is_some());
    }
}

#[tokio::test]
async fn without_a_token_the_answer_is_unauthorised_and_clears_nothing() {
    let app = App::new(SessionRecipe::new()).await;
    let (session, reply) = app.check(Method::GET, &[], &SessionOptions::new()).await;
    assert!(session.is_err());
    assert_unauthorised(&reply);
    assert!(reply.sets_nothing());

    let options = SessionOptions::new().optional();
    let (session, reply) = app.check(Method::GET, &[], &options).await;
    assert!(session.unwrap().is_none());
    assert!(reply.sets_nothing());
}

#[tokio::test]
async fn what_is_no_token_of_ours_is_passed_over() {
    let app = App::new(SessionRecipe::new()).await;
    let client = app.client("cookie").await;
    let (_, cookie) = client.access_header();
    for bearer in ["Bearer own-token", "Bearer e30.e30.e30", "Basic abc", "bearer x"] {
        let headers = [("authorization", bearer), ("cookie", cookie.as_str())];
        let (session, _) = app.check(Method::GET, &headers, &SessionOptions::new()).await;
        assert!(session.unwrap().is_some(), "{bearer}: the cookie is used");

        let (session, reply) =
            app.check(Method::GET, &[("authorization", bearer)], &SessionOptions::new()).await;
        assert!(session.is_err());
        assert_unauthorised(&reply);
    }
}

#[tokio::test]
async fn the_header_is_preferred_to_the_cookie() {
    let app = App::new(SessionRecipe::new()).await;
    let (by_cookie, by_header) = (app.client("cookie").await, app.client("header").await);
    let (_, cookie) = by_cookie.access_header();
    let (_, bearer) = by_header.access_header();
    let headers = [("cookie", cookie.as_str()), ("authorization", bearer.as_str())];
    let (session, _) = app.check(Method::GET, &headers, &SessionOptions::new()).await;
    let token = session.unwrap().unwrap().get_access_token();
    assert_eq!(token.expose_secret(), by_header.access);
}

#[tokio::test]
async fn a_way_of_transfer_that_is_not_allowed_is_not_looked_at() {
    for (allowed, used, other) in [
        (AllowedTransferMethod::Cookie, "cookie", "header"),
        (AllowedTransferMethod::Header, "header", "cookie"),
    ] {
        let recipe = SessionRecipe::new().get_token_transfer_method(move |_, creating| {
            if creating { AllowedTransferMethod::Any } else { allowed }
        });
        let app = App::new(recipe).await;
        assert!(get(&app, &app.client(used).await, &SessionOptions::new()).await.0);
        let (found, reply) = get(&app, &app.client(other).await, &SessionOptions::new()).await;
        assert!(!found);
        assert_unauthorised(&reply);
    }
}

#[tokio::test]
async fn a_legacy_cookie_asks_for_a_refresh() {
    let app = App::new(SessionRecipe::new()).await;
    let client = app.client("cookie").await;
    let cookie = format!("sIdRefreshToken=x; sAccessToken={}x", client.access);
    for cookie in ["sIdRefreshToken=x", &cookie] {
        let (session, reply) =
            app.check(Method::GET, &[("cookie", cookie)], &SessionOptions::new()).await;
        assert!(session.is_err());
        assert_try_refresh(&reply);
    }
}

#[tokio::test]
async fn an_expired_token_asks_for_a_refresh_even_where_a_session_is_optional() {
    let app = App::new(SessionRecipe::new()).await;
    for mode in MODES {
        let client = app.client(mode).await;
        assert!(get(&app, &client, &SessionOptions::new()).await.0, "it is remembered");
        app.clock.advance(Duration::from_secs(3_599));
        assert!(get(&app, &client, &SessionOptions::new()).await.0);
        app.clock.advance(Duration::from_secs(1));
        for options in [SessionOptions::new(), SessionOptions::new().optional()] {
            let (found, reply) = get(&app, &client, &options).await;
            assert!(!found);
            assert_try_refresh(&reply);
        }
    }
}

#[tokio::test]
async fn a_token_of_another_application_asks_for_a_refresh() {
    let app = App::new(SessionRecipe::new()).await;
    app.client("header").await;
    let stranger = App::new(SessionRecipe::new()).await.client("header").await;
    let (found, reply) = get(&app, &stranger, &SessionOptions::new()).await;
    assert!(!found);
    assert_try_refresh(&reply);
}

#[tokio::test]
async fn a_changed_token_asks_for_a_refresh_though_the_original_is_remembered() {
    let app = App::new(SessionRecipe::new()).await;
    let client = app.client("header").await;
    assert!(get(&app, &client, &SessionOptions::new()).await.0);
    let (rest, signature) = client.access.rsplit_once('.').unwrap();
    let (first, others) = signature.split_at(1);
    let changed = if first == "A" { "B" } else { "A" };
    let forged = Client { access: format!("{rest}.{changed}{others}"), ..client };
    let (found, reply) = get(&app, &forged, &SessionOptions::new()).await;
    assert!(!found);
    assert_try_refresh(&reply);
}

#[tokio::test]
async fn a_token_signed_with_the_other_kind_of_key_asks_for_a_refresh() {
    let app = App::new(SessionRecipe::new()).await;
    let client = app.client("header").await;
    for (dynamic, expected) in [(true, true), (false, false)] {
        let recipe = SessionRecipe::new().use_dynamic_access_token_signing_key(dynamic);
        let same_engine = App::sharing(&app, recipe).await;
        let (found, reply) = get(&same_engine, &client, &SessionOptions::new()).await;
        assert_eq!(found, expected);
        if !expected {
            assert_try_refresh(&reply);
            assert!(
                get(&same_engine, &same_engine.client("header").await, &SessionOptions::new())
                    .await
                    .0
            );
        }
    }
}

#[tokio::test]
async fn a_revoked_session_passes_until_the_database_is_asked_and_then_loses_its_tokens() {
    let app = App::new(SessionRecipe::new()).await;
    for mode in MODES {
        let client = app.client(mode).await;
        let with_database = SessionOptions::new().check_database(true);
        assert!(get(&app, &client, &with_database).await.0);
        let user = "user".into();
        app.auth.session().unwrap().revoke_all_sessions_for_user(&user, true, None).await.unwrap();

        assert!(get(&app, &client, &SessionOptions::new()).await.0);
        let (found, reply) = get(&app, &client, &with_database).await;
        assert!(!found);
        assert_unauthorised(&reply);
        assert!(reply.clears_cookies() && reply.clears_headers(), "both ways of transfer");
    }
}

#[tokio::test]
async fn anti_csrf_by_token_compares_it_for_every_method_but_get() {
    let app = App::new(SessionRecipe::new().anti_csrf(AntiCsrf::ViaToken)).await;
    let client = app.client("cookie").await;
    let (name, cookie) = client.access_header();
    let right = client.anti_csrf.as_deref().unwrap();
    let check = async |method: Method, token: Option<&str>, options: SessionOptions| {
        let mut headers = vec![(name, cookie.as_str())];
        headers.extend(token.map(|token| ("anti-csrf", token)));
        let (session, reply) = app.check(method, &headers, &options).await;
        if session.is_err() {
            assert_try_refresh(&reply);
        }
        session.is_ok()
    };
    let options = SessionOptions::new;
    assert!(check(Method::GET, None, options()).await);
    assert!(!check(Method::GET, None, options().anti_csrf_check(true)).await);
    assert!(!check(Method::POST, None, options()).await);
    assert!(!check(Method::POST, Some("wrong"), options()).await);
    assert!(!check(Method::HEAD, None, options()).await);
    assert!(check(Method::POST, Some(right), options()).await);
    assert!(check(Method::POST, None, options().anti_csrf_check(false)).await);
}

#[tokio::test]
async fn header_mode_needs_no_anti_csrf() {
    for mode in [AntiCsrf::ViaToken, AntiCsrf::ViaCustomHeader] {
        let app = App::new(SessionRecipe::new().anti_csrf(mode)).await;
        let (name, value) = app.client("header").await.access_header();
        for options in [SessionOptions::new(), SessionOptions::new().anti_csrf_check(true)] {
            let (session, _) = app.check(Method::POST, &[(name, &value)], &options).await;
            assert!(session.unwrap().is_some());
        }
    }
}

#[tokio::test]
async fn anti_csrf_by_custom_header_is_the_default_between_sites_and_wants_any_rid() {
    let app = App::at(two_sites(), SessionRecipe::new()).await;
    let (name, cookie) = app.client("cookie").await.access_header();
    let options = SessionOptions::new();
    assert!(app.check(Method::GET, &[(name, &cookie)], &options).await.0.is_ok());
    let (session, reply) = app.check(Method::POST, &[(name, &cookie)], &options).await;
    assert!(session.is_err());
    assert_try_refresh(&reply);
    let headers = [(name, cookie.as_str()), ("rid", "anything")];
    assert!(app.check(Method::POST, &headers, &options).await.0.is_ok());

    let one_site = App::new(SessionRecipe::new()).await;
    let (name, cookie) = one_site.client("cookie").await.access_header();
    assert!(one_site.check(Method::POST, &[(name, &cookie)], &options).await.0.is_ok());
}

#[tokio::test]
async fn without_a_token_the_custom_header_is_not_asked_for() {
    let app = App::at(two_sites(), SessionRecipe::new()).await;
    let options = SessionOptions::new().optional();
    let (session, _) = app.check(Method::POST, &[], &options).await;
    assert!(session.unwrap().is_none());
}

#[tokio::test]
async fn on_the_refresh_path_a_check_refreshes() {
    let app = App::new(SessionRecipe::new()).await;
    let (name, value) = app.client("header").await.refresh_header();
    let options = SessionOptions::new();
    let headers = [(name, value.as_str())];
    let (session, reply) = app.check_at(Method::POST, REFRESH_PATH, &headers, &options).await;
    assert!(session.unwrap().is_some());
    assert!(reply.header("st-refresh-token").is_some());

    let (session, reply) = app.check_at(Method::GET, REFRESH_PATH, &headers, &options).await;
    assert!(session.is_err(), "by another method it is an ordinary path");
    assert_unauthorised(&reply);
}

#[tokio::test]
async fn a_token_can_be_checked_without_a_request() {
    let app = App::new(SessionRecipe::new().anti_csrf(AntiCsrf::ViaToken)).await;
    let client = app.client("cookie").await;
    let sessions = app.auth.session().unwrap();
    let get = async |token: &str, anti_csrf: Option<&str>, options: SessionOptions| {
        sessions.get_session_without_request_response(token, anti_csrf, &options).await
    };
    let right = client.anti_csrf.as_deref();
    assert!(get(&client.access, right, SessionOptions::new()).await.unwrap().is_some());
    assert!(get(&client.access, None, SessionOptions::new()).await.is_err());
    let unchecked = SessionOptions::new().anti_csrf_check(false);
    assert!(get(&client.access, None, unchecked).await.unwrap().is_some());
    assert!(get("nonsense", right, SessionOptions::new()).await.is_err());
    assert!(get("nonsense", right, SessionOptions::new().optional()).await.unwrap().is_none());

    let by_header = App::new(SessionRecipe::new().anti_csrf(AntiCsrf::ViaCustomHeader)).await;
    let token = by_header.client("header").await.access;
    let sessions = by_header.auth.session().unwrap();
    let options = SessionOptions::new();
    assert!(sessions.get_session_without_request_response(&token, None, &options).await.is_err());
}

#[tokio::test]
async fn names_of_cookies_and_headers_can_be_chosen() {
    let recipe = SessionRecipe::new()
        .get_cookie_name_for_token_type(|_, token| format!("my{token:?}"))
        .get_response_header_name_for_token_type(|_, token| format!("x-{token:?}"));
    let app = App::new(recipe).await;
    let (_, reply) = app.create(&[("st-auth-mode", "header")]).await.unwrap();
    assert!(reply.header("x-access").is_some() && reply.header("x-refresh").is_some());
    assert_eq!(reply.exposes(), ["front-token", "x-access", "x-refresh"]);
    let (_, reply) = app.create(&[("st-auth-mode", "cookie")]).await.unwrap();
    let cookie = reply.cookie("myAccess").split(';').next().unwrap().to_owned();
    assert!(reply.cookie("myRefresh").len() > 10);
    let (session, _) = app.check(Method::GET, &[("cookie", &cookie)], &SessionOptions::new()).await;
    assert!(session.unwrap().is_some());
}
