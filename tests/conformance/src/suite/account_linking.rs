//! Login methods that become one user's.

use auth_core::{
    AuthBuilder,
    protocol::{RecipeUserId, UserId, accountlinking::UnlinkAccountResponse},
    recipes::{
        accountlinking::{AccountLinkingRecipe, AutomaticLinking},
        emailpassword::{CreateResetPasswordTokenInput, EmailPasswordRecipe, ResetLink},
        emailverification::{
            CreateEmailVerificationTokenOutcome, EmailVerificationMode, EmailVerificationRecipe,
        },
        passwordless::{Contact, ContactMethod, CreateCodeInput, FlowType, PasswordlessRecipe},
    },
};
use serde_json::{Value, json};

use super::{
    cases,
    passwordless::{CONSUME, CREATE},
    support::{EMAIL, PASSWORD, form, sign_up},
};
use crate::{
    App, Harness, Setup,
    client::{FrontEnd, Mode, Reply, Req},
};

cases! {
    "fdi-7.1" => without_a_rule_accounts_with_one_address_stay_apart,
    "fdi-7.2" => an_unproved_account_is_not_made_beside_a_proved_one,
    "fdi-7.2" => a_proved_account_is_not_made_beside_an_unproved_one,
    "fdi-7.3" => an_account_that_proves_its_address_becomes_the_user_s_who_has_it,
    "fdi-7.3" => an_unproved_session_is_sent_to_verify_its_address_and_then_adds_an_account,
    "fdi-7.3" => a_code_to_the_session_s_own_address_verifies_it,
    "fdi-7.3" => a_session_that_has_ended_adds_no_account_to_its_user,
    "fdi-7.3" => a_login_method_that_is_unlinked_signs_in_as_a_user_of_its_own,
    "fdi-7.4" => a_reset_verifies_the_address,
    "fdi-7.4" => no_reset_opens_an_unproved_account_that_has_another_way_in,
    "ext-confirm" => who_proves_a_taken_address_is_told_how_to_confirm_and_links_in_that_session,
    "ext-confirm" => who_has_not_proved_it_learns_nothing_and_gets_no_account_beside_it,
    "ext-confirm" => an_unproved_account_neither_keeps_its_owner_out_nor_gets_in_later,
}

const VERIFIED: AutomaticLinking = AutomaticLinking::Yes { should_require_verification: true };

async fn start(harness: &Harness, rule: Option<AutomaticLinking>) -> App {
    let setup = Setup::new().recipes(move |builder: AuthBuilder| {
        let linking = match rule {
            None => AccountLinkingRecipe::new(),
            Some(answer) => AccountLinkingRecipe::new()
                .should_do_automatic_account_linking(move |_, _| async move { Ok(answer) }),
        };
        builder
            .recipe(EmailPasswordRecipe::new())
            .recipe(PasswordlessRecipe::new(ContactMethod::EmailOrPhone, FlowType::MagicLink))
            .recipe(EmailVerificationRecipe::new(EmailVerificationMode::Optional))
            .recipe(linking)
    });
    harness.start(setup).await
}

/// The body by which a front end uses the link of a code that the application made.
async fn link_to(app: &App, email: &str) -> Value {
    let functions = app.auth.passwordless().expect("in the list");
    let wanted = CreateCodeInput::new(Contact::Email(email.to_owned()));
    let code = functions.create_code(wanted).await.expect("made");
    json!({
        "preAuthSessionId": code.pre_auth_session_id,
        "linkCode": code.link_code.expose_secret(),
    })
}

/// A user that has proved the address.
async fn proved(app: &App) -> UserId {
    let functions = app.auth.passwordless().expect("in the list");
    let contact = Contact::Email(EMAIL.to_owned());
    functions.sign_in_up(contact).await.expect("signed in").user.id
}

/// The same request, in the session.
async fn added(app: &App, front_end: &mut FrontEnd, path: &str, body: &Value) -> Reply {
    let mut body = body.clone();
    body["shouldTryLinkingWithSessionUser"] = json!(true);
    front_end.send(app, Req::post(path).json(&body)).await
}

/// A password reset by whom the address belongs to.
async fn reset(app: &App, user_id: &str, password: &str) -> Reply {
    let functions = app.auth.emailpassword().expect("in the list");
    let wanted = CreateResetPasswordTokenInput::new(user_id, EMAIL);
    let link = match functions.create_reset_password_link(wanted).await.expect("answered") {
        ResetLink::Ok(link) => link.expose_secret().to_owned(),
        other => panic!("{other:?}"),
    };
    let token = link.split_once("token=").and_then(|(_, rest)| rest.split('&').next());
    let fields = json!([{ "id": "password", "value": password }]);
    let body = json!({ "formFields": fields, "token": token });
    app.send(Req::post("/auth/user/password/reset").json(&body)).await
}

