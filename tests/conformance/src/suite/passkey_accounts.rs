//! Passkeys beside each other and beside other ways in: listed, added, removed, linked.

use auth_core::{
    AuthBuilder,
    delivery::Email,
    protocol::{SessionHandle, UserId, webauthn::Passkey},
    recipes::{
        accountlinking::{AccountLinkingRecipe, AutomaticLinking},
        emailpassword::EmailPasswordRecipe,
        emailverification::{EmailVerificationMode, EmailVerificationRecipe},
        multifactorauth::{FactorChange, FactorChangedEmail, FactorId, MultiFactorAuthRecipe},
        multitenancy::CreateOrUpdateTenantInput,
        passwordless::{Contact, ContactMethod, FlowType, PasswordlessRecipe},
        totp::TotpRecipe,
        webauthn::ListCredentialsInput,
    },
};
use serde_json::{Value, json};
use test_passkeys::{AAGUID, Device};
use tokio::sync::mpsc::UnboundedReceiver;

use super::{
    cases,
    mfa::{expect_closed, set_up_totp},
    passkey_recovery::{ask, recover, token},
    passkeys::{
        PAGE, SIGN_IN, SIGN_UP, ada, answer, recipe, sign_in_by, sign_up_by, to_make, to_make_for,
        to_use,
    },
    support::{EMAIL, Mailbox, sign_up},
    tenants::set,
};
use crate::{
    App, Harness, Setup,
    client::{FrontEnd, Mode, Req},
};

cases! {
    "fdi-1.9-8" => a_session_s_user_adds_a_passkey,
    "fdi-1.9-8" => a_passkey_is_added_to_one_s_own_login_method_with_its_address,
    "fdi-1.9-8" => what_is_no_passkey_of_these_options_is_not_added,
    "fdi-1.9-9" => a_user_s_passkeys_are_listed,
    "fdi-1.9-10" => a_passkey_that_is_removed_signs_nobody_in,
    "fdi-1.9-10" => passkeys_are_managed_in_a_session_that_is_there,
    "fdi-1.9-factors" => passkeys_change_only_in_a_session_with_every_factor,
    "fdi-1.9-factors" => the_owner_is_told_of_passkeys_that_come_and_go,
    "fdi-1.9-linking" => a_passkey_becomes_another_way_in_for_a_session_s_user,
    "fdi-1.9-linking" => an_account_that_may_not_be_is_refused_with_the_reason,
    "fdi-1.9-linking" => the_address_of_a_passkey_is_verified_like_any_other,
    "fdi-1.9-tenants" => a_passkey_is_good_in_its_user_s_tenant,
    "fdi-1.9-tenants" => tenants_say_whether_passkeys_start_a_sign_in,
}

const CREDENTIAL: &str = "/auth/webauthn/credential";
const LIST: &str = "/auth/webauthn/credential/list";
const REMOVE: &str = "/auth/webauthn/credential/remove";

pub(super) const UNVERIFIED: AutomaticLinking =
    AutomaticLinking::Yes { should_require_verification: false };
pub(super) const VERIFIED: AutomaticLinking =
    AutomaticLinking::Yes { should_require_verification: true };

/// Passkeys beside passwords and links, linked by a rule.
pub(super) fn with_others(rule: AutomaticLinking) -> (Setup, UnboundedReceiver<Email>) {
    let (mailbox, mails) = Mailbox::new();
    let setup = Setup::new().recipes(move |builder: AuthBuilder| {
        let linking = AccountLinkingRecipe::new()
            .should_do_automatic_account_linking(move |_, _| async move { Ok(rule) });
        builder
            .recipe(recipe().email_delivery(mailbox))
            .recipe(EmailPasswordRecipe::new())
            .recipe(PasswordlessRecipe::new(ContactMethod::Email, FlowType::MagicLink))
            .recipe(EmailVerificationRecipe::new(EmailVerificationMode::Optional))
            .recipe(linking)
    });
    (setup, mails)
}

