//! Signing up and in by email and password.

use serde_json::{Value, json};

use super::{
    cases,
    support::{
        EMAIL, PASSWORD, field_error, form, sign_up, start_email_password, with_email_password,
    },
};
use crate::{
    App, Harness, START_MS,
    client::{Mode, Reply, Req},
};

cases! {
    "fdi-1.1-1" => a_new_user_is_created_and_signed_in,
    "fdi-1.1-1" => a_taken_address_is_a_field_error,
    "fdi-1.1-1" => a_fake_address_counts_as_taken,
    "fdi-1.1-1" => of_two_sign_ups_that_race_for_an_address_one_wins,
    "fdi-1.1-2" => the_right_password_starts_a_session,
    "fdi-1.1-2" => a_wrong_password_and_an_unknown_address_get_the_same_answer,
    "fdi-1.1-2" => a_password_is_compared_to_its_last_byte,
    "fdi-1.1-5" => email_exists_tells_by_both_paths,
    "fdi-1.1-5" => email_exists_wants_the_address_in_the_query,
    "fdi-1.0-session" => a_sign_in_disregards_the_session_unless_the_client_names_it,
    "fdi-1.0-session" => a_sign_up_that_is_to_be_linked_needs_a_session,
    "fdi-1.0-session" => front_ends_before_fdi_3_1_keep_their_session_where_it_is_the_same_user_s,
    "fdi-1.0-session" => front_ends_before_fdi_3_1_are_told_to_refresh_an_expired_session,
    "fdi-1.0-session" => a_session_s_tenant_takes_the_place_of_the_path_s,
    "fdi-0-user" => front_ends_before_fdi_3_read_the_legacy_user,
    "fdi-0-version" => the_highest_version_of_a_list_counts,
}

async fn sign_in(app: &App, email: &str, password: &str) -> Reply {
    app.send(Req::post("/auth/signin").json(&form(email, password))).await
}

async fn count(app: &App) -> u64 {
    app.auth.get_user_count(None, None).await.expect("a count")
}

async fn a_new_user_is_created_and_signed_in(harness: Harness) {
    let app = start_email_password(&harness).await;
    for (mode, email) in [(Mode::Cookie, " Ada@Example.com "), (Mode::Header, "BOB@example.com")] {
        let mut front_end = app.front_end(mode);
        let request = Req::post("/auth/signup").json(&form(email, PASSWORD));
        let reply = front_end.send(&app, request).await;
        let payload = front_end.payload();
        let (id, email) = (&payload["sub"], email.trim().to_lowercase());
        let user = json!({
            "id": id, "isPrimaryUser": false, "tenantIds": ["public"], "timeJoined": START_MS,
            "emails": [email], "phoneNumbers": [], "thirdParty": [],
            "webauthn": { "credentialIds": [] },
            "loginMethods": [{
                "recipeId": "emailpassword", "recipeUserId": id, "tenantIds": ["public"],
                "email": email, "timeJoined": START_MS, "verified": false,
            }],
        });
        reply.expect(200, &json!({ "status": "OK", "user": user }));
        assert_eq!((&payload["rsub"], &payload["tId"]), (id, &json!("public")));
        assert_eq!(front_end.front_token.as_ref().expect("a front token")["uid"], *id);
        assert!(reply.exposed().contains(&"front-token"));
        let reply = front_end.send(&app, Req::get("/session-check-db")).await;
        assert_eq!(reply.json()["userId"], *id);
    }
}

async fn a_taken_address_is_a_field_error(harness: Harness) {
    let app = start_email_password(&harness).await;
    sign_up(&app, Mode::Header, "/auth/signup").await;
    let text = "This email already exists. Please sign in instead.";
    for email in [EMAIL, "ADA@example.com", " ada@example.com\t"] {
        let reply = app.send(Req::post("/auth/signup").json(&form(email, "another word 2"))).await;
        reply.expect(200, &field_error(&[("email", text)]));
        reply.expect_tokens_untouched();
    }
    assert_eq!(sign_in(&app, EMAIL, PASSWORD).await.json()["status"], "OK", "nothing has changed");
    assert_eq!(count(&app).await, 1);
}