fn is_verified(reply: &Reply) -> Vec<bool> {
    let user = &reply.json()["user"];
    let methods = user["loginMethods"].as_array().expect("methods").iter();
    methods.map(|method| method["verified"] == true).collect()
}

fn not_allowed(status: &str, reason: &str) -> Value {
    json!({ "status": status, "reason": reason })
}

const SIGN_UP_REFUSED: &str = "Cannot sign up due to security reasons. Please try logging in, use a \
    different login method or contact support. (ERR_CODE_007)";
const SIGN_IN_REFUSED: &str = "Cannot sign in due to security reasons. Please try resetting your \
    password, use a different login method or contact support. (ERR_CODE_008)";
const CODE_REFUSED: &str = "Cannot sign in / up due to security reasons. Please try a different login \
    method or contact support. (ERR_CODE_002)";

async fn without_a_rule_accounts_with_one_address_stay_apart(harness: Harness) {
    for rule in [None, Some(AutomaticLinking::No)] {
        let app = start(&harness, rule).await;
        let (front_end, _) = sign_up(&app, Mode::Header, "/auth/signup").await;
        let reply = app.send(Req::post(CONSUME).json(&link_to(&app, EMAIL).await)).await;
        let user = &reply.json()["user"];
        assert_ne!(user["id"], front_end.payload()["sub"]);
        assert_eq!(user["isPrimaryUser"], false);
    }
}

async fn an_unproved_account_is_not_made_beside_a_proved_one(harness: Harness) {
    let app = start(&harness, Some(VERIFIED)).await;
    proved(&app).await;
    let reply = app.send(Req::post("/auth/signup").json(&form(EMAIL, PASSWORD))).await;
    reply.expect(200, &not_allowed("SIGN_UP_NOT_ALLOWED", SIGN_UP_REFUSED));
}

async fn a_proved_account_is_not_made_beside_an_unproved_one(harness: Harness) {
    let app = start(&harness, Some(VERIFIED)).await;
    sign_up(&app, Mode::Header, "/auth/signup").await;
    let refused = not_allowed("SIGN_IN_UP_NOT_ALLOWED", CODE_REFUSED);
    app.send(Req::post(CREATE).json(&json!({ "email": EMAIL }))).await.expect(200, &refused);
    let body = link_to(&app, EMAIL).await;
    app.send(Req::post(CONSUME).json(&body)).await.expect(200, &refused);
}

async fn an_account_that_proves_its_address_becomes_the_user_s_who_has_it(harness: Harness) {
    let app = start(&harness, Some(VERIFIED)).await;
    let (front_end, _) = sign_up(&app, Mode::Header, "/auth/signup").await;
    let own = front_end.payload()["sub"].as_str().expect("an id").to_owned();
    app.advance_secs(1);
    let user_id = proved(&app).await;
    reset(&app, &own, PASSWORD).await.expect(200, &json!({ "status": "OK" }));
    let (_, reply) = sign_up(&app, Mode::Header, "/auth/signin").await;
    let user = &reply.json()["user"];
    assert_eq!((&user["id"], &user["isPrimaryUser"]), (&json!(user_id), &json!(true)));
    assert_eq!(is_verified(&reply), [true, true]);
}

async fn an_unproved_session_is_sent_to_verify_its_address_and_then_adds_an_account(
    harness: Harness,
) {
    let app = start(&harness, Some(VERIFIED)).await;
    let (mut front_end, _) = sign_up(&app, Mode::Cookie, "/auth/signup").await;
    let other = link_to(&app, "second@example.com").await;
    let reply = added(&app, &mut front_end, CONSUME, &other).await;
    assert_eq!(reply.status, 403, "{reply:?}");
    assert_eq!(reply.json()["claimValidationErrors"][0]["id"], "st-ev");
    let functions = app.auth.emailverification().expect("in the list");
    let id = RecipeUserId::from(front_end.payload()["rsub"].as_str().expect("an id"));
    let token = match functions.create_email_verification_token(&id).await.expect("answered") {
        CreateEmailVerificationTokenOutcome::Ok(token) => token,
        other => panic!("{other:?}"),
    };
    let body = json!({ "token": token.expose_secret() });
    front_end.send(&app, Req::post("/auth/user/email/verify").json(&body)).await;
    app.advance_secs(1);
    let reply = added(&app, &mut front_end, CONSUME, &other).await;
    assert_eq!(reply.json()["user"]["id"], front_end.payload()["sub"], "{reply:?}");
    assert_eq!(reply.json()["user"]["emails"], json!([EMAIL, "second@example.com"]));
}

