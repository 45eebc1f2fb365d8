//! Anti-CSRF checks.

use auth_core::recipes::session::AntiCsrf;

use super::cases;
use crate::{
    Harness, Setup,
    client::{Mode, Req},
};

cases! {
    "fdi-2.4-5" => cookies_of_another_site_need_the_rid_header_except_for_get,
    "fdi-2.4-5" => header_mode_needs_no_anti_csrf,
    "fdi-2.4-5" => without_a_token_the_rid_header_is_not_asked_for,
    "fdi-2.4-7" => an_anti_csrf_token_is_compared_for_every_method_but_get,
}

async fn cookies_of_another_site_need_the_rid_header_except_for_get(harness: Harness) {
    let app = harness.start(Setup::two_sites()).await;
    let front_end = app.sign_in(Mode::Cookie).await;
    let without_rid = |request: Req| app.send(front_end.with_tokens(request));
    for request in [Req::post("/sessioninfo"), Req::get("/csrf"), Req::new("PUT", "/any-method")] {
        let reply = without_rid(request.clone()).await;
        reply.expect_message(401, "try refresh token");
        reply.expect_tokens_untouched();
        let with_rid = front_end.with_tokens(request).header("rid", "anything");
        assert_eq!(app.send(with_rid).await.status, 200);
    }
    for request in [Req::get("/sessioninfo"), Req::post("/no-csrf"), Req::get("/any-method")] {
        assert_eq!(without_rid(request).await.status, 200);
    }
}

async fn header_mode_needs_no_anti_csrf(harness: Harness) {
    for mode in [AntiCsrf::ViaToken, AntiCsrf::ViaCustomHeader] {
        let app = harness.start(Setup::new().session(|session| session.anti_csrf(mode))).await;
        let token = app.sign_in(Mode::Header).await.access_token();
        for request in [Req::post("/sessioninfo"), Req::get("/csrf")] {
            assert_eq!(app.send(request.bearer(&token)).await.status, 200, "{mode:?}");
        }
    }
}

async fn without_a_token_the_rid_header_is_not_asked_for(harness: Harness) {
    let app = harness.start(Setup::two_sites()).await;
    let reply = app.send(Req::post("/session-optional")).await;
    assert_eq!((reply.status, reply.text()), (200, "null"));
    app.send(Req::post("/sessioninfo")).await.expect_message(401, "unauthorised");
}

async fn an_anti_csrf_token_is_compared_for_every_method_but_get(harness: Harness) {
    let setup = Setup::new().session(|session| session.anti_csrf(AntiCsrf::ViaToken));
    let app = harness.start(setup).await;
    let front_end = app.sign_in(Mode::Cookie).await;
    let right = front_end.anti_csrf.clone().expect("an anti-CSRF token");
    let send = |request: Req, token: Option<&str>| {
        let request = front_end.with_tokens(request);
        app.send(match token {
            Some(token) => request.header("anti-csrf", token),
            None => request,
        })
    };
    for request in [Req::post("/sessioninfo"), Req::get("/csrf"), Req::new("DELETE", "/any-method")]
    {
        for wrong in [None, Some(""), Some("wrong"), Some(&right[1..])] {
            let reply = send(request.clone(), wrong).await;
            reply.expect_message(401, "try refresh token");
            reply.expect_tokens_untouched();
        }
        assert_eq!(send(request, Some(&right)).await.status, 200);
    }
    // Which is answered without a body.
    let head = front_end.with_tokens(Req::new("HEAD", "/any-method"));
    for (request, status) in [(head.clone().header("anti-csrf", right), 200), (head, 401)] {
        assert_eq!(app.connect().await.send(&request).await.status, status);
    }
    for request in [Req::get("/sessioninfo"), Req::post("/no-csrf"), Req::get("/session-check-db")]
    {
        assert_eq!(send(request, None).await.status, 200);
    }
}
