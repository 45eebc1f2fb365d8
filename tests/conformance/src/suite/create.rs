//! New sessions: whose they are, what they say, and what becomes of the old one.

use auth_core::{
    protocol::{RecipeUserId, accountlinking::LinkAccountsResponse},
    recipes::{
        accountlinking::LinkAccountsInput,
        emailpassword::EmailPasswordRecipe,
        session::{AllowedTransferMethod, SameSite},
        userroles::{AddRoleToUserInput, CreateNewRoleOrAddPermissionsInput, UserRolesRecipe},
    },
};
use serde_json::{Value, json};

use super::{
    cases,
    support::{PASSWORD, form, sign_up},
};
use crate::{
    Harness, START_MS, Setup,
    client::{Cookie, FrontEnd, Mode, Req},
};

cases! {
    "fdi-2.5-1" => a_user_whom_the_core_does_not_know_gets_a_session,
    "fdi-2.5-1" => a_session_of_a_linked_account_names_the_user_and_the_login_method,
    "fdi-2.5-2" => what_other_recipes_claim_stands_beside_what_was_given,
    "fdi-2.5-2" => the_payload_has_the_issuer_and_no_protected_name_of_the_caller_s,
    "fdi-2.5-3" => the_client_chooses_how_tokens_travel,
    "fdi-2.5-3" => the_application_s_choice_wins_over_the_client_s,
    "fdi-2.5-4" => cookies_that_browsers_would_drop_are_an_error_except_on_localhost,
    "fdi-2.5-6" => a_new_session_clears_the_other_way_of_the_old_one,
    "fdi-2.5-7" => what_was_changed_reaches_the_response_of_a_handler_that_fails,
    "fdi-2.5-7" => the_application_s_own_cookies_stay,
}

async fn a_user_whom_the_core_does_not_know_gets_a_session(harness: Harness) {
    let app = harness.start_default().await;
    for user in ["nobody", "ünï \"quoted\"; Path=/", "a\r\nset-cookie: x=y"] {
        for mode in Mode::BOTH {
            let (front_end, reply) = app.sign_in_with(mode, &json!({ "userId": user })).await;
            assert_eq!(reply.json()["userId"], user);
            assert_eq!(
                (&front_end.payload()["sub"], &front_end.payload()["rsub"]),
                (&json!(user), &json!(user))
            );
            let reply = app.send(front_end.with_tokens(Req::get("/session-check-db"))).await;
            assert_eq!(reply.json()["userId"], user);
        }
    }
    // A tenant must be known.
    let reply = app.send(Req::post("/create-session").json(&json!({ "tenantId": "t1" }))).await;
    assert_eq!(reply.status, 400, "{reply:?}");
    reply.expect_tokens_untouched();
}

async fn a_session_of_a_linked_account_names_the_user_and_the_login_method(harness: Harness) {
    let setup = Setup::new().recipes(|builder| {
        builder.recipe(EmailPasswordRecipe::new()).recipe(UserRolesRecipe::new())
    });
    let app = harness.start(setup).await;
    let (ada, _) = sign_up(&app, Mode::Cookie, "/auth/signup").await;
    app.advance_secs(1);
    let (mut other, body) = (app.front_end(Mode::Header), form("ada@example.org", PASSWORD));
    other.send(&app, Req::post("/auth/signup").json(&body)).await;
    let method = other.payload()["sub"].clone();
    let id = |front_end: &FrontEnd| front_end.payload()["sub"].as_str().expect("an id").to_owned();
    let linking = app.auth.accountlinking().expect("the recipe is there");
    linking.create_primary_user(RecipeUserId::from(id(&ada))).await.expect("answered");
    let linked = linking.link_accounts(LinkAccountsInput::new(id(&other), id(&ada))).await;
    assert!(matches!(linked, Ok(LinkAccountsResponse::Ok { .. })), "{linked:?}");
    let roles = app.auth.userroles().expect("the recipe is there");
    roles.create_new_role_or_add_permissions("admin").await.expect("answered");
    roles.add_role_to_user(AddRoleToUserInput::new(id(&ada), "admin")).await.expect("answered");
    // The session names the user that the account was.
    other.refresh(&app).await.expect_message(401, "unauthorised");

    for mode in Mode::BOTH {
        let mut front_end = app.front_end(mode);
        let reply = front_end.send(&app, Req::post("/auth/signin").json(&body)).await;
        assert_eq!(reply.json()["user"]["id"], ada.payload()["sub"]);
        let payload = front_end.payload();
        assert_eq!(payload["sub"], ada.payload()["sub"]);
        assert_eq!((&payload["rsub"], payload["sub"] != method), (&method, true));
        assert_eq!(payload["st-role"]["v"], json!(["admin"]), "claims are the user's");
        assert_eq!(front_end.front_token.as_ref().expect("a front token")["uid"], payload["sub"]);
        front_end.refresh(&app).await.expect(200, &json!({}));
        let session = front_end.send(&app, Req::get("/session-check-db")).await.json();
        assert_eq!(session["userId"], payload["sub"]);
        assert_eq!(session["recipeUserId"], payload["rsub"]);
    }
    let by_method = json!({ "userId": method });
    let (front_end, _) = app.sign_in_with(Mode::Header, &by_method).await;
    let payload = front_end.payload();
    assert_eq!((&payload["sub"], &payload["rsub"]), (&ada.payload()["sub"], &method));
}