pub(super) async fn start(harness: &Harness) -> (App, UnboundedReceiver<Email>) {
    let (mailbox, mails) = Mailbox::new();
    let setup = Setup::new()
        .recipes(|builder: AuthBuilder| builder.recipe(recipe().email_delivery(mailbox)));
    (harness.start(setup).await, mails)
}

pub(super) fn status(status: &str) -> Value {
    json!({ "status": status })
}

pub(super) fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).expect(pointer)
}

/// What a page sends to add a passkey to a session's user.
pub(super) async fn one_more(
    app: &App,
    front_end: &FrontEnd,
    device: &mut Device,
    email: &str,
) -> Value {
    later_than_the_one_before(app);
    let options = to_make_for(app, email).await;
    let mut body = answer(&options, device.make(&options).await);
    body["recipeUserId"] = front_end.payload()["rsub"].clone();
    body
}

/// Passkeys are listed by their age.
pub(super) fn later_than_the_one_before(app: &App) {
    app.advance_secs(1);
}

async fn listed(app: &App, front_end: &mut FrontEnd) -> Vec<Value> {
    let reply = front_end.send(app, Req::get(LIST)).await;
    let list = reply.json();
    assert_eq!((reply.status, &list["status"]), (200, &json!("OK")), "{reply:?}");
    list["credentials"].as_array().expect("a list").clone()
}

async fn a_session_s_user_adds_a_passkey(harness: Harness) {
    for mode in Mode::BOTH {
        let (app, _) = start(&harness).await;
        let (mut front_end, mut first) = ada(&app, mode).await;
        let mut second = Device::on(PAGE).es256();
        let body = one_more(&app, &front_end, &mut second, EMAIL).await;
        let reply = front_end.send(&app, Req::post(CREDENTIAL).json(&body)).await;
        reply.expect(200, &status("OK"));
        for device in [&mut first, &mut second] {
            let mut other = app.front_end(mode);
            let reply = sign_in_by(&app, &mut other, device).await;
            assert_eq!(reply.json()["status"], "OK", "{reply:?}");
            assert_eq!(other.payload()["sub"], front_end.payload()["sub"]);
        }
        let reply = front_end.send(&app, Req::post(CREDENTIAL).json(&body)).await;
        reply.expect(200, &status("OPTIONS_NOT_FOUND_ERROR"));
    }
}

async fn a_passkey_is_added_to_one_s_own_login_method_with_its_address(harness: Harness) {
    let (app, _) = start(&harness).await;
    let (mut front_end, _) = ada(&app, Mode::Header).await;
    let (mut eve, mut device) = (app.front_end(Mode::Header), Device::on(PAGE));
    sign_up_by(&app, &mut eve, &mut device, "eve@example.com").await;
    let general = |text: &str| json!({ "status": "GENERAL_ERROR", "message": text });

    let body = one_more(&app, &front_end, &mut device, "eve@example.com").await;
    let reply = front_end.send(&app, Req::post(CREDENTIAL).json(&body)).await;
    reply.expect(200, &general("Email mismatch"));
    for id in [eve.payload()["rsub"].clone(), json!("x"), json!("\0")] {
        let mut body = one_more(&app, &front_end, &mut device, EMAIL).await;
        body["recipeUserId"] = id;
        let reply = front_end.send(&app, Req::post(CREDENTIAL).json(&body)).await;
        reply.expect(200, &general("User not found"));
    }
    assert_eq!(listed(&app, &mut front_end).await.len(), 1);
    assert_eq!(listed(&app, &mut eve).await.len(), 1);
}

