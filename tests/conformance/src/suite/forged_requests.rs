//! What a page of another site makes a browser send with its cookies.

use auth_core::{AppInfo, recipes::session::AllowedTransferMethod};
use serde_json::json;

use super::{
    cases,
    support::{EMAIL, PASSWORD, form, sign_up, start_email_password, with_email_password},
};
use crate::{
    Harness, Setup,
    client::{Mode, Req},
};

cases! {
    "http-forged" => a_page_of_another_origin_changes_nothing,
    "http-forged" => a_page_of_another_origin_signs_nobody_in,
    "http-forged" => a_form_s_content_type_is_not_taken_where_a_cookie_speaks,
    "http-forged" => without_cookies_no_origin_matters,
    "http-forged" => origins_that_the_application_names_are_its_own,
    "http-forged" => answers_are_json_and_taken_for_nothing_else,
}

async fn answers_are_json_and_taken_for_nothing_else(harness: Harness) {
    let app = start_email_password(&harness).await;
    for (request, status) in [
        (Req::post("/auth/signup").json(&form(EMAIL, PASSWORD)), 200),
        (Req::post("/auth/signin").json(&json!({})), 400),
        (Req::post("/auth/session/refresh"), 401),
        (Req::get("/sessioninfo"), 401),
        (Req::get("/auth/jwt/jwks.json"), 200),
        (Req::get("/auth/.well-known/openid-configuration"), 200),
    ] {
        let reply = app.send(request).await;
        assert_eq!(reply.status, status, "{reply:?}");
        assert_eq!(reply.header("content-type"), Some("application/json; charset=utf-8"));
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{reply:?}");
    }
}

type Page = &'static [(&'static str, &'static str)];

/// What browsers say about pages of others.
const FOREIGN: [Page; 14] = [
    &[("origin", "https://evil.example.org"), ("sec-fetch-site", "cross-site")],
    &[("origin", "https://sibling.example.com"), ("sec-fetch-site", "same-site")],
    &[("origin", "https://sibling.example.com")],
    &[("origin", "http://www.example.com")],
    &[("origin", "https://www.example.com:444")],
    &[("origin", "https://www.example.com.evil.example")],
    &[("origin", "https://www.example.com"), ("origin", "https://evil.example.org")],
    &[("origin", "null")],
    &[("origin", "null"), ("sec-fetch-site", "cross-site")],
    &[("origin", "")],
    &[("origin", "https://evil.example.org"), ("host", "api.example.com")],
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "nonsense")],
];

/// What they say about the application's own, and what other clients say.
const OWN: [Page; 9] = [
    &[],
    &[("origin", "https://www.example.com"), ("sec-fetch-site", "same-site")],
    &[("origin", "https://api.example.com"), ("sec-fetch-site", "same-origin")],
    &[("origin", "https://api.example.com")],
    &[("sec-fetch-site", "same-origin")],
    &[("sec-fetch-site", "none")],
    &[("origin", "null"), ("sec-fetch-site", "same-origin")],
    &[("origin", "https://preview.example.net"), ("sec-fetch-site", "same-origin")],
    &[("origin", "http://192.168.1.7:3001"), ("host", "192.168.1.7:3001")],
];

fn with(request: Req, headers: Page) -> Req {
    headers.iter().fold(request, |request, (name, value)| request.header(name, *value))
}

async fn a_page_of_another_origin_changes_nothing(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = app.sign_in(Mode::Cookie).await;
    for headers in FOREIGN {
        for path in ["/sessioninfo", "/session-optional", "/auth/signout", "/auth/session/refresh"]
        {
            let request = front_end.prepare(Req::post(path));
            let reply = app.send(with(request, headers)).await;
            let text = "the request comes from a page of an unknown origin";
            reply.expect_message(403, text);
            reply.expect_tokens_untouched();
        }
        // What changes nothing is for all, and an application may decide otherwise.
        for request in [Req::get("/sessioninfo"), Req::post("/no-csrf")] {
            let request = with(front_end.with_tokens(request), headers);
            assert_eq!(app.send(request).await.status, 200, "{headers:?}");
        }
    }
    for headers in OWN {
        let mut front_end = app.sign_in(Mode::Cookie).await;
        for path in ["/sessioninfo", "/session-optional", "/auth/session/refresh", "/auth/signout"]
        {
            let request = front_end.prepare(Req::post(path));
            let reply = app.send(with(request, headers)).await;
            assert_eq!(reply.status, 200, "{headers:?} {reply:?}");
            front_end.keep(&reply);
        }
    }
}

