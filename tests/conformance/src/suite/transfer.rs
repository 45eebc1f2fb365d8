//! How a session's tokens travel: cookies, headers and what they are called.

use auth_core::recipes::session::{AntiCsrf, SameSite, TokenType};
use serde_json::json;

use super::{cases, support::attributes};
use crate::{
    Harness, START_MS, Setup,
    client::{Mode, Req},
};

const YEAR_MS: i64 = 31_536_000_000;

cases! {
    "fdi-2.2-cookies" => cookies_carry_every_attribute,
    "fdi-2.2-cookies" => a_cookie_s_value_may_be_percent_encoded_or_quoted,
    "fdi-2.2-headers" => header_mode_sends_both_tokens_and_no_cookie,
    "fdi-2.2-front-token" => the_front_token_says_what_the_access_token_says,
    "fdi-2.2-anti-csrf" => only_via_token_in_cookie_mode_gives_an_anti_csrf_token,
    "fdi-2.2-exposed" => every_header_that_is_set_is_exposed_once_beside_the_application_s_own,
    "fdi-2.1-access-token-path" => the_access_cookie_s_path_can_be_chosen_and_the_refresh_cookie_s_cannot,
    "fdi-2.1-cookie-secure" => cookies_of_an_api_without_https_are_not_secure_unless_it_says_so,
    "fdi-2.1-cookie-same-site" => same_site_follows_from_both_domains_unless_it_is_chosen,
    "fdi-2.1-cookie-domain" => a_cookie_domain_is_normalised_and_stands_in_set_and_cleared_cookies,
    "fdi-2.1-names" => cookies_and_headers_have_the_names_that_are_configured,
    "fdi-2.1-expose-access-token" => cookie_mode_exposes_the_access_token_only_where_configured,
}

async fn cookies_carry_every_attribute(harness: Harness) {
    let app = harness.start_default().await;
    let request = Req::post("/create-session").header("st-auth-mode", "cookie");
    let reply = app.send(request).await;
    assert_eq!(reply.cookies().len(), 2, "{reply:?}");
    let (access, refresh) = (reply.cookie("sAccessToken"), reply.cookie("sRefreshToken"));
    assert_eq!(attributes(&access), (Some("/"), None, Some("lax"), true, true));
    let path = Some("/auth/session/refresh");
    assert_eq!(attributes(&refresh), (path, None, Some("lax"), true, true));
    assert_eq!(access.expires_ms, Some(START_MS + YEAR_MS), "much longer than the token");
    assert_eq!(refresh.expires_ms, Some(START_MS + 100 * 24 * 3_600_000));
    assert_eq!(reply.exposed(), ["front-token"]);
    for name in ["st-access-token", "st-refresh-token", "anti-csrf"] {
        assert_eq!(reply.header(name), None, "{name}");
    }
}

async fn a_cookie_s_value_may_be_percent_encoded_or_quoted(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = app.sign_in(Mode::Cookie).await;
    let encode = |token: String| token.replace('.', "%2E").replace('-', "%2d");
    let access = encode(front_end.access_token());
    for value in [access.clone(), format!("\"{access}\"")] {
        let request = Req::get("/sessioninfo").cookie(format!("sAccessToken={value}"));
        assert_eq!(app.send(request).await.status, 200, "{value}");
    }
    let line = format!("sRefreshToken={}", encode(front_end.refresh_token()));
    app.send(Req::post("/auth/session/refresh").cookie(line)).await.expect(200, &json!({}));
}

async fn header_mode_sends_both_tokens_and_no_cookie(harness: Harness) {
    let app = harness.start_default().await;
    let request = Req::post("/create-session").header("st-auth-mode", "header");
    let reply = app.send(request).await;
    assert_eq!(reply.cookies(), []);
    for name in ["st-access-token", "st-refresh-token"] {
        assert!(reply.header(name).is_some_and(|token| !token.is_empty()), "{name}: {reply:?}");
    }
    assert_eq!(reply.exposed(), ["front-token", "st-access-token", "st-refresh-token"]);
}

