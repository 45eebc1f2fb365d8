//! Which requests are ours.

use auth_core::{
    AppInfo,
    recipes::emailpassword::{EmailPasswordApi, EmailPasswordRecipe},
};
use serde_json::json;

use super::{
    cases,
    support::{
        EMAIL, PASSWORD, form, sign_up, start_email_password, with_email_password, with_recipe,
    },
};
use crate::{
    App, Harness, Setup,
    client::{Mode, Reply, Req},
};

cases! {
    "fdi-3-base-path" => a_base_path_of_the_application_s_choice_is_in_front_of_every_route,
    "fdi-3-base-path" => a_base_path_of_a_slash_leaves_the_application_s_routes_alone,
    "fdi-3-gateway-path" => a_gateway_s_path_is_in_cookies_and_not_in_requests,
    "fdi-5.1-3" => a_path_outside_of_the_base_path_passes_on,
    "fdi-5.1-4" => any_rid_finds_the_route,
    "fdi-5.1-6" => an_exact_path_wins_over_a_tenant_s,
    "fdi-5.1-6" => the_default_tenant_may_be_named_and_an_unknown_one_is_bad_input,
    "fdi-5.1-6" => where_the_tenant_does_not_count_any_is_accepted,
    "fdi-5.1-7" => a_disabled_api_s_requests_pass_on_unread,
    "fdi-5.1-path" => a_trailing_slash_and_the_query_do_not_count_and_the_case_does,
    "fdi-5.1-path" => percent_encoded_and_malformed_paths_pass_on,
    "fdi-5.1-path" => a_request_of_the_application_passes_on_unread,
    "fdi-2.2-cors" => a_preflight_request_is_the_application_s,
}

/// Whether the answer is a form's: it misses its fields.
#[track_caller]
fn expect_form(reply: &Reply) {
    reply.expect_message(400, "Missing input param: formFields");
}

#[track_caller]
fn expect_passed_on(reply: &Reply) {
    assert!([404, 405].contains(&reply.status), "{reply:?}");
    reply.expect_tokens_untouched();
}

fn app_info() -> AppInfo {
    AppInfo::new("Conformance", "https://api.example.com", "https://www.example.com")
}

/// Signs up, refreshes and signs out below a base path.
async fn main_job(app: &App, base: &str, cookie_path: &str) {
    let path = |path: &str| Req::post(&format!("{base}{path}"));
    for mode in Mode::BOTH {
        let mut front_end = app.front_end(mode);
        let email = format!("{mode:?}@example.com");
        let reply = front_end.send(app, path("/signup").json(&form(&email, PASSWORD))).await;
        assert_eq!((reply.status, &reply.json()["status"]), (200, &json!("OK")), "{reply:?}");
        if mode == Mode::Cookie {
            assert_eq!(reply.cookie("sRefreshToken").path.as_deref(), Some(cookie_path));
        }
        let refresh = match mode {
            Mode::Header => front_end.send(app, path("/session/refresh")).await,
            // What a browser asks for may have another path than what arrives.
            Mode::Cookie => {
                let line = format!("sRefreshToken={}", front_end.refresh_token());
                let reply = app.send(path("/session/refresh").cookie(line)).await;
                front_end.keep(&reply);
                reply
            }
        };
        refresh.expect(200, &json!({}));
        let reply = front_end.send(app, Req::get("/session-check-db")).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let reply = front_end.send(app, path("/signout")).await;
        reply.expect(200, &json!({ "status": "OK" }));
    }
}

async fn a_base_path_of_the_application_s_choice_is_in_front_of_every_route(harness: Harness) {
    for configured in ["/api/sign-in", "api/sign-in/"] {
        let setup = with_email_password().app_info(app_info().api_base_path(configured));
        let app = harness.start(setup).await;
        main_job(&app, "/api/sign-in", "/api/sign-in/session/refresh").await;
        let reply = app.send(Req::post("/auth/signup").body("mine")).await;
        assert_eq!((reply.status, reply.text()), (200, "mine"), "the application's own");
        let payload = app.sign_in(Mode::Header).await.payload();
        assert_eq!(payload["iss"], "https://api.example.com/api/sign-in");
    }
}