async fn what_is_no_passkey_of_these_options_is_not_added(harness: Harness) {
    let (app, _) = start(&harness).await;
    let (mut front_end, mut device) = ada(&app, Mode::Header).await;
    let not_allowed =
        |reason: &str| json!({ "status": "REGISTER_CREDENTIAL_NOT_ALLOWED", "reason": reason });
    let device_refused = not_allowed(
        "The device used for authentication is not supported. Please use a different device. \
         (ERR_CODE_026)",
    );
    let passkey_refused = not_allowed(
        "The credentials are incorrect. Please make sure you are using the correct credentials. \
         (ERR_CODE_025)",
    );
    let mut elsewhere = Device::on("https://shop.example.com");
    let body = one_more(&app, &front_end, &mut elsewhere, EMAIL).await;
    front_end.send(&app, Req::post(CREDENTIAL).json(&body)).await.expect(200, &device_refused);
    let mut body = one_more(&app, &front_end, &mut Device::on(PAGE), EMAIL).await;
    let good = body["credential"].clone();
    body["credential"]["response"]["attestationObject"] = json!("!");
    front_end.send(&app, Req::post(CREDENTIAL).json(&body)).await.expect(200, &passkey_refused);
    body["credential"] = good;
    app.advance_secs(61);
    let gone = status("OPTIONS_NOT_FOUND_ERROR");
    front_end.send(&app, Req::post(CREDENTIAL).json(&body)).await.expect(200, &gone);
    let options = to_use(&app, None).await;
    let mut body = answer(&options, device.sign(&options).await);
    body["recipeUserId"] = front_end.payload()["rsub"].clone();
    front_end.send(&app, Req::post(CREDENTIAL).json(&body)).await.expect(200, &gone);
    assert_eq!(listed(&app, &mut front_end).await.len(), 1);
}

async fn a_user_s_passkeys_are_listed(harness: Harness) {
    let (app, _) = start(&harness).await;
    let (mut front_end, _) = ada(&app, Mode::Header).await;
    app.advance_secs(1);
    let body = one_more(&app, &front_end, &mut Device::on(PAGE), EMAIL).await;
    front_end.send(&app, Req::post(CREDENTIAL).json(&body)).await.expect(200, &status("OK"));
    let id = text(&front_end.payload(), "/rsub").to_owned();
    let webauthn = app.auth.webauthn().expect("in the list");
    let kept = webauthn.list_credentials(ListCredentialsInput::new(id)).await.expect("a list");
    let shown = |passkey: &Passkey| {
        json!({
            "recipeUserId": passkey.recipe_user_id,
            "webauthnCredentialId": passkey.webauthn_credential_id,
            "relyingPartyId": "example.com",
            "createdAt": passkey.created_at,
            "isBackedUp": passkey.is_backed_up,
            "aaguid": AAGUID,
        })
    };
    assert_eq!(kept.len(), 2);
    assert_eq!(listed(&app, &mut front_end).await, kept.iter().map(shown).collect::<Vec<_>>());
}

async fn a_passkey_that_is_removed_signs_nobody_in(harness: Harness) {
    let (app, _) = start(&harness).await;
    let (mut front_end, mut device) = ada(&app, Mode::Cookie).await;
    let mut eve = app.front_end(Mode::Header);
    sign_up_by(&app, &mut eve, &mut Device::on(PAGE), "eve@example.com").await;
    let passkey = listed(&app, &mut front_end).await[0]["webauthnCredentialId"].clone();
    // The last one stays.
    let body = one_more(&app, &front_end, &mut Device::on(PAGE), EMAIL).await;
    front_end.send(&app, Req::post(CREDENTIAL).json(&body)).await.expect(200, &status("OK"));
    let remove = |id: &Value| Req::post(REMOVE).json(&json!({ "webauthnCredentialId": id }));
    let unknown = status("CREDENTIAL_NOT_FOUND_ERROR");
    eve.send(&app, remove(&passkey)).await.expect(200, &unknown);
    for id in [json!("AAAA"), json!("\0")] {
        front_end.send(&app, remove(&id)).await.expect(200, &unknown);
    }
    front_end.send(&app, remove(&passkey)).await.expect(200, &status("OK"));
    front_end.send(&app, remove(&passkey)).await.expect(200, &unknown);
    assert_eq!(listed(&app, &mut front_end).await.len(), 1);
    assert_eq!(listed(&app, &mut eve).await.len(), 1);
    let reply = sign_in_by(&app, &mut app.front_end(Mode::Header), &mut device).await;
    reply.expect(200, &status("INVALID_CREDENTIALS_ERROR"));
}

