//! Creating a session (FDI: creating a session; cookies and headers).

use auth_core::{
    AppInfo,
    protocol::{JsonObject, RecipeUserId, TenantId},
    recipes::session::{AllowedTransferMethod, AntiCsrf, SameSite, SessionRecipe},
};
use http::Method;
use serde_json::json;

use crate::harness::{App, START_MS, own_reply, two_sites};

#[tokio::test]
async fn cookie_mode_sets_two_cookies_and_the_front_token() {
    let app = App::new(SessionRecipe::new()).await;
    let (session, reply) = app.create(&[("st-auth-mode", "cookie")]).await.unwrap();

    let access = reply.cookie("sAccessToken");
    assert!(
        access.ends_with(
            "; HttpOnly; SameSite=Lax; Secure; Path=/; Expires=Wed, 13 Nov 2024 22:13:20 GMT"
        ),
        "a year from now: {access}"
    );
    let refresh = reply.cookie("sRefreshToken");
    assert!(
        refresh.ends_with(
            "; HttpOnly; SameSite=Lax; Secure; Path=/auth/session/refresh; \
             Expires=Thu, 22 Feb 2024 22:13:20 GMT"
        ),
        "when the token expires: {refresh}"
    );
    assert_eq!(reply.header("st-access-token"), None);
    assert_eq!(reply.header("anti-csrf"), None);
    assert_eq!(reply.exposes(), ["front-token"]);
    let front_token = reply.front_token();
    assert_eq!(front_token["uid"], "user");
    assert_eq!(front_token["ate"], START_MS + 3_600_000);
    assert_eq!(front_token["up"], json!(*session.get_access_token_payload()));
}

#[tokio::test]
async fn header_mode_sets_two_headers_and_the_front_token_and_exposes_all_three() {
    let app = App::new(SessionRecipe::new()).await;
    for mode in [&[("st-auth-mode", "header")][..], &[("st-auth-mode", "odd")], &[]] {
        let (session, reply) = app.create(mode).await.unwrap();
        let tokens = session.get_all_session_tokens_dangerously().unwrap();
        assert_eq!(reply.header("st-access-token"), Some(tokens.access_token.expose_secret()));
        let refresh_token = tokens.refresh_token.unwrap();
        assert_eq!(reply.header("st-refresh-token"), Some(refresh_token.expose_secret()));
        assert_eq!(reply.header("front-token"), Some(tokens.front_token.as_str()));
        assert!(tokens.access_and_front_token_updated);
        assert_eq!(reply.exposes(), ["front-token", "st-access-token", "st-refresh-token"]);
        assert!(reply.headers.get("set-cookie").is_none());
    }
}

#[tokio::test]
async fn the_payload_has_the_issuer_and_no_protected_name_of_the_callers() {
    let app = App::new(SessionRecipe::new()).await;
    let payload = json!({ "sub": "somebody else", "exp": 1, "tId": "t2", "own": [1] });
    let (session, _) = app.create_with(&[], payload.as_object().cloned().unwrap()).await.unwrap();
    let payload = session.get_access_token_payload();
    assert_eq!(payload["iss"], "https://api.example.com/auth");
    assert_eq!(payload["sub"], "user");
    assert_eq!(payload["rsub"], "user");
    assert_eq!(payload["tId"], "public");
    assert_eq!(payload["exp"], START_MS / 1000 + 3600);
    assert_eq!(payload["own"], json!([1]));
    assert_eq!(payload["parentRefreshTokenHash1"], json!(null));
}

#[tokio::test]
async fn the_configured_method_wins_over_the_clients() {
    let recipe = SessionRecipe::new().get_token_transfer_method(|_, creating| {
        assert!(creating);
        AllowedTransferMethod::Cookie
    });
    let app = App::new(recipe).await;
    let (_, reply) = app.create(&[("st-auth-mode", "header")]).await.unwrap();
    assert_eq!(reply.header("st-access-token"), None);
    assert!(reply.cookie("sAccessToken").len() > 100);
}

#[tokio::test]
async fn an_access_token_that_came_the_other_way_is_cleared() {
    let app = App::new(SessionRecipe::new()).await;
    let (_, reply) = app
        .create(&[("st-auth-mode", "header"), ("cookie", "sAccessToken=anything")])
        .await
        .unwrap();
    assert!(reply.cookie("sAccessToken").starts_with("sAccessToken=;"));
    assert!(reply.cookie("sRefreshToken").starts_with("sRefreshToken=;"));
    assert!(reply.header("st-access-token").unwrap().len() > 100);
    assert_ne!(reply.header("front-token"), Some("remove"));

    let (_, reply) = app
        .create(&[("st-auth-mode", "cookie"), ("authorization", "Bearer anything")])
        .await
        .unwrap();
    assert_eq!(reply.header("st-access-token"), Some(""));
    assert!(reply.cookie("sAccessToken").len() > 100);
    assert_ne!(reply.header("front-token"), Some("remove"));
}

