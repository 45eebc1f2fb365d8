//! Names by which browsers see to a cookie's attributes.

use auth_core::recipes::session::CookiePrefix;
use serde_json::json;

use super::cases;
use crate::{
    App, Harness, Setup,
    client::{FrontEnd, Mode, Reply, Req},
};

cases! {
    "http-names" => cookies_of_the_host_s_own_are_for_all_of_it_and_for_no_other,
    "http-names" => cookies_that_hosts_share_have_a_domain_and_the_refresh_path,
    "http-names" => a_cookie_without_the_prefix_is_not_the_session_s,
    "http-names" => a_session_of_the_older_names_goes_on_and_moves_at_its_next_refresh,
    "http-names" => cookies_of_the_older_names_go_with_a_sign_out_and_a_sign_in,
}

const ACCESS: &str = "__Host-sAccessToken";
const REFRESH: &str = "__Host-sRefreshToken";
const REFRESH_ROUTE: &str = "/auth/session/refresh";

async fn start(harness: &Harness, older: Option<CookiePrefix>) -> App {
    let setup = Setup::new().session(|session| {
        let session = session.cookie_prefix(CookiePrefix::Host);
        match older {
            Some(older) => session.older_cookie_prefix(older),
            None => session,
        }
    });
    harness.start(setup).await
}

/// The tokens of a front end, as a `Cookie` line has them under these names.
fn named(front_end: &FrontEnd, access: &str, refresh: &str) -> String {
    let value = |name| front_end.jar.value(name).expect("a session");
    format!("{access}={}; {refresh}={}", value(ACCESS), value(REFRESH))
}

fn with_older_names(front_end: &FrontEnd) -> String {
    named(front_end, "sAccessToken", "sRefreshToken")
}

async fn cookies_of_the_host_s_own_are_for_all_of_it_and_for_no_other(harness: Harness) {
    let app = start(&harness, None).await;
    let (mut front_end, signed_in) = app.sign_in_with(Mode::Cookie, &json!({})).await;
    let refreshed = front_end.refresh(&app).await;
    refreshed.expect(200, &json!({}));
    for reply in [&signed_in, &refreshed] {
        let names: Vec<_> = reply.cookies().into_iter().map(|cookie| cookie.name).collect();
        assert_eq!(names, [ACCESS, REFRESH], "no other is touched");
        for name in names {
            let cookie = reply.cookie(&name);
            assert_eq!((cookie.path.as_deref(), cookie.domain.as_deref()), (Some("/"), None));
            assert!(cookie.secure && cookie.http_only, "{cookie:?}");
        }
    }
    for request in [Req::get("/sessioninfo"), Req::post("/sessioninfo")] {
        let reply = front_end.send(&app, request).await;
        assert_eq!((reply.status, &reply.json()["userId"]), (200, &json!("ada")));
    }
    let reply = front_end.send(&app, Req::post("/auth/signout")).await;
    for name in [ACCESS, REFRESH] {
        let cookie = reply.cookie(name);
        assert!(cookie.is_cleared() && cookie.secure, "{cookie:?}");
        assert_eq!(cookie.path.as_deref(), Some("/"), "where it was set");
    }
}

async fn cookies_that_hosts_share_have_a_domain_and_the_refresh_path(harness: Harness) {
    let setup = Setup::new().session(|session| {
        session.cookie_prefix(CookiePrefix::Secure).cookie_domain("example.com")
    });
    let app = harness.start(setup).await;
    let (mut front_end, reply) = app.sign_in_with(Mode::Cookie, &json!({})).await;
    for (name, path) in [("__Secure-sAccessToken", "/"), ("__Secure-sRefreshToken", REFRESH_ROUTE)]
    {
        let cookie = reply.cookie(name);
        assert_eq!(cookie.path.as_deref(), Some(path));
        assert_eq!(cookie.domain.as_deref(), Some("example.com"));
        assert!(cookie.secure, "{cookie:?}");
    }
    assert_eq!(front_end.send(&app, Req::get("/sessioninfo")).await.status, 200);
    front_end.refresh(&app).await.expect(200, &json!({}));
}

