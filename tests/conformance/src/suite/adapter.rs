//! What only an adapter can break: methods, headers, handlers, and where an application lies.

use auth_core::{
    AppInfo,
    recipes::session::{SessionApi, TokenType},
};
use serde_json::json;

use super::{
    cases,
    support::{EMAIL, PASSWORD, form, sign_up, start_email_password, with_email_password},
};
use crate::{
    App, Harness, Setup,
    client::{Mode, Req},
};

cases! {
    "http-method" => head_checks_the_session_and_answers_without_a_body,
    "http-method" => a_method_that_no_route_has_passes_on_to_the_application,
    "http-headers" => cookies_may_come_in_several_header_lines,
    "http-headers" => hundreds_of_values_are_neither_lost_nor_reordered,
    "http-headers" => a_header_of_bytes_that_are_no_text_disturbs_nothing,
    "http-handler" => a_handler_that_panics_harms_its_own_request_only,
    "http-mount" => an_application_below_a_prefix_works_with_its_whole_paths,
    "http-mount" => below_a_prefix_a_check_on_the_refresh_path_refreshes,
    "http-mount" => two_handles_in_one_process_know_nothing_of_each_other,
}

async fn head_checks_the_session_and_answers_without_a_body(harness: Harness) {
    let app = harness.start_default().await;
    let token = app.sign_in(Mode::Header).await.access_token();
    for (request, status) in [
        (Req::new("HEAD", "/any-method").bearer(&token), 200),
        (Req::new("HEAD", "/any-method"), 401),
    ] {
        let mut connection = app.connect().await;
        let reply = connection.send(&request).await;
        assert_eq!(reply.status, status, "{reply:?}");
        // A body would be taken for the beginning of the next response.
        let reply = connection.send(&Req::post("/echo").body("next")).await;
        assert_eq!((reply.status, reply.text()), (200, "next"), "{request:?}");
    }
}

async fn a_method_that_no_route_has_passes_on_to_the_application(harness: Harness) {
    let app = start_email_password(&harness).await;
    for (method, path) in [
        ("GET", "/auth/signin"),
        ("OPTIONS", "/auth/signin"),
        ("HEAD", "/auth/signin"),
        ("HEAD", "/auth/jwt/jwks.json"),
        ("OPTIONS", "/auth/session/refresh"),
        ("GET", "/auth/signout"),
        ("GET", "/auth/session/refresh"),
        ("PROPFIND", "/auth/signin"),
        ("PROPFIND", "/nowhere"),
    ] {
        let reply = app.send(Req::new(method, path)).await;
        assert!((400..500).contains(&reply.status), "{method} {path}: {reply:?}");
        reply.expect_tokens_untouched();
    }
    let reply = app.send(Req::get("/auth/not-a-route").header("rid", "emailpassword")).await;
    assert_eq!(reply.status, 200, "the application's own route below the base path");
}

async fn cookies_may_come_in_several_header_lines(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = app.sign_in(Mode::Cookie).await;
    let access = format!("sAccessToken={}", front_end.access_token());
    let refresh = format!("sRefreshToken={}", front_end.refresh_token());
    let lines = |path: &str| Req::get(path).cookie("a=1; b=2").cookie("c=3");
    let reply = app.send(lines("/sessioninfo").cookie(access.as_str()).cookie("d=4")).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let reply = app.send(lines("/sessioninfo").cookie(access.as_str()).cookie(access)).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let request = Req::post("/auth/session/refresh").cookie("a=1").cookie(refresh).cookie("b=2");
    app.send(request).await.expect(200, &json!({}));
}

async fn hundreds_of_values_are_neither_lost_nor_reordered(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = app.sign_in(Mode::Cookie).await;
    let mut cookies: Vec<String> =
        (0..200).map(|number| format!("own-{number}={number}")).collect();
    cookies.push(format!("sAccessToken={}", front_end.access_token()));
    let line = cookies.join("; ");
    let request = Req::get("/sessioninfo").cookie(line).header("x-many", "1, ".repeat(200));
    let request = (0..60).fold(request, |request, number| request.header("x-own", [number + 48]));
    assert_eq!(app.send(request).await.status, 200);

    let request = Req::get("/many-headers").header("st-auth-mode", "cookie");
    let reply = app.send(request).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let numbers: Vec<String> = (0..200).map(|number| number.to_string()).collect();
    assert_eq!(reply.header_values("x-many"), numbers);
    let cookies = reply.cookies();
    assert_eq!(cookies.len(), 202, "those of the session are added");
    let own: Vec<&str> = cookies
        .iter()
        .filter(|cookie| cookie.name.starts_with("own-"))
        .map(|cookie| cookie.value.as_str())
        .collect();
    assert_eq!(own, numbers);
}

