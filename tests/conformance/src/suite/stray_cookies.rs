//! Cookies that others set beside the session's, under its names or not.

use serde_json::json;

use super::{cases, tokens::with_header};
use crate::{
    Harness,
    client::{Cookie, Mode, Reply, Req},
};

cases! {
    "fdi-2.4-4" => each_of_several_access_cookies_is_judged_by_itself,
    "fdi-2.4-4" => a_session_that_ended_hides_none_that_did_not,
    "http-stray" => duplicate_cookies_are_refreshed_and_cleared,
    "http-stray" => an_old_refresh_token_beside_the_new_one_is_no_theft,
    "http-stray" => duplicate_cookies_can_sign_out,
    "http-stray" => duplicate_cookies_are_cleared_by_a_sign_in,
    "http-stray" => a_cookie_that_is_no_text_hides_no_session,
    "http-stray" => a_legacy_cookie_hides_no_session,
    "http-cache" => answers_with_tokens_are_kept_by_no_cache,
}

/// What another site under the domain may leave: garbage, and what has a token's form.
fn planted(token: &str) -> [String; 7] {
    // By a key that nobody has.
    let unknown = with_header(token, &json!({ "alg": "RS256", "kid": "d-x" }));
    let texts = ["", "nonsense", "%FF", "a.b.c", "a.V2"].map(str::to_owned);
    let [empty, nonsense, no_text, dots, refresh] = texts;
    [empty, nonsense, no_text, dots, refresh, format!("{token}AA"), unknown]
}

async fn each_of_several_access_cookies_is_judged_by_itself(harness: Harness) {
    let app = harness.start_default().await;
    let token = app.sign_in(Mode::Cookie).await.access_token();
    let mut lines = vec![format!("sAccessToken={token}; sAccessToken={token}")];
    for stray in planted(&token) {
        lines.push(format!("sAccessToken={stray}; sAccessToken={token}"));
        lines.push(format!("sAccessToken={token};sAccessToken={stray}"));
        lines.push(format!("sAccessToken={token}; other=1; sAccessToken={stray}"));
        lines.push(format!("sAccessToken={stray}; sAccessToken={token}; sAccessToken=y"));
        let reply = app.send(Req::get("/sessioninfo").cookie(format!("sAccessToken={stray}")));
        assert_eq!(reply.await.status, 401, "{stray} alone is none");
    }
    for line in lines {
        for request in [
            Req::get("/sessioninfo"),
            Req::post("/sessioninfo"),
            Req::get("/session-optional"),
            Req::get("/session-check-db"),
        ] {
            let reply = app.send(request.cookie(line.as_str())).await;
            assert_eq!((reply.status, &reply.json()["userId"]), (200, &json!("ada")), "{line}");
            reply.expect_tokens_untouched();
        }
    }
    let none_is_good = async |line: String| {
        let reply = app.send(Req::get("/sessioninfo").cookie(line)).await;
        reply.expect_message(401, "try refresh token");
        reply.expect_tokens_untouched();
    };
    none_is_good(format!("sAccessToken={token}AA; sAccessToken={token}BB")).await;
    app.advance_secs(3600);
    none_is_good(format!("sAccessToken=nonsense; sAccessToken={token}")).await;
    none_is_good(format!("sAccessToken={token}; sAccessToken={token}AA")).await;
}

async fn a_session_that_ended_hides_none_that_did_not(harness: Harness) {
    let app = harness.start_default().await;
    let mut ended = app.sign_in(Mode::Cookie).await;
    let (old, token) = (ended.access_token(), app.sign_in(Mode::Cookie).await.access_token());
    assert_eq!(ended.send(&app, Req::post("/revoke")).await.status, 200);
    for (first, second) in [(&old, &token), (&token, &old)] {
        let line = format!("sAccessToken={first}; sAccessToken={second}");
        let reply = app.send(Req::get("/session-check-db").cookie(line)).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.expect_tokens_untouched();
    }
}