async fn passkeys_are_managed_in_a_session_that_is_there(harness: Harness) {
    let (app, _) = start(&harness).await;
    let (front_end, _) = ada(&app, Mode::Header).await;
    let body = one_more(&app, &front_end, &mut Device::on(PAGE), EMAIL).await;
    let add = Req::post(CREDENTIAL).json(&body);
    let remove = Req::post(REMOVE).json(&json!({ "webauthnCredentialId": "AAAA" }));
    for request in [add.clone(), Req::get(LIST), remove] {
        app.send(request).await.expect_message(401, "unauthorised");
    }
    // An access token outlives its session.
    let sessions = app.auth.session().expect("in the list");
    sessions.revoke_session(&SessionHandle::from(front_end.handle())).await.expect("ended");
    app.send(front_end.prepare(add)).await.expect_message(401, "unauthorised");

    let (app, _) = start(&harness).await;
    let (mut front_end, _) = ada(&app, Mode::Header).await;
    let id = text(&front_end.payload(), "/sub").to_owned();
    app.auth.delete_user(UserId::from(id)).await.expect("deleted");
    let reply = front_end.send(&app, Req::get(LIST)).await;
    reply.expect_message(401, "unauthorised");
}

/// Passkeys, and authenticator apps that everybody must have beside them.
fn with_factors(required: Vec<FactorId>) -> (Setup, UnboundedReceiver<Email>) {
    let (mailbox, mails) = Mailbox::new();
    let setup = Setup::new().recipes(move |builder: AuthBuilder| {
        builder
            .recipe(recipe())
            .recipe(
                MultiFactorAuthRecipe::new()
                    .required_secondary_factors(required)
                    .email_delivery(mailbox),
            )
            .recipe(TotpRecipe::new())
    });
    (setup, mails)
}

async fn passkeys_change_only_in_a_session_with_every_factor(harness: Harness) {
    let app = harness.start(with_factors(vec![FactorId::TOTP]).0).await;
    let (mut front_end, mut device) = ada(&app, Mode::Header).await;
    set_up_totp(&app, &mut front_end).await;
    let passkey = listed(&app, &mut front_end).await[0]["webauthnCredentialId"].clone();

    let mut thief = app.front_end(Mode::Header);
    let reply = sign_in_by(&app, &mut thief, &mut device).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
    expect_closed(&app, &mut thief).await;
    let body = one_more(&app, &thief, &mut Device::on(PAGE), EMAIL).await;
    let reply = thief.send(&app, Req::post(CREDENTIAL).json(&body)).await;
    assert_eq!((reply.status, &reply.json()["message"]), (403, &json!("invalid claim")));
    let remove = Req::post(REMOVE).json(&json!({ "webauthnCredentialId": passkey }));
    let reply = thief.send(&app, remove).await;
    assert_eq!((reply.status, &reply.json()["message"]), (403, &json!("invalid claim")));
    assert_eq!(listed(&app, &mut thief).await.len(), 1);

    let reply = front_end.send(&app, Req::post(CREDENTIAL).json(&body)).await;
    reply.expect(200, &status("OK"));
}

async fn the_owner_is_told_of_passkeys_that_come_and_go(harness: Harness) {
    let (setup, mut mails) = with_factors(Vec::new());
    let app = harness.start(setup).await;
    let (mut front_end, _) = ada(&app, Mode::Header).await;
    let passkey = listed(&app, &mut front_end).await[0]["webauthnCredentialId"].clone();
    let body = one_more(&app, &front_end, &mut Device::on(PAGE), EMAIL).await;
    front_end.send(&app, Req::post(CREDENTIAL).json(&body)).await.expect(200, &status("OK"));
    let remove = json!({ "webauthnCredentialId": passkey });
    let told = async |mails: &mut UnboundedReceiver<Email>| {
        let mail = mails.recv().await.expect("a mail");
        let changed = mail.get::<FactorChangedEmail>().expect("about a factor");
        (changed.email.clone(), changed.factor_id.clone(), changed.change)
    };
    let ada = EMAIL.to_owned();
    let added = (ada.clone(), FactorId::WEBAUTHN, FactorChange::Added);
    assert_eq!(told(&mut mails).await, added);
    front_end.send(&app, Req::post(REMOVE).json(&remove)).await.expect(200, &status("OK"));
    let removed = (ada, FactorId::WEBAUTHN, FactorChange::Removed);
    assert_eq!(told(&mut mails).await, removed);
}

