//! What depends on the version of a front end, and on the session that it sends along.

use serde_json::{Value, json};

use super::{
    cases,
    email_password::count,
    support::{EMAIL, PASSWORD, form, sign_up, start_email_password, with_email_password},
};
use crate::{
    App, Harness, START_MS,
    client::{Mode, Req},
};

cases! {
    "fdi-1.0-session" => a_sign_in_disregards_the_session_unless_the_client_names_it,
    "fdi-1.0-session" => a_sign_up_that_is_to_be_linked_needs_a_session,
    "fdi-1.0-session" => front_ends_before_fdi_3_1_keep_their_session_where_it_is_the_same_user_s,
    "fdi-1.0-session" => front_ends_before_fdi_3_1_are_told_to_refresh_an_expired_session,
    "fdi-1.0-session" => a_session_s_tenant_takes_the_place_of_the_path_s,
    "fdi-0-user" => front_ends_before_fdi_3_read_the_legacy_user,
    "fdi-0-version" => the_highest_version_of_a_list_counts,
}

fn linking(mut form: Value, wanted: &Value) -> Value {
    form["shouldTryLinkingWithSessionUser"] = wanted.clone();
    form
}

async fn a_sign_in_disregards_the_session_unless_the_client_names_it(harness: Harness) {
    let app = start_email_password(&harness).await;
    let (front_end, _) = sign_up(&app, Mode::Cookie, "/auth/signup").await;
    let form = form(EMAIL, PASSWORD);
    app.advance_secs(4000);
    for body in [form.clone(), linking(form.clone(), &json!(false)), linking(form, &json!("true"))]
    {
        for version in [None, Some("3.1"), Some("1.16,4.2")] {
            let request = front_end.prepare(Req::post("/auth/signin").json(&body));
            let request = match version {
                Some(version) => request.header("fdi-version", version),
                None => request,
            };
            let reply = app.send(request).await;
            assert_eq!(reply.json()["status"], "OK", "an expired token is overwritten: {reply:?}");
            assert!(!reply.cookie("sAccessToken").is_cleared());
        }
    }
}

async fn a_sign_up_that_is_to_be_linked_needs_a_session(harness: Harness) {
    let app = start_email_password(&harness).await;
    let body = linking(form(EMAIL, PASSWORD), &json!(true));
    for path in ["/auth/signup", "/auth/signin"] {
        let reply = app.send(Req::post(path).json(&body)).await;
        reply.expect_message(401, "unauthorised");
        reply.expect_tokens_untouched();
    }
    assert_eq!(count(&app).await, 0);
    let front_end = app.sign_in(Mode::Header).await;
    app.advance_secs(3600);
    let reply = app.send(front_end.with_tokens(Req::post("/auth/signup").json(&body))).await;
    reply.expect_message(401, "try refresh token");
    assert_eq!(count(&app).await, 0);
    // Without account linking it is a mistake of the application's.
    let (front_end, _) = sign_up(&app, Mode::Header, "/auth/signup").await;
    let second = linking(form("second@example.com", PASSWORD), &json!(true));
    let reply = app.send(front_end.prepare(Req::post("/auth/signup").json(&second))).await;
    assert_eq!(reply.status, 500, "{reply:?}");
    assert_eq!(count(&app).await, 1);
    // To front ends before FDI 3.1 the member means nothing.
    let request = Req::post("/auth/signin").header("fdi-version", "3.0").json(&body);
    assert_eq!(app.send(request).await.json()["status"], "OK");
}

async fn front_ends_before_fdi_3_1_keep_their_session_where_it_is_the_same_user_s(
    harness: Harness,
) {
    let app = start_email_password(&harness).await;
    let (front_end, _) = sign_up(&app, Mode::Header, "/auth/signup").await;
    let other = form("bob@example.com", PASSWORD);
    app.send(Req::post("/auth/signup").json(&other)).await;
    let send = |body: &Value| {
        let request = Req::post("/auth/signin").header("fdi-version", "3.0").json(body);
        app.send(front_end.prepare(request))
    };
    let reply = send(&form(EMAIL, PASSWORD)).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
    reply.expect_tokens_untouched();
    let reply = send(&other).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
    assert!(reply.header("st-access-token").is_some(), "another user, another session");
}

async fn front_ends_before_fdi_3_1_are_told_to_refresh_an_expired_session(harness: Harness) {
    let app = start_email_password(&harness).await;
    let (front_end, _) = sign_up(&app, Mode::Header, "/auth/signup").await;
    app.advance_secs(3600);
    let request = Req::post("/auth/signin").json(&form(EMAIL, PASSWORD));
    let reply = app.send(front_end.with_tokens(request.header("fdi-version", "2.0"))).await;
    reply.expect_message(401, "try refresh token");
    reply.expect_tokens_untouched();
}

async fn a_session_s_tenant_takes_the_place_of_the_path_s(harness: Harness) {
    let app = start_email_password(&harness).await;
    let (front_end, _) = sign_up(&app, Mode::Header, "/auth/signup").await;
    let request = Req::post("/auth/nowhere/signin").json(&form(EMAIL, PASSWORD));
    let request = request.header("fdi-version", "3.0");
    assert_eq!(app.send(request.clone()).await.status, 400, "there is no such tenant");
    let reply = app.send(front_end.with_tokens(request)).await;
    assert_eq!((reply.status, &reply.json()["status"]), (200, &json!("OK")), "{reply:?}");
}

async fn user_for(app: &App, version: Option<&str>) -> Value {
    let request = Req::post("/auth/signin").json(&form(EMAIL, PASSWORD));
    let request = match version {
        Some(version) => request.header("fdi-version", version),
        None => request,
    };
    app.send(request).await.json()["user"].clone()
}

async fn front_ends_before_fdi_3_read_the_legacy_user(harness: Harness) {
    let app = harness.start(with_email_password()).await;
    let (_, reply) = sign_up(&app, Mode::Header, "/auth/signup").await;
    let user = reply.json()["user"].clone();
    let legacy = json!({ "id": user["id"], "timeJoined": START_MS, "email": EMAIL });
    for version in ["1.0", "1.17", "2.0", "2.9"] {
        assert_eq!(user_for(&app, Some(version)).await, legacy, "{version}");
    }
    for version in [None, Some("1.18"), Some("1.19"), Some("3.0"), Some("4.2"), Some("10.0")] {
        assert_eq!(user_for(&app, version).await, user, "{version:?}");
    }
    for (version, is_legacy) in [("2.0", true), ("1.17", true), ("1.18", false)] {
        let body = form(&format!("at-{version}@example.com"), PASSWORD);
        let request = Req::post("/auth/signup").header("fdi-version", version).json(&body);
        let user = app.send(request).await.json()["user"].clone();
        assert_eq!(user.get("loginMethods").is_none(), is_legacy, "{version}: {user}");
        assert_eq!(user.get("email").is_some(), is_legacy, "{version}: {user}");
    }
}

async fn the_highest_version_of_a_list_counts(harness: Harness) {
    let app = start_email_password(&harness).await;
    sign_up(&app, Mode::Header, "/auth/signup").await;
    for (version, is_legacy) in [
        ("1.16,2.0", true),
        ("1.9,1.17", true),
        ("2.0, 3.0", false),
        ("3.0,1.16", false),
        ("1.18,1.9", false),
        ("nonsense", false),
        ("", false),
    ] {
        let user = user_for(&app, Some(version)).await;
        assert_eq!(user.get("loginMethods").is_none(), is_legacy, "{version}: {user}");
    }
}