async fn what_other_recipes_claim_stands_beside_what_was_given(harness: Harness) {
    let setup = Setup::new().recipes(|builder| builder.recipe(UserRolesRecipe::new()));
    let app = harness.start(setup).await;
    let roles = app.auth.userroles().expect("the recipe is there");
    let admin = CreateNewRoleOrAddPermissionsInput::new("admin").permissions(["read", "write"]);
    let role = roles.create_new_role_or_add_permissions(admin).await;
    assert!(role.expect("answered"), "it is new");
    let reader = CreateNewRoleOrAddPermissionsInput::new("reader").permissions(["read"]);
    roles.create_new_role_or_add_permissions(reader).await.expect("answered");
    let claim = |value: &Value| json!({ "v": value, "t": START_MS });
    for (user, names, permissions) in [
        ("eve", json!([]), json!([])),
        ("ada", json!(["admin", "reader"]), json!(["read", "write"])),
    ] {
        if user == "ada" {
            for role in ["admin", "reader"] {
                roles
                    .add_role_to_user(AddRoleToUserInput::new(user, role))
                    .await
                    .expect("answered");
            }
        }
        // What an application gives doesn't take the place of it.
        let given = json!({ "own": 1, "st-role": "root" });
        let body = json!({ "userId": user, "payload": given });
        for mode in Mode::BOTH {
            let (mut front_end, reply) = app.sign_in_with(mode, &body).await;
            let payload = front_end.payload();
            assert_eq!((&payload["own"], &payload["st-role"]), (&json!(1), &claim(&names)));
            assert_eq!(payload["st-perm"], claim(&permissions));
            assert_eq!(reply.json()["accessTokenPayload"], payload);
            assert_eq!(front_end.front_token.as_ref().expect("a front token")["up"], payload);
            front_end.refresh(&app).await.expect(200, &json!({}));
            assert_eq!(front_end.payload()["st-role"], claim(&names), "a refresh keeps it");
        }
    }
}

async fn the_payload_has_the_issuer_and_no_protected_name_of_the_caller_s(harness: Harness) {
    let app = harness.start_default().await;
    let protected = json!({
        "sub": "eve", "iat": 1, "exp": 1, "sessionHandle": "x", "parentRefreshTokenHash1": "x",
        "refreshTokenHash1": "x", "antiCsrfToken": "x", "rsub": "eve", "tId": "t2", "stt": 1,
        "own": [1],
    });
    let (front_end, reply) = app.sign_in_with(Mode::Header, &json!({ "payload": protected })).await;
    let payload = front_end.payload();
    assert_eq!(payload["iss"], "https://api.example.com/auth");
    assert_eq!(payload["own"], json!([1]));
    assert_eq!((&payload["sub"], &payload["rsub"]), (&json!("ada"), &json!("ada")));
    assert_eq!((&payload["tId"], &payload["iat"]), (&json!("public"), &json!(START_MS / 1000)));
    assert_eq!(payload["exp"], START_MS / 1000 + 3600);
    assert_eq!(payload.get("stt"), None);
    assert_eq!(payload["sessionHandle"], reply.json()["sessionHandle"]);
    assert!(payload["antiCsrfToken"].is_null() && payload["parentRefreshTokenHash1"].is_null());
}

async fn the_client_chooses_how_tokens_travel(harness: Harness) {
    let app = harness.start_default().await;
    for (mode, is_cookie) in [
        (Some("cookie"), true),
        (Some("COOKIE"), true),
        (Some("header"), false),
        (Some("anything"), false),
        (Some(""), false),
        (None, false),
    ] {
        let request = Req::post("/create-session");
        let reply = app.send(match mode {
            Some(mode) => request.header("st-auth-mode", mode),
            None => request,
        });
        let reply = reply.await;
        assert_eq!(reply.cookies().len(), if is_cookie { 2 } else { 0 }, "{mode:?}: {reply:?}");
        assert_eq!(reply.header("st-access-token").is_none(), is_cookie, "{mode:?}: {reply:?}");
    }
}