/// A user that has proved the address by a link.
pub(super) async fn proved(app: &App) -> UserId {
    let functions = app.auth.passwordless().expect("in the list");
    let contact = Contact::Email(EMAIL.to_owned());
    functions.sign_in_up(contact).await.expect("signed in").user.id
}

async fn a_passkey_becomes_another_way_in_for_a_session_s_user(harness: Harness) {
    for mode in Mode::BOTH {
        let (setup, _) = with_others(UNVERIFIED);
        let app = harness.start(setup).await;
        let (mut front_end, _) = sign_up(&app, mode, "/auth/signup").await;
        let before = front_end.handle();
        app.advance_secs(1);
        let options = to_make_for(&app, EMAIL).await;
        let mut device = Device::on(PAGE);
        let mut body = answer(&options, device.make(&options).await);
        body["shouldTryLinkingWithSessionUser"] = json!(true);
        let reply = front_end.send(&app, Req::post(SIGN_UP).json(&body)).await;
        let answered = reply.json();
        assert_eq!((reply.status, &answered["status"]), (200, &json!("OK")), "{reply:?}");
        assert_eq!(answered["user"]["loginMethods"].as_array().map(Vec::len), Some(2));
        assert_eq!(answered["user"]["isPrimaryUser"], true);
        assert_eq!(front_end.handle(), before, "the session goes on");
        let mut other = app.front_end(mode);
        let reply = sign_in_by(&app, &mut other, &mut device).await;
        assert_eq!(reply.json()["user"]["id"], front_end.payload()["sub"]);
        // In a session, its own passkey is shown once more, and the session goes on.
        let before = other.handle();
        let options = to_use(&app, None).await;
        let mut body = answer(&options, device.sign(&options).await);
        body["shouldTryLinkingWithSessionUser"] = json!(true);
        let reply = other.send(&app, Req::post(SIGN_IN).json(&body)).await;
        assert_eq!(reply.json()["status"], "OK", "{reply:?}");
        assert_eq!(other.handle(), before);
    }
    let (app, _) = start(&harness).await;
    let options = to_make_for(&app, EMAIL).await;
    let mut body = answer(&options, Device::on(PAGE).make(&options).await);
    body["shouldTryLinkingWithSessionUser"] = json!(true);
    let reply = app.send(Req::post(SIGN_UP).json(&body)).await;
    reply.expect_message(401, "unauthorised");
}

async fn an_account_that_may_not_be_is_refused_with_the_reason(harness: Harness) {
    let (setup, _) = with_others(VERIFIED);
    let app = harness.start(setup).await;
    proved(&app).await;
    let options = to_make_for(&app, EMAIL).await;
    let body = answer(&options, Device::on(PAGE).make(&options).await);
    let reply = app.send(Req::post(SIGN_UP).json(&body)).await;
    let reason = "Cannot sign up due to security reasons. Please try logging in, use a different \
        login method or contact support. (ERR_CODE_025)";
    reply.expect(200, &json!({ "status": "SIGN_UP_NOT_ALLOWED", "reason": reason }));
    reply.expect_tokens_untouched();

    let (setup, _) = with_others(VERIFIED);
    let app = harness.start(setup).await;
    let (_, mut device) = ada(&app, Mode::Header).await;
    app.advance_secs(1);
    proved(&app).await;
    let reply = sign_in_by(&app, &mut app.front_end(Mode::Header), &mut device).await;
    let reason = "Cannot sign in due to security reasons. Please try recovering your account, use a \
        different login method or contact support. (ERR_CODE_030)";
    reply.expect(200, &json!({ "status": "SIGN_IN_NOT_ALLOWED", "reason": reason }));
    reply.expect_tokens_untouched();
}