async fn the_front_token_says_what_the_access_token_says(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let payload = json!({ "payload": { "ünï": "\u{1f511}", "own": [1, { "a": null }] } });
        let (front_end, _) = app.sign_in_with(mode, &payload).await;
        let payload = front_end.payload();
        assert_eq!(payload["ünï"], "\u{1f511}");
        let front_token = json!({ "uid": "ada", "ate": START_MS + 3_600_000, "up": payload });
        assert_eq!(front_end.front_token, Some(front_token));
    }
}

async fn only_via_token_in_cookie_mode_gives_an_anti_csrf_token(harness: Harness) {
    for (anti_csrf, mode, has_token) in [
        (AntiCsrf::ViaToken, Mode::Cookie, true),
        (AntiCsrf::ViaToken, Mode::Header, false),
        (AntiCsrf::ViaCustomHeader, Mode::Cookie, false),
        (AntiCsrf::None, Mode::Cookie, false),
    ] {
        let app = harness.start(Setup::new().session(|session| session.anti_csrf(anti_csrf))).await;
        let (front_end, reply) = app.sign_in_with(mode, &json!({})).await;
        let token = reply.header("anti-csrf");
        assert_eq!(token.is_some(), has_token, "{anti_csrf:?} {mode:?}");
        assert_eq!(reply.exposed().contains(&"anti-csrf"), has_token);
        assert_eq!(front_end.payload()["antiCsrfToken"], json!(token));
    }
}