async fn a_code_to_the_session_s_own_address_verifies_it(harness: Harness) {
    let app = start(&harness, Some(VERIFIED)).await;
    let (mut front_end, _) = sign_up(&app, Mode::Header, "/auth/signup").await;
    let mut wrong = link_to(&app, EMAIL).await;
    wrong["linkCode"] = json!("invented");
    let reply = added(&app, &mut front_end, CONSUME, &wrong).await;
    reply.expect(200, &json!({ "status": "RESTART_FLOW_ERROR" }));
    assert_eq!(front_end.payload()["st-ev"]["v"], false);
    app.advance_secs(1);
    let code = link_to(&app, EMAIL).await;
    let reply = added(&app, &mut front_end, CONSUME, &code).await;
    assert_eq!(reply.json()["user"]["id"], front_end.payload()["sub"], "{reply:?}");
    assert_eq!(is_verified(&reply), [true, true]);
    assert_eq!(front_end.payload()["st-ev"]["v"], true);
}

async fn a_session_that_has_ended_adds_no_account_to_its_user(harness: Harness) {
    let rule = AutomaticLinking::Yes { should_require_verification: false };
    let app = start(&harness, Some(rule)).await;
    let (mut stranger, _) = sign_up(&app, Mode::Header, "/auth/signup").await;
    // Whose address it is takes the account back; the stranger's access token is good for an hour.
    let id = stranger.payload()["sub"].as_str().expect("an id").to_owned();
    reset(&app, &id, PASSWORD).await.expect(200, &json!({ "status": "OK" }));
    assert_eq!(app.send(stranger.prepare(Req::get("/sessioninfo"))).await.status, 200);
    let eve = form("eve@example.com", PASSWORD);
    let reply = added(&app, &mut stranger, "/auth/signup", &eve).await;
    reply.expect_message(401, "unauthorised");
    let (_, reply) = sign_up(&app, Mode::Header, "/auth/signin").await;
    assert_eq!(reply.json()["user"]["emails"], json!([EMAIL]));
}

async fn a_login_method_that_is_unlinked_signs_in_as_a_user_of_its_own(harness: Harness) {
    let app = start(&harness, Some(VERIFIED)).await;
    let user_id = proved(&app).await;
    let mut front_end = app.front_end(Mode::Header);
    let body = link_to(&app, EMAIL).await;
    front_end.send(&app, Req::post(CONSUME).json(&body)).await;
    app.advance_secs(1);
    let second = link_to(&app, "second@example.com").await;
    let reply = added(&app, &mut front_end, CONSUME, &second).await;
    let methods = reply.json()["user"]["loginMethods"].clone();
    let id = RecipeUserId::from(methods[1]["recipeUserId"].as_str().expect("an id"));
    let mut by_second = app.front_end(Mode::Header);
    let body = link_to(&app, "second@example.com").await;
    let reply = by_second.send(&app, Req::post(CONSUME).json(&body)).await;
    assert_eq!(reply.json()["user"]["id"], json!(user_id));
    let functions = app.auth.accountlinking().expect("always there");
    let outcome = functions.unlink_account(&id).await.expect("answered");
    let UnlinkAccountResponse::Ok { was_recipe_user_deleted, was_linked } = outcome;
    assert_eq!((was_recipe_user_deleted, was_linked), (false, true));
    let reply = by_second.send(&app, Req::get("/session-check-db")).await;
    reply.expect_message(401, "unauthorised");
    assert_eq!(front_end.send(&app, Req::get("/session-check-db")).await.status, 200);
    let body = link_to(&app, "second@example.com").await;
    let reply = app.send(Req::post(CONSUME).json(&body)).await;
    assert_eq!(reply.json()["user"]["id"], json!(id));
}

async fn a_reset_verifies_the_address(harness: Harness) {
    let app = start(&harness, None).await;
    let (_, reply) = sign_up(&app, Mode::Header, "/auth/signup").await;
    assert_eq!(is_verified(&reply), [false]);
    let id = reply.json()["user"]["id"].as_str().expect("an id").to_owned();
    reset(&app, &id, PASSWORD).await.expect(200, &json!({ "status": "OK" }));
    let (front_end, reply) = sign_up(&app, Mode::Header, "/auth/signin").await;
    assert_eq!(
        (is_verified(&reply), &front_end.payload()["st-ev"]["v"]),
        (vec![true], &json!(true))
    );
}