async fn duplicate_cookies_are_refreshed_and_cleared(harness: Harness) {
    let app = harness.start_default().await;
    let token = app.sign_in(Mode::Cookie).await.access_token();
    for (stray, is_first) in
        planted(&token).into_iter().flat_map(|stray| [(stray.clone(), true), (stray, false)])
    {
        let front_end = app.sign_in(Mode::Cookie).await;
        let good = format!("sRefreshToken={}", front_end.refresh_token());
        let bad = format!("sRefreshToken={stray}");
        let line = if is_first { [bad, good] } else { [good, bad] }.join("; ");
        let access = format!("sAccessToken={stray}; sAccessToken={}", front_end.access_token());
        let request = Req::post("/auth/session/refresh").cookie(line).cookie(access);
        let reply = app.send(request).await;
        reply.expect(200, &json!({}));
        assert!(reply.header("front-token").is_some_and(|token| token != "remove"));
        for (name, path) in [("sAccessToken", "/"), ("sRefreshToken", "/auth/session/refresh")] {
            expect_set_and_cleared(&reply, name, path);
        }
    }
    let twice = Req::post("/auth/session/refresh").cookie("sRefreshToken=x; sRefreshToken=y");
    let reply = app.send(twice).await;
    reply.expect_message(401, "unauthorised");
    expect_cleared(&reply);
}

/// The cookie is set for this host and path, after others of its name are cleared there.
#[track_caller]
fn expect_set_and_cleared(reply: &Reply, name: &str, path: &str) {
    let all: Vec<Cookie> = reply.cookies().into_iter().filter(|it| it.name == name).collect();
    let (set, cleared) = all.split_last().expect("it is set");
    let place = |it: &Cookie| (it.domain.clone(), it.path.clone());
    let at = |domain: Option<&str>| (domain.map(str::to_owned), Some(path.to_owned()));
    assert!(!set.is_cleared() && place(set) == at(None), "{reply:?}");
    assert!(cleared.iter().all(Cookie::is_cleared), "{reply:?}");
    for domain in ["api.example.com", "example.com"] {
        let is_there = cleared.iter().any(|it| place(it) == at(Some(domain)));
        assert!(is_there, "{name} of {domain}: {reply:?}");
    }
}

/// Both cookies are cleared, of the domain above too.
#[track_caller]
fn expect_cleared(reply: &Reply) {
    let cookies = reply.cookies();
    assert!(cookies.iter().all(Cookie::is_cleared), "{reply:?}");
    for name in ["sAccessToken", "sRefreshToken"] {
        let of_parent =
            |it: &Cookie| it.name == name && it.domain.as_deref() == Some("example.com");
        assert!(cookies.iter().any(of_parent), "{name}: {reply:?}");
    }
    assert_eq!(reply.header("front-token"), Some("remove"), "{reply:?}");
}

async fn an_old_refresh_token_beside_the_new_one_is_no_theft(harness: Harness) {
    let app = harness.start_default().await;
    let mut front_end = app.sign_in(Mode::Cookie).await;
    let old = front_end.refresh_token();
    for _ in 0..2 {
        front_end.refresh(&app).await.expect(200, &json!({}));
        app.advance_secs(60);
    }
    let refresh = |line: String| app.send(Req::post("/auth/session/refresh").cookie(line));
    // The access token tells which of them is the session's.
    let (new, access) = (front_end.refresh_token(), front_end.access_token());
    let both = format!("sRefreshToken={old}; sRefreshToken={new}; sAccessToken={access}");
    let reply = refresh(both).await;
    reply.expect(200, &json!({}));
    // By itself, and beside garbage, it is.
    let reply = refresh(format!("sRefreshToken=x; sRefreshToken={old}")).await;
    reply.expect_message(401, "token theft detected");
}

async fn duplicate_cookies_can_sign_out(harness: Harness) {
    let app = harness.start_default().await;
    let token = app.sign_in(Mode::Cookie).await.access_token();
    let line = format!("sAccessToken=nonsense; sAccessToken={token}");
    let reply = app.send(Req::post("/auth/signout").cookie(line)).await;
    reply.expect(200, &json!({ "status": "OK" }));
    expect_cleared(&reply);
}

async fn duplicate_cookies_are_cleared_by_a_sign_in(harness: Harness) {
    let app = harness.start_default().await;
    let request = Req::post("/create-session").header("st-auth-mode", "cookie");
    let reply = app.send(request.cookie("sAccessToken=x; sAccessToken=y")).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    expect_set_and_cleared(&reply, "sAccessToken", "/");
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