async fn every_header_that_is_set_is_exposed_once_beside_the_application_s_own(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = app.sign_in(Mode::Header).await;
    let request = Req::post("/merge-payload/own-headers").body(r#"{"a":1}"#);
    let reply = app.send(front_end.with_tokens(request)).await;
    assert_eq!(reply.exposed(), ["x-own", "front-token", "st-access-token"]);
}

async fn the_access_cookie_s_path_can_be_chosen_and_the_refresh_cookie_s_cannot(harness: Harness) {
    for (configured, path) in [("/api", "/api"), ("api/", "/api"), ("", "/"), ("/", "/")] {
        let setup = Setup::new().session(|session| session.access_token_path(configured));
        let app = harness.start(setup).await;
        let (mut front_end, reply) = app.sign_in_with(Mode::Cookie, &json!({})).await;
        assert_eq!(reply.cookie("sAccessToken").path.as_deref(), Some(path));
        let refresh = reply.cookie("sRefreshToken").path;
        assert_eq!(refresh.as_deref(), Some("/auth/session/refresh"));
        // The jar holds the access cookie back outside of its path; sign-out then finds none.
        let access = format!("sAccessToken={}", front_end.access_token());
        let reply = front_end.send(&app, Req::post("/auth/session/refresh")).await;
        assert_eq!(reply.cookie("sAccessToken").path.as_deref(), Some(path));
        let reply = app.send(Req::post("/auth/signout").cookie(access)).await;
        let cleared = reply.cookie("sAccessToken");
        assert_eq!((cleared.path.as_deref(), cleared.is_cleared()), (Some(path), true));
    }
}

async fn cookies_of_an_api_without_https_are_not_secure_unless_it_says_so(harness: Harness) {
    for (api, configured, secure) in [
        ("http://localhost:3001", None, false),
        ("http://localhost:3001", Some(true), true),
        ("https://localhost:3001", None, true),
        ("https://localhost:3001", Some(false), false),
    ] {
        let setup =
            Setup::new().domains(api, "http://localhost:3000").session(
                |session| match configured {
                    Some(secure) => session.cookie_secure(secure),
                    None => session,
                },
            );
        let app = harness.start(setup).await;
        let reply = app.send(Req::post("/create-session").header("st-auth-mode", "cookie")).await;
        for cookie in reply.cookies() {
            assert_eq!(cookie.secure, secure, "{api} {configured:?}: {cookie:?}");
        }
    }
}

async fn same_site_follows_from_both_domains_unless_it_is_chosen(harness: Harness) {
    let https = "https://api.example.com";
    for (api, website, chosen, expected) in [
        (https, "https://www.example.com", None, "lax"),
        (https, "https://example.com:8080", None, "lax"),
        (https, "https://www.example.org", None, "none"),
        (https, "http://www.example.com", None, "none"),
        ("https://a.github.io", "https://b.github.io", None, "none"),
        ("http://localhost:3001", "http://127.0.0.1:3000", None, "lax"),
        (https, "https://www.example.com", Some(SameSite::Strict), "strict"),
        (https, "https://www.example.com", Some(SameSite::None), "none"),
        (https, "https://www.example.org", Some(SameSite::Lax), "lax"),
    ] {
        let setup = Setup::new().domains(api, website).session(|session| match chosen {
            Some(same_site) => session.cookie_same_site(same_site),
            None => session,
        });
        let app = harness.start(setup).await;
        let reply = app.send(Req::post("/create-session").header("st-auth-mode", "cookie")).await;
        assert_eq!(reply.cookies().len(), 2, "{reply:?}");
        for cookie in reply.cookies() {
            assert_eq!(cookie.same_site.as_deref(), Some(expected), "{api} {website}: {cookie:?}");
        }
    }
}

async fn a_cookie_domain_is_normalised_and_stands_in_set_and_cleared_cookies(harness: Harness) {
    for (configured, domain) in [
        ("example.com", "example.com"),
        (" .Example.com ", ".example.com"),
        ("https://api.example.com:3000", "api.example.com"),
    ] {
        let setup = Setup::new().session(|session| session.cookie_domain(configured));
        let app = harness.start(setup).await;
        let (mut front_end, set) = app.sign_in_with(Mode::Cookie, &json!({})).await;
        let cleared = front_end.send(&app, Req::post("/auth/signout")).await;
        for (reply, is_cleared) in [(set, false), (cleared, true)] {
            assert_eq!(reply.cookies().len(), 2, "{reply:?}");
            for cookie in reply.cookies() {
                assert_eq!(cookie.domain.as_deref(), Some(domain), "{cookie:?}");
                assert_eq!(cookie.is_cleared(), is_cleared, "{cookie:?}");
            }
        }
    }
}

async fn cookies_and_headers_have_the_names_that_are_configured(harness: Harness) {
    fn name(token: TokenType, prefix: &str) -> String {
        match token {
            TokenType::Access => format!("{prefix}-access"),
            TokenType::Refresh => format!("{prefix}-refresh"),
        }
    }
    let setup = Setup::new().session(|session| {
        session
            .get_cookie_name_for_token_type(|_, token| name(token, "c"))
            .get_response_header_name_for_token_type(|_, token| name(token, "x"))
    });
    let app = harness.start(setup).await;
    let create = |mode: &str| app.send(Req::post("/create-session").header("st-auth-mode", mode));
    let reply = create("header").await;
    assert_eq!(reply.exposed(), ["front-token", "x-access", "x-refresh"]);
    assert!(reply.header("x-access").is_some() && reply.header("st-access-token").is_none());
    let reply = create("cookie").await;
    let names: Vec<String> = reply.cookies().into_iter().map(|cookie| cookie.name).collect();
    assert_eq!(names, ["c-access", "c-refresh"]);

    let line = |name: &str, cookie: &str| format!("{name}={}", reply.cookie(cookie).value);
    let get = |line: String| app.send(Req::get("/sessioninfo").cookie(line));
    assert_eq!(get(line("c-access", "c-access")).await.status, 200);
    get(line("sAccessToken", "c-access")).await.expect_message(401, "unauthorised");
    let refresh = Req::post("/auth/session/refresh").cookie(line("c-refresh", "c-refresh"));
    app.send(refresh).await.expect(200, &json!({}));
}

async fn cookie_mode_exposes_the_access_token_only_where_configured(harness: Harness) {
    let setup = Setup::new()
        .session(|session| session.expose_access_token_to_frontend_in_cookie_based_auth(true));
    let app = harness.start(setup).await;
    let (mut front_end, created) = app.sign_in_with(Mode::Cookie, &json!({})).await;
    let first = front_end.access_token();
    let refreshed = front_end.refresh(&app).await;
    for (reply, token) in [(created, first), (refreshed, front_end.access_token())] {
        assert_eq!(reply.header("st-access-token"), Some(&*token));
        assert_eq!(reply.header("st-refresh-token"), None, "never the refresh token");
        assert_eq!(reply.exposed(), ["front-token", "st-access-token"]);
    }
}