async fn the_address_of_a_passkey_is_verified_like_any_other(harness: Harness) {
    let (setup, mut mails) = with_others(AutomaticLinking::No);
    let app = harness.start(setup).await;
    let (front_end, _) = ada(&app, Mode::Header).await;
    assert_eq!(front_end.payload()["st-ev"]["v"], false);
    ask(&app, EMAIL).await;
    let token = token(&mut mails).await;
    let mut device = Device::on(PAGE);
    recover(&app, &token, &mut device).await.expect(200, &status("OK"));
    let mut front_end = app.front_end(Mode::Header);
    let reply = sign_in_by(&app, &mut front_end, &mut device).await;
    assert_eq!(reply.json()["user"]["loginMethods"][0]["verified"], true);
    assert_eq!(front_end.payload()["st-ev"]["v"], true);
}

async fn a_passkey_is_good_in_its_user_s_tenant(harness: Harness) {
    let (app, _) = start(&harness).await;
    for name in ["acme", "blog"] {
        set(&app, CreateOrUpdateTenantInput::new(name).first_factors([FactorId::WEBAUTHN])).await;
    }
    let mut device = Device::on(PAGE);
    let options = to_make(&app, &json!({ "email": EMAIL }), Some("acme")).await;
    let body = answer(&options, device.make(&options).await);
    // Options are their tenant's.
    let reply = app.send(Req::post("/auth/blog/webauthn/signup").json(&body)).await;
    reply.expect(200, &status("OPTIONS_NOT_FOUND_ERROR"));
    let mut front_end = app.front_end(Mode::Header);
    let reply = front_end.send(&app, Req::post("/auth/acme/webauthn/signup").json(&body)).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
    assert_eq!(front_end.payload()["tId"], "acme");
    let refused = status("INVALID_CREDENTIALS_ERROR");
    for tenant in ["blog", "public"] {
        let path = format!("/auth/{tenant}/webauthn/signin");
        let options = to_use(&app, Some(tenant)).await;
        let body = answer(&options, device.sign(&options).await);
        app.send(Req::post(&path).json(&body)).await.expect(200, &refused);
        let options = to_use(&app, Some("acme")).await;
        let body = answer(&options, device.sign(&options).await);
        app.send(Req::post(&path).json(&body)).await.expect(200, &refused);
    }
    let options = to_use(&app, Some("acme")).await;
    let body = answer(&options, device.sign(&options).await);
    let reply = app.send(Req::post("/auth/acme/webauthn/signin").json(&body)).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
}

async fn tenants_say_whether_passkeys_start_a_sign_in(harness: Harness) {
    let setup = Setup::new().recipes(|builder: AuthBuilder| {
        builder.recipe(recipe()).recipe(EmailPasswordRecipe::new())
    });
    let app = harness.start(setup).await;
    set(&app, CreateOrUpdateTenantInput::new("acme").first_factors([FactorId::EMAIL_PASSWORD]))
        .await;
    let ways = async |path: &str| {
        let ways = app.send(Req::get(path)).await.json();
        (ways["webauthn"]["enabled"].clone(), ways["firstFactors"].clone())
    };
    let both = (json!(true), json!(["webauthn", "emailpassword"]));
    assert_eq!(ways("/auth/loginmethods").await, both);
    assert_eq!(ways("/auth/acme/loginmethods").await, (json!(false), json!(["emailpassword"])));
    let options = to_make(&app, &json!({ "email": EMAIL }), Some("acme")).await;
    let mut device = Device::on(PAGE);
    let body = answer(&options, device.make(&options).await);
    let reply = app.send(Req::post("/auth/acme/webauthn/signup").json(&body)).await;
    reply.expect_message(401, "unauthorised");
    let options = to_use(&app, Some("acme")).await;
    let body = answer(&options, device.sign(&options).await);
    let reply = app.send(Req::post("/auth/acme/webauthn/signin").json(&body)).await;
    reply.expect_message(401, "unauthorised");
}