async fn a_base_path_of_a_slash_leaves_the_application_s_routes_alone(harness: Harness) {
    for configured in ["/", ""] {
        let setup = with_email_password().app_info(app_info().api_base_path(configured));
        let app = harness.start(setup).await;
        main_job(&app, "", "/session/refresh").await;
        let reply = app.send(Req::post("/echo").body("mine")).await;
        assert_eq!((reply.status, reply.text()), (200, "mine"));
        expect_form(&app.send(Req::post("/public/signup")).await);
        expect_passed_on(&app.send(Req::get("/nowhere")).await);
        assert_eq!(app.send(Req::get("/jwt/jwks.json")).await.status, 200);
    }
}

async fn a_gateway_s_path_is_in_cookies_and_not_in_requests(harness: Harness) {
    let gateway = || app_info().api_gateway_path("/gateway");
    let setup = with_email_password().app_info(gateway().api_base_path("/sign-in"));
    let app = harness.start(setup).await;
    main_job(&app, "/sign-in", "/gateway/sign-in/session/refresh").await;
    let app = harness.start(with_email_password().app_info(gateway())).await;
    main_job(&app, "/auth", "/gateway/auth/session/refresh").await;
    let payload = app.sign_in(Mode::Header).await.payload();
    assert_eq!(payload["iss"], "https://api.example.com/gateway/auth");
    let discovery = app.send(Req::get("/auth/.well-known/openid-configuration")).await.json();
    assert_eq!(discovery["jwks_uri"], "https://api.example.com/gateway/auth/jwt/jwks.json");
}

async fn a_path_outside_of_the_base_path_passes_on(harness: Harness) {
    let app = start_email_password(&harness).await;
    for path in
        ["/signin", "/authx/signin", "/auth", "/auth/", "/authsignin", "/x/auth/signin", "/"]
    {
        expect_passed_on(&app.send(Req::post(path)).await);
    }
    let reply = app.send(Req::get("/auth/not-a-route")).await;
    assert_eq!(reply.status, 200, "the application may have routes below the base path");
}

async fn any_rid_finds_the_route(harness: Harness) {
    let app = start_email_password(&harness).await;
    for rid in [
        "emailpassword",
        "anti-csrf",
        "session",
        "thirdpartyemailpassword",
        "thirdpartypasswordless",
        "nonsense",
        "",
        "emailpassword, session",
    ] {
        expect_form(&app.send(Req::post("/auth/signin").header("rid", rid)).await);
        let reply = app.send(Req::post("/auth/session/refresh").header("rid", rid)).await;
        reply.expect_message(401, "unauthorised");
    }
}

async fn an_exact_path_wins_over_a_tenant_s(harness: Harness) {
    // `signup` could be a tenant, and `/email/exists` a path.
    let app = start_email_password(&harness).await;
    let reply = app.send(Req::get("/auth/signup/email/exists?email=a%40example.com")).await;
    reply.expect(200, &json!({ "status": "OK", "exists": false }));
}

async fn the_default_tenant_may_be_named_and_an_unknown_one_is_bad_input(harness: Harness) {
    let app = start_email_password(&harness).await;
    let (front_end, _) = sign_up(&app, Mode::Header, "/auth/public/signup").await;
    assert_eq!(front_end.payload()["tId"], "public");
    sign_in_by(&app, "/auth/signin").await;
    sign_in_by(&app, "/auth/public/signin").await;
    for path in ["/auth/nowhere/signup", "/auth/no-where1/signin"] {
        let reply = app.send(Req::post(path).json(&form(EMAIL, PASSWORD))).await;
        assert_eq!(reply.status, 400, "{path}: {reply:?}");
        assert!(reply.json()["message"].is_string());
        reply.expect_tokens_untouched();
    }
    let path = "/auth/nowhere/emailpassword/email/exists?email=x";
    assert_eq!(app.send(Req::get(path)).await.status, 400);
    for path in ["/auth/a_b/signin", "/auth/a.b/signin", "/auth/a%20b/signin", "/auth/a/b/signin"] {
        expect_passed_on(&app.send(Req::post(path).json(&form(EMAIL, PASSWORD))).await);
    }
}

async fn sign_in_by(app: &App, path: &str) {
    let reply = app.send(Req::post(path).json(&form(EMAIL, PASSWORD))).await;
    assert_eq!(reply.json()["status"], "OK", "{path}: {reply:?}");
}