async fn a_page_of_another_origin_signs_nobody_in(harness: Harness) {
    let setup = with_email_password()
        .session(|session| session.get_token_transfer_method(|_, _| AllowedTransferMethod::Cookie));
    let app = harness.start(setup).await;
    let sign_up = Req::post("/auth/signup").json(&form(EMAIL, PASSWORD));
    assert_eq!(app.send(sign_up).await.json()["status"], "OK");
    let body = form(EMAIL, PASSWORD).to_string();
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
        let request = Req::post("/auth/signin").header("content-type", content_type);
        let reply = app.send(request.body(body.as_str())).await;
        assert_eq!(reply.status, 403, "{reply:?}");
        reply.expect_tokens_untouched();
    }
    let reply = app.send(Req::post("/auth/signin").body(body.as_str())).await;
    assert_eq!(reply.status, 403, "a body without a type: {reply:?}");
    for headers in FOREIGN {
        for path in ["/auth/signin", "/create-session"] {
            let request = Req::post(path).json(&form(EMAIL, PASSWORD)).header("rid", "x");
            let reply = app.send(with(request, headers)).await;
            assert_eq!(reply.status, 403, "{path} {headers:?} {reply:?}");
            reply.expect_tokens_untouched();
        }
    }
    for headers in OWN {
        for path in ["/auth/signin", "/create-session"] {
            let request = Req::post(path).json(&form(EMAIL, PASSWORD));
            let reply = app.send(with(request, headers)).await;
            assert_eq!(reply.status, 200, "{headers:?} {reply:?}");
            let mut cookies = reply.cookies();
            cookies.retain(|cookie| cookie.name != "sKnownDevice");
            assert!(cookies.len() == 2 && cookies.iter().all(|cookie| !cookie.is_cleared()));
        }
    }
}

async fn a_form_s_content_type_is_not_taken_where_a_cookie_speaks(harness: Harness) {
    let app = start_email_password(&harness).await;
    let (front_end, _) = sign_up(&app, Mode::Cookie, "/auth/signup").await;
    for content_type in [
        "text/plain",
        "text/plain; charset=application/json",
        "text/plain; application/json",
        "",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ] {
        for body in ["", "{}", "x={}"] {
            let request = front_end.with_tokens(Req::post("/auth/signout"));
            let request = request.header("content-type", content_type).body(body);
            let reply = app.send(request).await;
            assert_eq!(reply.status, 403, "{reply:?}");
            reply.expect_tokens_untouched();
        }
    }
    // No form can send these.
    for proof in ["rid", "st-auth-mode", "fdi-version", "anti-csrf"] {
        let request = Req::post("/auth/signout").header("content-type", "text/plain");
        let request = app.sign_in(Mode::Cookie).await.with_tokens(request).header(proof, "x");
        app.send(request).await.expect(200, &json!({ "status": "OK" }));
    }
    for content_type in ["application/json", "application/json; charset=utf-8"] {
        let request = Req::post("/auth/signout").header("content-type", content_type).body("{}");
        let reply = app.send(front_end.with_tokens(request)).await;
        reply.expect(200, &json!({ "status": "OK" }));
    }
}

async fn without_cookies_no_origin_matters(harness: Harness) {
    let app = start_email_password(&harness).await;
    let (front_end, _) = sign_up(&app, Mode::Header, "/auth/signup").await;
    for headers in FOREIGN {
        let request = Req::post("/auth/signin").json(&form(EMAIL, PASSWORD));
        assert_eq!(app.send(with(request, headers)).await.json()["status"], "OK");
        let request = front_end.with_tokens(Req::post("/sessioninfo"));
        assert_eq!(app.send(with(request, headers)).await.status, 200);
    }
    let request = front_end.with_tokens(Req::post("/auth/session/refresh"));
    app.send(request.header("origin", "capacitor://localhost")).await.expect(200, &json!({}));
}

async fn origins_that_the_application_names_are_its_own(harness: Harness) {
    let info = |website| AppInfo::new("Conformance", "https://api.example.com", website);
    let trusting = info("https://www.example.com")
        .trusted_origins(["https://Admin.example.com", "ionic://localhost"]);
    let deciding = info("https://www.example.org").origin(|cx| {
        let sent = cx.request().and_then(|request| request.header("origin"));
        let known = sent.filter(|origin| origin.ends_with(".example.net"));
        known.unwrap_or("https://www.example.org").to_owned()
    });
    for (app_info, own) in [
        (trusting, ["https://admin.example.com", "ionic://localhost"]),
        (deciding, ["https://shop.example.net", "https://www.example.org"]),
    ] {
        let app = harness.start(Setup::new().app_info(app_info)).await;
        let front_end = app.sign_in(Mode::Cookie).await;
        for (origin, status) in
            own.into_iter().map(|origin| (origin, 200)).chain([("https://evil.example.com", 403)])
        {
            let request = front_end.prepare(Req::post("/sessioninfo")).header("origin", origin);
            assert_eq!(app.send(request).await.status, status, "{origin}");
        }
    }
}