async fn no_reset_opens_an_unproved_account_that_has_another_way_in(harness: Harness) {
    let rule = AutomaticLinking::Yes { should_require_verification: false };
    let app = start(&harness, Some(rule)).await;
    let (mut stranger, reply) = sign_up(&app, Mode::Header, "/auth/signup").await;
    let id = reply.json()["user"]["id"].as_str().expect("an id").to_owned();
    app.advance_secs(1);
    let body = link_to(&app, "eve@example.com").await;
    let reply = added(&app, &mut stranger, CONSUME, &body).await;
    assert_eq!(reply.json()["status"], "OK");
    let refused = json!({ "status": "RESET_PASSWORD_INVALID_TOKEN_ERROR" });
    reset(&app, &id, PASSWORD).await.expect(200, &refused);
    let ask = json!({ "formFields": [{ "id": "email", "value": EMAIL }] });
    let reply = app.send(Req::post("/auth/user/password/reset/token").json(&ask)).await;
    assert_eq!(reply.json()["status"], "PASSWORD_RESET_NOT_ALLOWED");
}

/// A user with a password, who has proved the address.
async fn with_password(app: &App) -> UserId {
    let (_, reply) = sign_up(app, Mode::Header, "/auth/signup").await;
    let id = reply.json()["user"]["id"].as_str().expect("an id").to_owned();
    reset(app, &id, PASSWORD).await.expect(200, &json!({ "status": "OK" }));
    UserId::from(id)
}

async fn who_proves_a_taken_address_is_told_how_to_confirm_and_links_in_that_session(
    harness: Harness,
) {
    let app = start(&harness, Some(AutomaticLinking::AfterConfirmation)).await;
    let user_id = with_password(&app).await;
    // A code may be asked for, as it is what proves the address.
    let reply = app.send(Req::post(CREATE).json(&json!({ "email": EMAIL }))).await;
    assert_eq!(reply.json()["status"], "OK");
    let body = link_to(&app, EMAIL).await;
    let reply = app.send(Req::post(CONSUME).json(&body)).await;
    let mut refused = not_allowed("SIGN_IN_UP_NOT_ALLOWED", CODE_REFUSED);
    refused["confirmWith"] = json!(["emailpassword"]);
    reply.expect(200, &refused);
    reply.expect_tokens_untouched();
    let (mut front_end, _) = sign_up(&app, Mode::Cookie, "/auth/signin").await;
    let before = front_end.handle();
    app.advance_secs(1);
    let reply = added(&app, &mut front_end, CONSUME, &body).await;
    let user = &reply.json()["user"];
    assert_eq!(
        (&user["id"], &reply.json()["createdNewRecipeUser"]),
        (&json!(user_id), &json!(true))
    );
    assert_eq!(front_end.handle(), before);
    // From then on either opens the account.
    let body = link_to(&app, EMAIL).await;
    let reply = app.send(Req::post(CONSUME).json(&body)).await;
    assert_eq!(reply.json()["user"]["id"], json!(user_id));
}

async fn who_has_not_proved_it_learns_nothing_and_gets_no_account_beside_it(harness: Harness) {
    let app = start(&harness, Some(AutomaticLinking::AfterConfirmation)).await;
    with_password(&app).await;
    let mut wrong = link_to(&app, EMAIL).await;
    wrong["linkCode"] = json!("invented");
    let reply = app.send(Req::post(CONSUME).json(&wrong)).await;
    reply.expect(200, &json!({ "status": "RESTART_FLOW_ERROR" }));
    // A password proves nothing about the address.
    let app = start(&harness, Some(AutomaticLinking::AfterConfirmation)).await;
    proved(&app).await;
    let reply = app.send(Req::post("/auth/signup").json(&form(EMAIL, PASSWORD))).await;
    reply.expect(200, &not_allowed("SIGN_UP_NOT_ALLOWED", SIGN_UP_REFUSED));
}

async fn an_unproved_account_neither_keeps_its_owner_out_nor_gets_in_later(harness: Harness) {
    let app = start(&harness, Some(AutomaticLinking::AfterConfirmation)).await;
    let (front_end, _) = sign_up(&app, Mode::Header, "/auth/signup").await;
    let reply = app.send(Req::post(CONSUME).json(&link_to(&app, EMAIL).await)).await;
    let user = &reply.json()["user"];
    assert_ne!(user["id"], front_end.payload()["sub"]);
    let reply = app.send(Req::post("/auth/signin").json(&form(EMAIL, PASSWORD))).await;
    reply.expect(200, &not_allowed("SIGN_IN_NOT_ALLOWED", SIGN_IN_REFUSED));
}