async fn where_the_tenant_does_not_count_any_is_accepted(harness: Harness) {
    let app = harness.start_default().await;
    let mut front_end = app.sign_in(Mode::Header).await;
    let refresh = Req::post("/auth/t1/session/refresh");
    app.send(refresh.bearer(&front_end.refresh_token())).await.expect(200, &json!({}));
    let reply = front_end.send(&app, Req::post("/auth/t1/signout")).await;
    reply.expect(200, &json!({ "status": "OK" }));
}

async fn a_disabled_api_s_requests_pass_on_unread(harness: Harness) {
    let app = harness
        .start(with_recipe(|| {
            EmailPasswordRecipe::new()
                .disable_api(EmailPasswordApi::SignUpPost)
                .disable_api(EmailPasswordApi::EmailExistsGet)
        }))
        .await;
    let body = vec![b'x'; 200_000];
    let reply = app.send(Req::post("/auth/signup").body(body.clone())).await;
    assert!(reply.status == 200 && reply.body == body, "{}", reply.status);
    for path in ["/auth/emailpassword/email/exists", "/auth/signup/email/exists"] {
        expect_passed_on(&app.send(Req::get(path)).await);
    }
    expect_form(&app.send(Req::post("/auth/signin")).await);
}

async fn a_trailing_slash_and_the_query_do_not_count_and_the_case_does(harness: Harness) {
    let app = start_email_password(&harness).await;
    for path in ["/auth/signin/", "/auth/signin?a=b", "/auth/signin/?", "/auth/signin?/auth/x"] {
        expect_form(&app.send(Req::post(path)).await);
    }
    for path in ["/auth/SignIn", "/AUTH/signin", "/auth/signin/x"] {
        expect_passed_on(&app.send(Req::post(path)).await);
    }
}

async fn percent_encoded_and_malformed_paths_pass_on(harness: Harness) {
    let app = start_email_password(&harness).await;
    for path in [
        "/auth/%73ignin",
        "/%61uth/signin",
        "/auth%2Fsignin",
        "/auth/signin%2F",
        "/auth/signin%00",
        "/auth/%FF/signin",
        "/auth/%FF",
        "/%FF%FE",
        "/auth/%",
        "/auth/%zz/signin",
    ] {
        let reply = app.send(Req::post(path)).await;
        assert!((400..500).contains(&reply.status), "{path}: {reply:?}");
        reply.expect_tokens_untouched();
    }
    for line in
        [&b"POST /auth/\xff\xfe/signin HTTP/1.1"[..], b"GET /\xc3\x28 HTTP/1.1", b"GET \xff"]
    {
        let mut connection = app.connect().await;
        connection.write(line).await;
        connection.write(b"\r\nhost: a\r\ncontent-length: 0\r\n\r\n").await;
        connection.hang_up().await;
        if let Some(reply) = connection.reply("POST").await {
            assert!((400..500).contains(&reply.status), "{line:?}: {reply:?}");
        }
    }
    expect_form(&app.send(Req::post("/auth/signin")).await);
}

async fn a_request_of_the_application_passes_on_unread(harness: Harness) {
    let app = start_email_password(&harness).await;
    let body: Vec<u8> = (0..1024 * 1024_u32).map(|number| number.to_le_bytes()[0]).collect();
    let reply = app.send(Req::post("/echo").body(body.clone())).await;
    assert_eq!(reply.status, 200);
    assert!(reply.body == body, "the body came back changed");
}

async fn a_preflight_request_is_the_application_s(harness: Harness) {
    let app = harness.start(Setup::two_sites()).await;
    let preflight = Req::new("OPTIONS", "/auth/session/refresh")
        .header("origin", "https://www.example.org")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "rid,st-auth-mode,fdi-version");
    expect_passed_on(&app.send(preflight).await);
    let mut names: Vec<String> =
        app.auth.get_all_cors_headers().iter().map(ToString::to_string).collect();
    names.sort_unstable();
    // Those that the wire names, and a device's own.
    let expected =
        ["anti-csrf", "authorization", "fdi-version", "rid", "st-auth-mode", "st-known-device"];
    assert_eq!(names, expected);
}