async fn a_fake_address_counts_as_taken(harness: Harness) {
    let app = start_email_password(&harness).await;
    for email in ["x@stfakeemail.supertokens.com", "x@google.fakeemail.com"] {
        let reply = app.send(Req::post("/auth/signup").json(&form(email, PASSWORD))).await;
        assert_eq!(reply.json()["formFields"][0]["id"], "email", "{reply:?}");
        reply.expect_tokens_untouched();
    }
    assert_eq!(count(&app).await, 0);
}

async fn of_two_sign_ups_that_race_for_an_address_one_wins(harness: Harness) {
    let app = start_email_password(&harness).await;
    // Which of them wins is no matter of the wire, so no transcript keeps it.
    let request = Req::post("/auth/signup").json(&form(EMAIL, PASSWORD));
    let send = async || app.connect().await.send(&request).await;
    let (one, two) = tokio::join!(send(), send());
    let mut statuses = [one.json()["status"].clone(), two.json()["status"].clone()];
    statuses.sort_by_key(Value::to_string);
    assert_eq!(statuses, ["FIELD_ERROR", "OK"]);
    assert_eq!(count(&app).await, 1);
}

async fn the_right_password_starts_a_session(harness: Harness) {
    let app = start_email_password(&harness).await;
    let (first, reply) = sign_up(&app, Mode::Cookie, "/auth/signup").await;
    let user = reply.json()["user"].clone();
    for mode in Mode::BOTH {
        let mut front_end = app.front_end(mode);
        let request = Req::post("/auth/signin").json(&form(" ADA@example.com ", PASSWORD));
        let reply = front_end.send(&app, request).await;
        reply.expect(200, &json!({ "status": "OK", "user": user }));
        assert_ne!(front_end.handle(), first.handle());
        let reply = front_end.send(&app, Req::get("/session-check-db")).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }
}

async fn a_wrong_password_and_an_unknown_address_get_the_same_answer(harness: Harness) {
    let app = start_email_password(&harness).await;
    sign_up(&app, Mode::Header, "/auth/signup").await;
    for (email, password) in
        [(EMAIL, "wrong"), ("other@example.com", PASSWORD), ("x@google.fakeemail.com", PASSWORD)]
    {
        let reply = sign_in(&app, email, password).await;
        reply.expect(200, &json!({ "status": "WRONG_CREDENTIALS_ERROR" }));
        reply.expect_tokens_untouched();
    }
}

async fn a_password_is_compared_to_its_last_byte(harness: Harness) {
    let app = start_email_password(&harness).await;
    // Longer than bcrypt reads, with what trimming or normalising would change.
    let password = format!(" \u{1f511} e\u{301} \0 {}1 ", "long".repeat(20));
    let reply = app.send(Req::post("/auth/signup").json(&form(EMAIL, &password))).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
    assert_eq!(sign_in(&app, EMAIL, &password).await.json()["status"], "OK");
    for wrong in [
        password.trim().to_owned(),
        password.replace("e\u{301}", "\u{e9}"),
        password.replace("1 ", "2 "),
        password.to_uppercase(),
        password.replace('\0', ""),
    ] {
        let reply = sign_in(&app, EMAIL, &wrong).await;
        reply.expect(200, &json!({ "status": "WRONG_CREDENTIALS_ERROR" }));
    }
}

async fn email_exists_tells_by_both_paths(harness: Harness) {
    let app = start_email_password(&harness).await;
    sign_up(&app, Mode::Header, "/auth/signup").await;
    for path in ["/auth/emailpassword/email/exists", "/auth/signup/email/exists"] {
        for (email, exists) in [
            ("ada%40example.com", true),
            ("ADA@example.com+", true),
            ("other@example.com", false),
            ("%FF", false),
            ("", false),
        ] {
            let reply = app.send(Req::get(&format!("{path}?x=1&email={email}"))).await;
            reply.expect(200, &json!({ "status": "OK", "exists": exists }));
            reply.expect_tokens_untouched();
        }
    }
}

async fn email_exists_wants_the_address_in_the_query(harness: Harness) {
    let app = start_email_password(&harness).await;
    for path in ["/auth/emailpassword/email/exists", "/auth/signup/email/exists"] {
        for query in ["", "?", "?Email=a", "?e=x"] {
            let reply = app.send(Req::get(&format!("{path}{query}"))).await;
            reply.expect_message(400, "Please provide the email as a GET param");
        }
    }
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