async fn a_header_of_bytes_that_are_no_text_disturbs_nothing(harness: Harness) {
    let app = start_email_password(&harness).await;
    let token = app.sign_in(Mode::Header).await.access_token();
    for name in ["x-own", "rid", "st-auth-mode", "anti-csrf", "fdi-version", "cookie"] {
        let odd = |request: Req| request.header(name, *b"\xff\xfe\x80");
        let reply = app.send(odd(Req::get("/sessioninfo").bearer(&token))).await;
        assert_eq!(reply.status, 200, "{name}: {reply:?}");
        let reply = app.send(odd(Req::post("/auth/signin").json(&form(EMAIL, PASSWORD)))).await;
        reply.expect(200, &json!({ "status": "WRONG_CREDENTIALS_ERROR" }));
    }
    let reply = app.send(Req::get("/sessioninfo").header("authorization", *b"Bearer \xff")).await;
    reply.expect_message(401, "unauthorised");
}

async fn a_handler_that_panics_harms_its_own_request_only(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = app.sign_in(Mode::Cookie).await;
    for _ in 0..3 {
        let mut connection = app.connect().await;
        connection.write(&front_end.with_tokens(Req::post("/panic")).to_bytes()).await;
        // A server may also hang up in place of answering.
        if let Some(reply) = connection.reply("POST").await {
            assert_eq!(reply.status, 500, "{reply:?}");
            assert!(!reply.text().contains("worst way"), "the reason is for the log: {reply:?}");
        }
        let reply = app.send(front_end.with_tokens(Req::get("/session-check-db"))).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }
}

fn mounted() -> Setup {
    let app_info =
        AppInfo::new("Conformance", "https://api.example.com", "https://www.example.com");
    with_email_password()
        .app_info(app_info.api_base_path("/mounted/auth"))
        .mounted_below("/mounted")
}

async fn an_application_below_a_prefix_works_with_its_whole_paths(harness: Harness) {
    let app = harness.start(mounted()).await;
    for mode in Mode::BOTH {
        let reply = app.send(Req::post("/auth/signup").json(&form(EMAIL, PASSWORD))).await;
        assert_eq!(reply.status, 404, "nothing lies outside: {reply:?}");
        let mut front_end = app.front_end(mode);
        let email = format!("{mode:?}@example.com");
        let request = Req::post("/mounted/auth/signup").json(&form(&email, PASSWORD));
        let reply = front_end.send(&app, request).await;
        assert_eq!(reply.json()["status"], "OK", "{reply:?}");
        if mode == Mode::Cookie {
            let path = reply.cookie("sRefreshToken").path;
            assert_eq!(path.as_deref(), Some("/mounted/auth/session/refresh"));
        }
        let reply = front_end.send(&app, Req::get("/mounted/sessioninfo")).await;
        assert_eq!(reply.json()["sessionHandle"], front_end.handle());
        let reply = front_end.send(&app, Req::post("/mounted/auth/session/refresh")).await;
        reply.expect(200, &json!({}));
        let reply = front_end.send(&app, Req::get("/mounted/session-check-db")).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let reply = front_end.send(&app, Req::post("/mounted/auth/signout")).await;
        reply.expect(200, &json!({ "status": "OK" }));
    }
}

async fn below_a_prefix_a_check_on_the_refresh_path_refreshes(harness: Harness) {
    let setup = mounted().session(|session| session.disable_api(SessionApi::RefreshPost));
    let app = harness.start(setup).await;
    let mut front_end = app.front_end(Mode::Header);
    front_end.send(&app, Req::post("/mounted/create-session")).await;
    let before = front_end.refresh_token();
    let reply = front_end.send(&app, Req::post("/mounted/auth/session/refresh")).await;
    assert_eq!(reply.json()["userId"], "ada", "the application's own handler answers: {reply:?}");
    assert_ne!(front_end.refresh_token(), before);
}

async fn two_handles_in_one_process_know_nothing_of_each_other(harness: Harness) {
    let plain = start_email_password(&harness).await;
    let other_names = with_email_password().session(|session| {
        session.get_cookie_name_for_token_type(|_, token| match token {
            TokenType::Access => "other-access".to_owned(),
            TokenType::Refresh => "other-refresh".to_owned(),
        })
    });
    let named = harness.start(other_names).await;
    let (mut one, _) = sign_up(&plain, Mode::Cookie, "/auth/signup").await;
    let (_, reply) = sign_up(&named, Mode::Cookie, "/auth/signup").await;
    let mut names: Vec<String> = reply.cookies().into_iter().map(|cookie| cookie.name).collect();
    names.retain(|name| name != "sKnownDevice");
    assert_eq!(names, ["other-access", "other-refresh"]);

    let by_header =
        async |app: &App, token: &str| app.send(Req::get("/sessioninfo").bearer(token)).await;
    by_header(&named, &one.access_token()).await.expect_message(401, "try refresh token");
    let other = reply.cookie("other-access").value;
    by_header(&plain, &other).await.expect_message(401, "try refresh token");
    assert_eq!(by_header(&named, &other).await.status, 200);
    assert_eq!(one.refresh(&plain).await.status, 200);
    plain.advance_secs(3600);
    assert_eq!(by_header(&named, &other).await.status, 200, "the other clock stands still");
}
