//! The session recipe's settings (FDI §2.1).

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use auth_core::{
    AppInfo, Auth, BuildError, ConfigError,
    core::EngineConfig,
    recipes::session::{CookiePrefix, SessionRecipe, TokenTransferMethod, TokenType},
};
use http::{Method, StatusCode};

use crate::harness::{App, one_site, own_reply};

async fn config_error(app_info: AppInfo, recipe: SessionRecipe) -> ConfigError {
    let builder = Auth::builder(app_info).core(EngineConfig::in_memory()).recipe(recipe);
    match builder.build().await {
        Err(BuildError::Config(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn mistakes_are_found_at_start_up_and_name_their_field() {
    let teapot = StatusCode::IM_A_TEAPOT;
    for (recipe, field) in [
        (
            SessionRecipe::new()
                .session_expired_status_code(teapot)
                .invalid_claim_status_code(teapot),
            "session.invalid_claim_status_code",
        ),
        (
            SessionRecipe::new().session_expired_status_code(StatusCode::FORBIDDEN),
            "session.invalid_claim_status_code",
        ),
        (SessionRecipe::new().cookie_domain("no domain"), "session.cookie_domain"),
        (SessionRecipe::new().cookie_domain("a.com; Secure"), "session.cookie_domain"),
        (SessionRecipe::new().older_cookie_domain("a b"), "session.older_cookie_domain"),
        (SessionRecipe::new().access_token_path("/;x"), "session.access_token_path"),
        (SessionRecipe::new().access_token_path("/x?y"), "session.access_token_path"),
        (SessionRecipe::new().cookie_domain("example.com/x"), "session.cookie_domain"),
        (
            SessionRecipe::new().session_expired_status_code(StatusCode::OK),
            "session.session_expired_status_code",
        ),
        (
            SessionRecipe::new().invalid_claim_status_code(StatusCode::FOUND),
            "session.invalid_claim_status_code",
        ),
        // What browsers would drop.
        (SessionRecipe::new().cookie_domain("example.org"), "session.cookie_domain"),
        (SessionRecipe::new().cookie_domain(".com"), "session.cookie_domain"),
        (named("__Host-a", "b").cookie_domain("example.com"), COOKIE_NAME),
        (named("__Host-a", "b").access_token_path("/api"), COOKIE_NAME),
        (named("__HOST-a", "b").cookie_secure(false), COOKIE_NAME),
        (named("a", "__Host-b"), COOKIE_NAME),
        (named("a", "__Secure-b").cookie_secure(false), COOKIE_NAME),
        (named("__Host-a", "b").cookie_prefix(CookiePrefix::Host), COOKIE_NAME),
        (prefixed(CookiePrefix::Host).cookie_domain("example.com"), COOKIE_PREFIX),
        (prefixed(CookiePrefix::Host).access_token_path("/api"), COOKIE_PREFIX),
        (prefixed(CookiePrefix::Host).cookie_secure(false), COOKIE_PREFIX),
        (prefixed(CookiePrefix::Secure).cookie_secure(false), COOKIE_PREFIX),
        (
            prefixed(CookiePrefix::Secure).older_cookie_prefix(CookiePrefix::Secure),
            "session.older_cookie_prefix",
        ),
        (SessionRecipe::new().device_bound_sessions(Duration::ZERO), DEVICE_BOUND),
        (SessionRecipe::new().device_bound_sessions(Duration::from_secs(86_401)), DEVICE_BOUND),
        (SessionRecipe::new().audience(" "), "session.audience"),
        (SessionRecipe::new().further_audiences(["b"]), "session.further_audiences"),
        (SessionRecipe::new().audience("a").further_audiences(["a"]), "session.further_audiences"),
        (SessionRecipe::new().audience("a").further_audiences([""]), "session.further_audiences"),
    ] {
        assert_eq!(config_error(one_site(), recipe).await.field(), field);
    }
    // Without https browsers take such cookies of this machine alone, where they are `Secure`.
    for prefix in [CookiePrefix::Secure, CookiePrefix::Host] {
        for (api, is_secure) in [
            ("http://localhost:3001", false),
            ("http://127.0.0.1:3001", false),
            ("http://api.example.com", true),
            ("http://192.168.1.7:3001", true),
        ] {
            let recipe = prefixed(prefix).cookie_secure(is_secure);
            let error = config_error(AppInfo::new("Test", api, api), recipe).await;
            assert_eq!(error.field(), COOKIE_PREFIX, "{api}");
        }
        let local = AppInfo::new("Test", "http://localhost:3001", "http://localhost:3000");
        App::at(local, prefixed(prefix).cookie_secure(true)).await;
    }
}

fn each(token: TokenType, access: &str, refresh: &str) -> String {
    match token {
        TokenType::Access => access.to_owned(),
        TokenType::Refresh => refresh.to_owned(),
    }
}

#[tokio::test]
async fn names_that_can_t_be_names_are_found_at_start_up() {
    let good = "x-access";
    for (access, refresh) in [
        ("my token", "r"),
        ("a", "re fresh"),
        ("", "r"),
        ("a;b", "r"),
        ("a=b", "r"),
        ("same", "same"),
    ] {
        let recipe = SessionRecipe::new()
            .get_cookie_name_for_token_type(move |_, token| each(token, access, refresh));
        let error = config_error(one_site(), recipe).await;
        assert_eq!(error.field(), "session.get_cookie_name_for_token_type", "{access}, {refresh}");
    }
    for refresh in ["x token", "", "x:y", "X-Access", "front-token", "Set-Cookie", "anti-csrf"] {
        let recipe = SessionRecipe::new()
            .get_response_header_name_for_token_type(move |_, token| each(token, good, refresh));
        let error = config_error(one_site(), recipe).await;
        assert_eq!(error.field(), "session.get_response_header_name_for_token_type", "{refresh}");
    }
    let recipe = SessionRecipe::new()
        .get_cookie_name_for_token_type(|cx, token| {
            assert!(cx.request().is_some(), "an application may look at it");
            each(token, "__Host-a", "b.c_d")
        })
        .get_response_header_name_for_token_type(|_, token| each(token, "X-A", "X-B"));
    let builder = Auth::builder(one_site()).core(EngineConfig::in_memory()).recipe(recipe);
    builder.build().await.expect("good names");
}

const DEVICE_BOUND: &str = "session.device_bound_sessions";
const COOKIE_PREFIX: &str = "session.cookie_prefix";

fn prefixed(prefix: CookiePrefix) -> SessionRecipe {
    SessionRecipe::new().cookie_prefix(prefix)
}

#[tokio::test]
async fn a_prefix_stands_before_names_of_the_application_s_own() {
    let app = App::new(named("access", "refresh").cookie_prefix(CookiePrefix::Host)).await;
    let (_, reply) = app.create(&[("st-auth-mode", "cookie")]).await.unwrap();
    for name in ["__Host-access", "__Host-refresh"] {
        let line = reply.cookie(name);
        assert!(line.contains("; Secure; Path=/;") && !line.contains("Domain"), "{line}");
    }
}

const COOKIE_NAME: &str = "session.get_cookie_name_for_token_type";

fn named(access: &'static str, refresh: &'static str) -> SessionRecipe {
    SessionRecipe::new().get_cookie_name_for_token_type(move |_, token| match token {
        TokenType::Access => access.to_owned(),
        TokenType::Refresh => refresh.to_owned(),
    })
}

#[tokio::test]
async fn names_with_a_prefix_are_taken_where_the_settings_fit_them() {
    let app = App::new(named("__Host-access", "__Secure-refresh")).await;
    let (_, reply) = app.create(&[("st-auth-mode", "cookie")]).await.unwrap();
    assert!(reply.cookie("__Host-access").contains("; Secure; Path=/;"));
    assert!(reply.cookie("__Secure-refresh").contains("; Secure; "));
}

#[tokio::test]
async fn the_recipe_can_be_in_the_list_once_only() {
    let builder = Auth::builder(one_site())
        .core(EngineConfig::in_memory())
        .recipe(SessionRecipe::new())
        .recipe(SessionRecipe::new());
    let Err(BuildError::Config(error)) = builder.build().await else { panic!("it builds") };
    assert_eq!(error.field(), "recipe_list");
}

#[tokio::test]
async fn a_name_that_could_inject_a_header_is_an_error_and_writes_nothing() {
    let is_started = Arc::new(AtomicBool::new(false));
    let (for_cookies, for_headers) = (Arc::clone(&is_started), Arc::clone(&is_started));
    let recipe = SessionRecipe::new()
        .get_cookie_name_for_token_type(move |_, token| {
            let is_started = for_cookies.load(Ordering::Relaxed);
            if is_started { "a\r\nSet-Cookie: b".into() } else { each(token, "a", "b") }
        })
        .get_response_header_name_for_token_type(move |_, token| {
            let is_started = for_headers.load(Ordering::Relaxed);
            if is_started { "a\r\nb".into() } else { each(token, "a", "b") }
        });
    let app = App::new(recipe).await;
    is_started.store(true, Ordering::Relaxed);
    for method in ["cookie", "header"] {
        assert!(app.create(&[("st-auth-mode", method)]).await.is_err());
    }
    let cx = app.cx(Method::GET, "/", &[]);
    let session = app.session_without_request().await;
    for method in TokenTransferMethod::ALL {
        assert!(session.attach_to_request_response(&cx, method).is_err());
    }
    assert!(own_reply(&cx).headers.get("set-cookie").is_none());
}
