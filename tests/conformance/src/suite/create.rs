//! New sessions.

use super::{cases, support::attributes};
use crate::{
    Harness, START_MS, Setup,
    client::{Mode, Req, jwt_header},
};

const YEAR_MS: i64 = 31_536_000_000;

cases! {
    "fdi-2.5-1" => cookies_carry_every_attribute,
    "fdi-2.5-1" => cookies_of_another_site_are_secure_and_without_same_site,
    "fdi-2.5-3" => the_client_chooses_how_tokens_travel,
    "fdi-2.5-6" => a_new_session_clears_the_other_way_of_the_old_one,
    "cdi-2.2" => an_access_token_says_what_version_5_says,
    "fdi-5.1" => what_was_changed_reaches_the_response_of_a_handler_that_fails,
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
    assert_eq!(access.expires_ms, Some(START_MS + YEAR_MS));
    assert_eq!(refresh.expires_ms, Some(START_MS + 100 * 24 * 3_600_000));
    assert!(reply.exposed().contains(&"front-token"));
    assert!(reply.header("st-access-token").is_none());
}

async fn cookies_of_another_site_are_secure_and_without_same_site(harness: Harness) {
    let app = harness.start(Setup::two_sites()).await;
    let request = Req::post("/create-session").header("st-auth-mode", "cookie");
    let reply = app.send(request).await;
    for name in ["sAccessToken", "sRefreshToken"] {
        let cookie = reply.cookie(name);
        let same_site = cookie.same_site.as_deref().unwrap_or_default();
        assert!(same_site.eq_ignore_ascii_case("none") && cookie.secure, "{reply:?}");
    }
}

async fn the_client_chooses_how_tokens_travel(harness: Harness) {
    let app = harness.start_default().await;
    for mode in ["header", "anything", ""] {
        let request = Req::post("/create-session").header("st-auth-mode", mode);
        let reply = app.send(request).await;
        assert!(reply.cookies().is_empty(), "{mode}: {reply:?}");
        for header in ["st-access-token", "st-refresh-token", "front-token"] {
            assert!(reply.header(header).is_some_and(|token| !token.is_empty()), "{header}");
            assert!(reply.exposed().contains(&header), "{header}");
        }
    }
}

async fn a_new_session_clears_the_other_way_of_the_old_one(harness: Harness) {
    let app = harness.start_default().await;
    let old = app.sign_in(Mode::Cookie).await;
    let request = old.with_tokens(Req::post("/create-session")).header("rid", "x");
    let request = request.header("st-auth-mode", "header");
    let reply = app.send(request).await;
    assert!(reply.header("st-access-token").is_some_and(|token| !token.is_empty()));
    assert!(reply.cookie("sAccessToken").is_cleared());
    assert_ne!(reply.header("front-token"), Some("remove"), "the new session's token stays");
}

async fn an_access_token_says_what_version_5_says(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = app.sign_in(Mode::Header).await;
    let header = jwt_header(&front_end.access_token());
    assert_eq!((&header["typ"], &header["version"]), (&"JWT".into(), &"5".into()));
    assert!(header["kid"].as_str().is_some_and(|kid| kid.starts_with("d-")), "{header}");
    let payload = front_end.payload();
    assert_eq!(payload["iss"], "https://api.example.com/auth");
    assert_eq!(payload["tId"], "public");
    assert_eq!(payload["exp"], START_MS / 1000 + 3600);
    assert!(payload["antiCsrfToken"].is_null() && payload["parentRefreshTokenHash1"].is_null());
    let front_token = front_end.front_token.expect("a front token");
    assert_eq!(front_token["uid"], payload["sub"]);
    assert_eq!(front_token["ate"], START_MS + 3_600_000);
    assert_eq!(front_token["up"], payload);
}

async fn what_was_changed_reaches_the_response_of_a_handler_that_fails(harness: Harness) {
    let app = harness.start_default().await;
    let reply = app.send(Req::post("/create-session/then-fail")).await;
    assert!(reply.status >= 400, "{reply:?}");
    assert!(reply.header("st-access-token").is_some_and(|token| !token.is_empty()));
}
