//! What another site makes a browser send.

use auth_core::recipes::session::{AllowedTransferMethod, SessionOptions, SessionRecipe};
use http::{Method, StatusCode};

use crate::harness::{App, Headers, one_site, two_sites};

const EVIL: &[Headers<'static>] = &[
    &[("origin", "https://evil.example.com")],
    &[("origin", "https://evil.example.org"), ("sec-fetch-site", "cross-site")],
    &[("origin", "https://evil.example.com"), ("sec-fetch-site", "same-site")],
    &[("origin", "null")],
    &[("origin", "null"), ("sec-fetch-site", "cross-site")],
    &[("origin", "http://www.example.com")],
    &[("origin", "https://www.example.com.evil.example")],
    &[("origin", "https://www.example.com:444")],
    &[("origin", "")],
    &[("origin", "https://www.example.com"), ("origin", "https://evil.example.com")],
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "nonsense")],
    &[("origin", "https://evil.example.com"), ("host", "api.example.com")],
];

const HONEST: &[Headers<'static>] = &[
    &[],
    &[("origin", "https://www.example.com"), ("sec-fetch-site", "same-site")],
    &[("origin", "https://api.example.com")],
    &[("sec-fetch-site", "same-origin")],
    &[("sec-fetch-site", "none")],
    &[("origin", "null"), ("sec-fetch-site", "same-origin")],
    &[("origin", "https://preview.example.net"), ("sec-fetch-site", "same-origin")],
    &[("origin", "http://192.168.1.7:3001"), ("host", "192.168.1.7:3001")],
];

#[tokio::test]
async fn cookies_change_something_only_for_pages_of_known_origins() {
    let app = App::new(SessionRecipe::new()).await;
    let (name, cookie) = app.client("cookie").await.access_header();
    for (pages, is_known) in [(EVIL, false), (HONEST, true)] {
        for page in pages {
            let headers = [&[(name, cookie.as_str())], *page].concat();
            for options in [SessionOptions::new(), SessionOptions::new().optional()] {
                let (session, reply) = app.check(Method::POST, &headers, &options).await;
                assert_eq!(session.is_ok(), is_known, "{page:?}: {reply:?}");
                if !is_known {
                    assert_eq!(reply.status, StatusCode::FORBIDDEN, "{page:?}");
                    assert!(reply.sets_nothing());
                }
            }
            // What changes nothing is for all; and an application may decide otherwise.
            let (session, _) = app.check(Method::GET, &headers, &SessionOptions::new()).await;
            assert!(session.is_ok(), "{page:?}");
            let off = SessionOptions::new().anti_csrf_check(false);
            assert!(app.check(Method::POST, &headers, &off).await.0.is_ok(), "{page:?}");
        }
    }
}

#[tokio::test]
async fn a_bearer_token_is_good_from_everywhere() {
    let app = App::new(SessionRecipe::new()).await;
    let client = app.client("header").await;
    let (name, bearer) = client.access_header();
    for page in EVIL {
        let headers = [&[(name, bearer.as_str())], *page].concat();
        let (session, reply) = app.check(Method::POST, &headers, &SessionOptions::new()).await;
        assert!(session.is_ok(), "{page:?}: {reply:?}");
    }
    let (name, bearer) = client.refresh_header();
    let headers = [(name, bearer.as_str()), ("origin", "capacitor://localhost")];
    assert_eq!(app.refresh(&headers).await.status, 200);
}

#[tokio::test]
async fn sign_in_s_own_routes_ask_where_a_cookie_speaks() {
    let app = App::new(SessionRecipe::new()).await;
    for page in EVIL {
        let client = app.client("cookie").await;
        let cookies = format!("sAccessToken={}; sRefreshToken={}", client.access, client.refresh);
        let cookie = [("cookie", cookies.as_str()), ("rid", "anti-csrf")];
        let headers = [&cookie, *page].concat();
        for path in ["/auth/session/refresh", "/auth/signout"] {
            let reply = app.post(path, &headers).await.unwrap();
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{path} {page:?}");
            assert!(reply.sets_nothing());
        }
        let reply = app.post("/auth/signout", &cookie).await.unwrap();
        assert_eq!(reply.status, 200, "the session is as it was");
    }
}

#[tokio::test]
async fn a_form_of_another_site_has_no_content_type_that_is_taken() {
    let app = App::new(SessionRecipe::new()).await;
    for content_type in [
        "text/plain",
        "text/plain; application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
    ] {
        let client = app.client("cookie").await;
        let (name, cookie) = client.access_header();
        let forged = [(name, cookie.as_str()), ("content-type", content_type)];
        let reply = app.post("/auth/signout", &forged).await.unwrap();
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{content_type}");
        for proof in ["rid", "st-auth-mode", "fdi-version", "anti-csrf"] {
            let client = app.client("cookie").await;
            let (name, cookie) = client.access_header();
            let headers = [(name, cookie.as_str()), ("content-type", content_type), (proof, "x")];
            let reply = app.post("/auth/signout", &headers).await.unwrap();
            assert_eq!(reply.status, 200, "{proof}");
        }
    }
    let client = app.client("cookie").await;
    let (name, cookie) = client.access_header();
    let json = [(name, cookie.as_str()), ("content-type", "application/json; charset=utf-8")];
    assert_eq!(app.post("/auth/signout", &json).await.unwrap().status, 200);
}

#[tokio::test]
async fn another_site_cannot_give_a_browser_a_session() {
    let recipe = SessionRecipe::new();
    let recipe = recipe.get_token_transfer_method(|_, _| AllowedTransferMethod::Cookie);
    let app = App::new(recipe).await;
    for page in EVIL {
        let Err(error) = app.create(page).await else { panic!("{page:?}") };
        assert_eq!(error.status(), StatusCode::FORBIDDEN);
    }
    for page in HONEST {
        assert!(app.create(page).await.is_ok(), "{page:?}");
    }
}

#[tokio::test]
async fn trusted_origins_and_the_origin_of_a_request_are_known() {
    let trusting = one_site().trusted_origins(["https://Admin.example.com", "ionic://localhost"]);
    let deciding = two_sites().origin(|cx| {
        let sent = cx.request().and_then(|request| request.header("origin"));
        let known = sent.filter(|origin| origin.ends_with(".example.net"));
        known.unwrap_or("https://www.example.org").to_owned()
    });
    for (app_info, origin) in [
        (trusting.clone(), "https://admin.example.com"),
        (trusting, "ionic://localhost"),
        (deciding.clone(), "https://shop.example.net"),
        (deciding, "https://www.example.org"),
    ] {
        let app = App::at(app_info, SessionRecipe::new()).await;
        let (name, cookie) = app.client("cookie").await.access_header();
        for (origin, is_known) in [(origin, true), ("https://evil.example.com", false)] {
            let headers = [(name, cookie.as_str()), ("rid", "x"), ("origin", origin)];
            let (session, _) = app.check(Method::POST, &headers, &SessionOptions::new()).await;
            assert_eq!(session.is_ok(), is_known, "{origin}");
        }
    }
}
