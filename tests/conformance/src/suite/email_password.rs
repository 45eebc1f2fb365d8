//! Signing up and in by email and password.

use auth_core::{
    GetUserCountInput,
    recipes::emailpassword::{SignUpInput, SignUpOutcome},
};
use serde_json::{Value, json};

use super::{
    cases,
    support::{EMAIL, PASSWORD, field_error, form, lines, sign_up, start_email_password},
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
    "fdi-1.1-2" => a_sign_in_ends_the_session_that_it_came_with_where_it_starts_another,
    "fdi-1.1-2" => a_wrong_password_and_an_unknown_address_get_the_same_answer,
    "fdi-1.1-2" => a_fake_address_starts_no_session_whatever_account_it_has,
    "fdi-1.1-2" => a_common_password_from_before_still_gets_its_user_in,
    "fdi-1.1-2" => a_password_is_compared_to_its_last_byte,
    "fdi-1.1-5" => email_exists_tells_by_both_paths,
    "fdi-1.1-5" => email_exists_wants_the_address_in_the_query,
}

async fn sign_in(app: &App, email: &str, password: &str) -> Reply {
    app.send(Req::post("/auth/signin").json(&form(email, password))).await
}

pub(super) async fn count(app: &App) -> u64 {
    app.auth.get_user_count(GetUserCountInput::new()).await.expect("a count")
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

async fn a_sign_in_ends_the_session_that_it_came_with_where_it_starts_another(harness: Harness) {
    let app = start_email_password(&harness).await;
    sign_up(&app, Mode::Header, "/auth/signup").await;
    for mode in Mode::BOTH {
        let right = form(EMAIL, PASSWORD);
        let (mut front_end, mut elsewhere) = (app.front_end(mode), app.front_end(mode));
        for front_end in [&mut front_end, &mut elsewhere] {
            front_end.send(&app, Req::post("/auth/signin").json(&right)).await;
        }
        let mut before = front_end.clone();
        // A failed attempt ends nothing.
        let wrong = form(EMAIL, "wrong password 1");
        front_end.send(&app, Req::post("/auth/signin").json(&wrong)).await;
        let is_there = Req::get("/session-check-db");
        assert_eq!(app.send(before.with_tokens(is_there)).await.status, 200);
        // With a token that has expired, too.
        app.advance_secs(4000);
        front_end.send(&app, Req::post("/auth/signin").json(&right)).await;
        assert_ne!(front_end.handle(), before.handle());
        before.refresh(&app).await.expect_message(401, "unauthorised");
        front_end.refresh(&app).await.expect(200, &json!({}));
        elsewhere.refresh(&app).await.expect(200, &json!({}));
    }
}

async fn a_wrong_password_and_an_unknown_address_get_the_same_answer(harness: Harness) {
    let app = start_email_password(&harness).await;
    sign_up(&app, Mode::Header, "/auth/signup").await;
    let mut headers = Vec::new();
    for (email, password) in
        [(EMAIL, "wrong"), ("other@example.com", PASSWORD), ("x@google.fakeemail.com", PASSWORD)]
    {
        let reply = sign_in(&app, email, password).await;
        reply.expect(200, &json!({ "status": "WRONG_CREDENTIALS_ERROR" }));
        reply.expect_tokens_untouched();
        headers.push(lines(&reply));
    }
    assert!(headers.iter().all(|lines| *lines == headers[0]), "{headers:?}");
}

async fn a_fake_address_starts_no_session_whatever_account_it_has(harness: Harness) {
    let app = start_email_password(&harness).await;
    let (front_end, _) = sign_up(&app, Mode::Header, "/auth/signup").await;
    let fake = "x@stfakeemail.supertokens.com";
    let emailpassword = app.auth.emailpassword().expect("the recipe is there");
    let made = emailpassword.sign_up(SignUpInput::new(fake, PASSWORD)).await;
    assert!(matches!(made, Ok(SignUpOutcome::Ok { .. })), "{made:?}");
    let request = Req::post("/auth/signin").json(&form(fake, PASSWORD));
    // A front end before FDI 3.1 sends its session along, which is another user's.
    let within = front_end.prepare(request.clone().header("fdi-version", "3.0"));
    for request in [request, within] {
        let reply = app.send(request).await;
        reply.expect(200, &json!({ "status": "WRONG_CREDENTIALS_ERROR" }));
        reply.expect_tokens_untouched();
    }
}

async fn a_common_password_from_before_still_gets_its_user_in(harness: Harness) {
    let app = start_email_password(&harness).await;
    let emailpassword = app.auth.emailpassword().expect("the recipe is there");
    // No form's rule applies to the function.
    let made = emailpassword.sign_up(SignUpInput::new(EMAIL, "password1")).await;
    assert!(matches!(made, Ok(SignUpOutcome::Ok { .. })), "{made:?}");
    assert_eq!(sign_in(&app, EMAIL, "password1").await.json()["status"], "OK");
}

async fn a_password_is_compared_to_its_last_byte(harness: Harness) {
    let app = start_email_password(&harness).await;
    // Longer than bcrypt reads, with what trimming would change.
    let password = format!(" \u{1f511} e\u{301} \0 {}1 ", "long".repeat(20));
    let reply = app.send(Req::post("/auth/signup").json(&form(EMAIL, &password))).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
    // Another keyboard composes characters (RFC 8265).
    for same in [password.clone(), password.replace("e\u{301}", "\u{e9}")] {
        assert_eq!(sign_in(&app, EMAIL, &same).await.json()["status"], "OK");
    }
    for wrong in [
        password.trim().to_owned(),
        password.replace("e\u{301}", "e"),
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