async fn a_cookie_without_the_prefix_is_not_the_session_s(harness: Harness) {
    let app = start(&harness, None).await;
    let front_end = app.sign_in(Mode::Cookie).await;
    // As a host beside this one may have planted them, with tokens of its own session.
    for line in [
        with_older_names(&front_end),
        named(&front_end, "__Secure-sAccessToken", "__Secure-sRefreshToken"),
        named(&front_end, "__host-sAccessToken", "__host-sRefreshToken"),
    ] {
        let reply = app.send(Req::get("/sessioninfo").cookie(line.as_str())).await;
        reply.expect_message(401, "unauthorised");
        let reply = app.send(Req::post(REFRESH_ROUTE).cookie(line.as_str())).await;
        reply.expect_message(401, "unauthorised");
    }
    let line = named(&front_end, ACCESS, REFRESH);
    app.send(Req::post(REFRESH_ROUTE).cookie(line)).await.expect(200, &json!({}));
}

/// Both cookies of the older names are cleared where they were set.
#[track_caller]
fn expect_older_cleared(reply: &Reply) {
    for (name, path) in [("sAccessToken", "/"), ("sRefreshToken", REFRESH_ROUTE)] {
        let cookie = reply.cookie(name);
        assert!(cookie.is_cleared() && cookie.domain.is_none(), "{cookie:?}");
        assert_eq!(cookie.path.as_deref(), Some(path));
    }
}

async fn a_session_of_the_older_names_goes_on_and_moves_at_its_next_refresh(harness: Harness) {
    let app = start(&harness, Some(CookiePrefix::None)).await;
    let mut front_end = app.sign_in(Mode::Cookie).await;
    let older = with_older_names(&front_end);
    for request in [Req::get("/sessioninfo"), Req::post("/sessioninfo")] {
        let reply = app.send(request.cookie(older.as_str())).await;
        assert_eq!((reply.status, &reply.json()["userId"]), (200, &json!("ada")));
        reply.expect_tokens_untouched();
    }
    // A forged request with them is one.
    let forged =
        Req::post("/sessioninfo").cookie(older.as_str()).header("origin", "https://evil.test");
    assert_eq!(app.send(forged).await.status, 403);
    // A cookie of the new name speaks alone.
    let both = format!("{older}; {ACCESS}=nonsense; {REFRESH}=nonsense");
    let reply = app.send(Req::get("/sessioninfo").cookie(both.as_str())).await;
    reply.expect_message(401, "unauthorised");
    let reply = app.send(Req::post(REFRESH_ROUTE).cookie(both)).await;
    reply.expect_message(401, "unauthorised");

    let reply = app.send(Req::post(REFRESH_ROUTE).cookie(older.as_str())).await;
    reply.expect(200, &json!({}));
    expect_older_cleared(&reply);
    for name in [ACCESS, REFRESH] {
        assert!(!reply.cookie(name).is_cleared(), "{reply:?}");
    }
    front_end.keep(&reply);
    let moved = front_end.refresh(&app).await;
    moved.expect(200, &json!({}));
    assert_eq!(moved.cookies().len(), 2, "there is nothing left to clear: {moved:?}");
    // What lingers is cleared again.
    let line = format!("{older}; {}", named(&front_end, ACCESS, REFRESH));
    let reply = app.send(Req::post(REFRESH_ROUTE).cookie(line)).await;
    reply.expect(200, &json!({}));
    expect_older_cleared(&reply);
}

async fn cookies_of_the_older_names_go_with_a_sign_out_and_a_sign_in(harness: Harness) {
    let app = start(&harness, Some(CookiePrefix::None)).await;
    let older = with_older_names(&app.sign_in(Mode::Cookie).await);
    let sign_in = Req::post("/create-session").header("st-auth-mode", "cookie");
    expect_older_cleared(&app.send(sign_in.cookie(older)).await);
    let older = with_older_names(&app.sign_in(Mode::Cookie).await);
    let reply = app.send(Req::post("/auth/signout").cookie(older.as_str())).await;
    reply.expect(200, &json!({ "status": "OK" }));
    expect_older_cleared(&reply);
    let reply = app.send(Req::post(REFRESH_ROUTE).cookie(older)).await;
    reply.expect_message(401, "unauthorised");
    expect_older_cleared(&reply);
}