async fn the_application_s_choice_wins_over_the_client_s(harness: Harness) {
    for (chosen, wanted, is_cookie) in [
        (AllowedTransferMethod::Cookie, "header", true),
        (AllowedTransferMethod::Header, "cookie", false),
    ] {
        let setup = Setup::new()
            .session(move |session| session.get_token_transfer_method(move |_, _| chosen));
        let app = harness.start(setup).await;
        let reply = app.send(Req::post("/create-session").header("st-auth-mode", wanted)).await;
        assert_eq!(reply.cookies().is_empty(), !is_cookie, "{reply:?}");
        assert_eq!(reply.header("st-access-token").is_none(), is_cookie, "{reply:?}");
    }
}

async fn cookies_that_browsers_would_drop_are_an_error_except_on_localhost(harness: Harness) {
    let insecure = |setup: Setup| {
        setup.session(|session| session.cookie_same_site(SameSite::None).cookie_secure(false))
    };
    let app = harness.start(insecure(Setup::two_sites())).await;
    let reply = app.send(Req::post("/create-session").header("st-auth-mode", "cookie")).await;
    assert_eq!(reply.status, 500, "{reply:?}");
    reply.expect_tokens_untouched();
    let reply = app.send(Req::post("/create-session").header("st-auth-mode", "header")).await;
    assert_eq!(reply.status, 200);

    let local = Setup::new().domains("http://localhost:3001", "http://127.0.0.1:3000");
    let app = harness.start(insecure(local)).await;
    let reply = app.send(Req::post("/create-session").header("st-auth-mode", "cookie")).await;
    let cookie = reply.cookie("sAccessToken");
    assert_eq!((cookie.same_site.as_deref(), cookie.secure), (Some("none"), false));
}

async fn a_new_session_clears_the_other_way_of_the_old_one(harness: Harness) {
    let app = harness.start_default().await;
    let by_cookie = app.sign_in(Mode::Cookie).await;
    let request = by_cookie.with_tokens(Req::post("/create-session"));
    let reply = app.send(request.header("st-auth-mode", "header")).await;
    assert!(reply.header("st-access-token").is_some_and(|token| !token.is_empty()));
    let cookies = reply.cookies();
    assert!(cookies.len() == 2 && cookies.iter().all(Cookie::is_cleared), "{reply:?}");
    assert_ne!(reply.header("front-token"), Some("remove"), "the new session's token stays");

    let by_header = app.sign_in(Mode::Header).await;
    let request = by_header.with_tokens(Req::post("/create-session"));
    let reply = app.send(request.header("st-auth-mode", "cookie")).await;
    assert_eq!(reply.header("st-access-token"), Some(""));
    assert_eq!(reply.header("st-refresh-token"), Some(""));
    assert!(!reply.cookie("sAccessToken").value.is_empty());
    assert_ne!(reply.header("front-token"), Some("remove"));

    // Whatever came that way.
    let request = Req::post("/create-session").cookie("sAccessToken=anything");
    let reply = app.send(request.header("st-auth-mode", "header")).await;
    assert!(reply.cookies().len() == 2 && reply.cookies().iter().all(Cookie::is_cleared));
    let request = Req::post("/create-session").bearer("anything");
    let reply = app.send(request.header("st-auth-mode", "cookie")).await;
    assert_eq!(reply.header("st-access-token"), Some(""));

    let same_way = by_cookie.prepare(Req::post("/create-session"));
    let reply = app.send(same_way).await;
    assert_eq!(reply.header("st-access-token"), None, "{reply:?}");
    assert!(reply.cookies().iter().all(|cookie| !cookie.is_cleared()), "{reply:?}");
}

async fn what_was_changed_reaches_the_response_of_a_handler_that_fails(harness: Harness) {
    let app = harness.start_default().await;
    let reply = app.send(Req::post("/create-session/then-fail")).await;
    reply.expect(503, &json!({ "oh": "no" }));
    assert!(reply.header("st-access-token").is_some_and(|token| !token.is_empty()));
}

async fn the_application_s_own_cookies_stay(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = app.sign_in(Mode::Cookie).await;
    let request = Req::post("/merge-payload/own-headers").body(r#"{"a":1}"#);
    let reply = app.send(front_end.with_tokens(request)).await;
    let cookies = reply.cookies();
    let names: Vec<&str> = cookies.iter().map(|cookie| cookie.name.as_str()).collect();
    assert_eq!(names, ["theme", "size", "sAccessToken"]);
}