#[tokio::test]
async fn only_via_token_in_cookie_mode_gives_an_anti_csrf_token() {
    for (mode, transfer, has_token) in [
        (AntiCsrf::ViaToken, "cookie", true),
        (AntiCsrf::ViaToken, "header", false),
        (AntiCsrf::ViaCustomHeader, "cookie", false),
        (AntiCsrf::None, "cookie", false),
    ] {
        let app = App::new(SessionRecipe::new().anti_csrf(mode)).await;
        let (session, reply) = app.create(&[("st-auth-mode", transfer)]).await.unwrap();
        let token = reply.header("anti-csrf");
        assert_eq!(token.is_some(), has_token, "{mode:?} {transfer}");
        assert_eq!(reply.exposes().contains(&"anti-csrf"), has_token);
        assert_eq!(session.get_access_token_payload()["antiCsrfToken"], json!(token));
    }
}

#[tokio::test]
async fn cookies_between_sites_are_same_site_none() {
    let app = App::at(two_sites(), SessionRecipe::new()).await;
    let (_, reply) = app.create(&[("st-auth-mode", "cookie")]).await.unwrap();
    assert!(reply.cookie("sAccessToken").contains("; SameSite=None; Secure;"));

    let schemes = AppInfo::new("Test", "https://api.example.com", "http://www.example.com");
    let app = App::at(schemes, SessionRecipe::new()).await;
    let (_, reply) = app.create(&[("st-auth-mode", "cookie")]).await.unwrap();
    assert!(reply.cookie("sAccessToken").contains("; SameSite=None;"), "schemes differ");
}

#[tokio::test]
async fn cookies_that_browsers_would_drop_are_an_error_except_on_localhost() {
    let recipe = || SessionRecipe::new().cookie_same_site(SameSite::None).cookie_secure(false);
    let app = App::at(two_sites(), recipe()).await;
    assert!(app.create(&[("st-auth-mode", "cookie")]).await.is_err());
    assert!(app.create(&[("st-auth-mode", "header")]).await.is_ok());

    let local = AppInfo::new("Test", "http://localhost:3001", "http://127.0.0.1:3000");
    let app = App::at(local, recipe()).await;
    let (_, reply) = app.create(&[("st-auth-mode", "cookie")]).await.unwrap();
    assert!(reply.cookie("sAccessToken").contains("; SameSite=None; Path=/"), "not Secure");
}

#[tokio::test]
async fn cookie_mode_exposes_the_access_token_only_where_configured() {
    let recipe = SessionRecipe::new().expose_access_token_to_frontend_in_cookie_based_auth(true);
    let app = App::new(recipe).await;
    let (session, reply) = app.create(&[("st-auth-mode", "cookie")]).await.unwrap();
    let token = session.get_access_token();
    assert_eq!(reply.header("st-access-token"), Some(token.expose_secret()));
    assert_eq!(reply.header("st-refresh-token"), None);
    assert_eq!(reply.exposes(), ["front-token", "st-access-token"]);
}

#[tokio::test]
async fn a_session_of_another_tenant_says_so() {
    let app = App::new(SessionRecipe::new()).await;
    let cx = app.cx(Method::POST, "/login", &[]);
    let session = cx
        .session()
        .unwrap()
        .create_new_session(
            &TenantId::new("t1"),
            RecipeUserId::new("user"),
            JsonObject::new(),
            JsonObject::new(),
        )
        .await;
    // An engine may know no other tenant than `public`; what it makes must be right.
    if let Ok(session) = session {
        assert_eq!(session.get_tenant_id(), &"t1");
        assert!(session.get_handle().as_str().ends_with("_t1"));
    }
}

#[tokio::test]
async fn without_a_request_nothing_is_attached_and_the_tokens_can_be_read() {
    let app = App::new(SessionRecipe::new().anti_csrf(AntiCsrf::ViaToken)).await;
    let sessions = app.auth.session().unwrap();
    let tenant_id = TenantId::default();
    let create = |disable_anti_csrf| {
        sessions.create_new_session_without_request_response(
            &tenant_id,
            RecipeUserId::new("user"),
            JsonObject::new(),
            JsonObject::new(),
            disable_anti_csrf,
        )
    };
    let tokens = create(false).await.unwrap().get_all_session_tokens_dangerously().unwrap();
    assert!(tokens.refresh_token.is_some());
    assert!(tokens.anti_csrf_token.is_some());
    let tokens = create(true).await.unwrap().get_all_session_tokens_dangerously().unwrap();
    assert!(tokens.anti_csrf_token.is_none());

    let cx = app.cx(Method::POST, "/", &[]);
    let sessions = cx.session().unwrap();
    let session = sessions
        .create_new_session_without_request_response(
            &"public".into(),
            RecipeUserId::new("user"),
            JsonObject::new(),
            JsonObject::new(),
            true,
        )
        .await
        .unwrap();
    session.merge_into_access_token_payload(JsonObject::new()).await.unwrap();
    assert!(own_reply(&cx).sets_nothing());
}
