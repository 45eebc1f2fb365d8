//! Cookies that others set beside the session's, under its names or not.

use serde_json::json;

use super::cases;
use crate::{
    Harness,
    client::{Cookie, Mode, Req},
};

cases! {
    "fdi-2.4-4" => each_of_several_access_cookies_is_judged_by_itself,
    "http-stray" => duplicate_cookies_are_refreshed_and_cleared,
    "http-stray" => duplicate_cookies_can_sign_out,
    "http-stray" => a_cookie_that_is_no_text_hides_no_session,
    "http-stray" => a_legacy_cookie_hides_no_session,
    "http-cache" => answers_with_tokens_are_kept_by_no_cache,
}

async fn each_of_several_access_cookies_is_judged_by_itself(harness: Harness) {
    let app = harness.start_default().await;
    let token = app.sign_in(Mode::Cookie).await.access_token();
    for line in [
        format!("sAccessToken={token}; sAccessToken={token}"),
        format!("sAccessToken={token}; other=1; sAccessToken="),
        format!("sAccessToken=; sAccessToken={token}"),
        format!("sAccessToken={token};sAccessToken=nonsense"),
        format!("sAccessToken=nonsense; sAccessToken={token}"),
        format!("sAccessToken={token}AA; sAccessToken={token}"),
    ] {
        for path in ["/sessioninfo", "/session-optional", "/session-check-db"] {
            let reply = app.send(Req::get(path).cookie(line.as_str())).await;
            assert_eq!((reply.status, &reply.json()["userId"]), (200, &json!("ada")), "{line}");
            reply.expect_tokens_untouched();
        }
    }
    let line = format!("sAccessToken={token}AA; sAccessToken={token}BB");
    let reply = app.send(Req::get("/sessioninfo").cookie(line)).await;
    reply.expect_message(401, "try refresh token");
}

async fn duplicate_cookies_are_refreshed_and_cleared(harness: Harness) {
    let app = harness.start_default().await;
    for is_first in [true, false] {
        let front_end = app.sign_in(Mode::Cookie).await;
        let good = format!("sRefreshToken={}", front_end.refresh_token());
        let stray = "sRefreshToken=nonsense".to_owned();
        let line = if is_first { [stray, good] } else { [good, stray] }.join("; ");
        let request = Req::post("/auth/session/refresh").cookie(line);
        let reply = app.send(request.cookie("sAccessToken=a; sAccessToken=b")).await;
        reply.expect(200, &json!({}));
        assert!(reply.header("front-token").is_some_and(|token| token != "remove"));
        for name in ["sAccessToken", "sRefreshToken"] {
            let all = reply.cookies();
            let (cleared, set): (Vec<&Cookie>, _) =
                all.iter().filter(|it| it.name == name).partition(|it| it.is_cleared());
            assert_eq!(set.len(), 1, "{reply:?}");
            assert_eq!(set[0].domain, None);
            for domain in ["api.example.com", "example.com"] {
                let is_there = cleared.iter().any(|it| it.domain.as_deref() == Some(domain));
                assert!(is_there, "{name} of {domain}: {reply:?}");
            }
        }
    }
}

async fn duplicate_cookies_can_sign_out(harness: Harness) {
    let app = harness.start_default().await;
    let token = app.sign_in(Mode::Cookie).await.access_token();
    let line = format!("sAccessToken=nonsense; sAccessToken={token}");
    let reply = app.send(Req::post("/auth/signout").cookie(line)).await;
    reply.expect(200, &json!({ "status": "OK" }));
    assert!(reply.cookies().iter().all(Cookie::is_cleared), "{reply:?}");
    assert!(reply.cookies().iter().any(|it| it.domain.as_deref() == Some("example.com")));
}

async fn a_cookie_that_is_no_text_hides_no_session(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = app.sign_in(Mode::Cookie).await;
    let with =
        |before: &[u8], token: String, after: &[u8]| [before, token.as_bytes(), after].concat();
    let access = || format!("sAccessToken={}", front_end.access_token());
    // Frameworks that drop such a line leave nothing to judge.
    let status = if harness.shows_bytes() { 200 } else { 401 };
    for line in [
        with(b"name=Jos\xe9; ", access(), b""),
        with(b"", access(), b"; \xff=\xfe; z=1"),
        with(b"\x80; ", access(), b";;\xc3"),
    ] {
        let mut connection = app.connect().await;
        let reply = connection.send(&Req::get("/sessioninfo").cookie(line)).await;
        assert_eq!(reply.status, status, "{reply:?}");
    }
    let refresh = format!("sRefreshToken={}", front_end.refresh_token());
    let request = Req::post("/auth/session/refresh").cookie(with(b"name=Jos\xe9; ", refresh, b""));
    assert_eq!(app.connect().await.send(&request).await.status, status);
    // A line of its own hides none on any.
    let request = Req::get("/sessioninfo").cookie(*b"name=Jos\xe9").cookie(access());
    assert_eq!(app.send(request).await.status, 200);
}

async fn a_legacy_cookie_hides_no_session(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let front_end = app.sign_in(mode).await;
        for path in ["/sessioninfo", "/session-optional"] {
            let request = front_end.with_tokens(Req::get(path)).cookie("sIdRefreshToken=x");
            assert_eq!(app.send(request).await.json()["userId"], "ada");
        }
    }
}

async fn answers_with_tokens_are_kept_by_no_cache(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let (mut front_end, reply) = app.sign_in_with(mode, &json!({})).await;
        let mut replies = vec![reply];
        for path in ["/merge-payload", "/merge-payload/then-error", "/auth/session/refresh"] {
            let request = Req::post(path).json(&json!({ "a": 1 }));
            replies.push(front_end.send(&app, request).await);
        }
        replies.push(app.send(front_end.with_tokens(Req::get("/sessioninfo"))).await);
        let untouched = replies.pop().expect("just pushed");
        assert_eq!(untouched.header("cache-control"), None, "{untouched:?}");
        replies.push(front_end.send(&app, Req::post("/auth/signout")).await);
        for reply in replies {
            assert!(reply.header("front-token").is_some(), "{reply:?}");
            assert_eq!(reply.header("cache-control"), Some("no-store"), "{reply:?}");
        }
    }
    // What a handler says about caches stays where it is as strict.
    for (said, wanted) in [
        ("public, max-age=600", "no-store"),
        ("private, No-Store, max-age=0", "private, No-Store, max-age=0"),
    ] {
        let mut front_end = app.sign_in(Mode::Header).await;
        let request = Req::post("/merge-payload/cached").json(&json!({ "a": 1 }));
        let request = request.header("x-cache-control", said);
        let reply = front_end.send(&app, request).await;
        assert_eq!(reply.header("cache-control"), Some(wanted), "{reply:?}");
    }
    let reply = app.send(Req::post("/auth/session/refresh")).await;
    reply.expect_cleared_in_both_ways();
    assert_eq!(reply.header("cache-control"), Some("no-store"));
}
