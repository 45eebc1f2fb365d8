//! Several factors in one session.

use auth_core::{
    AuthBuilder, GetUserCountInput,
    protocol::Secret,
    recipes::{
        accountlinking::{AccountLinkingRecipe, AutomaticLinking},
        emailpassword::EmailPasswordRecipe,
        multifactorauth::{FactorId, MultiFactorAuthRecipe, TenantFactors},
        passwordless::{Contact, ContactMethod, FlowType, PasswordlessRecipe},
        recoverycode::RecoveryCodeRecipe,
        totp::TotpRecipe,
    },
};
use serde_json::{Value, json};

use super::{
    cases,
    support::{EMAIL, PASSWORD, form, sign_up},
};
use crate::{
    App, Harness, START_MS, Setup,
    client::{FrontEnd, Mode, Reply, Req},
};

cases! {
    "fdi-6.3" => the_first_factor_is_noted_and_is_enough_where_nothing_is_required,
    "fdi-6.3" => a_route_stays_closed_until_what_is_required_is_complete,
    "fdi-6.3" => a_session_that_was_started_without_the_claim_gets_it,
    "fdi-6.6" => who_has_a_factor_completes_it_before_setting_up_another,
    "fdi-1.6" => the_front_end_is_told_what_is_next,
    "fdi-6.9" => an_account_that_is_added_in_the_session_completes_its_factor_there,
    "fdi-6.2" => a_sign_in_by_what_is_no_first_factor_is_refused,
}

/// Every recipe that has to do with factors, and what is required of everybody.
pub(super) fn with_factors<const N: usize>(required: [FactorId; N]) -> Setup {
    Setup::new().recipes(move |builder: AuthBuilder| {
        let linking =
            AccountLinkingRecipe::new().should_do_automatic_account_linking(|_, _| async move {
                Ok(AutomaticLinking::Yes { should_require_verification: false })
            });
        let passwordless = PasswordlessRecipe::new(
            ContactMethod::EmailOrPhone,
            FlowType::UserInputCodeAndMagicLink,
        );
        builder
            .recipe(EmailPasswordRecipe::new())
            .recipe(passwordless)
            .recipe(linking)
            .recipe(MultiFactorAuthRecipe::new().required_secondary_factors(required))
            .recipe(TotpRecipe::new())
            .recipe(RecoveryCodeRecipe::new())
    })
}

/// Signs in by the form.
pub(super) async fn sign_in(app: &App, mode: Mode) -> FrontEnd {
    let mut front_end = app.front_end(mode);
    let reply = front_end.send(app, Req::post("/auth/signin").json(&form(EMAIL, PASSWORD))).await;
    assert_eq!((reply.status, &reply.json()["status"]), (200, &json!("OK")), "{reply:?}");
    front_end
}

/// What an authenticator app shows now.
pub(super) fn code(app: &App, secret: &Secret) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret.expose_secret()).expect("Base32");
    let totp = totp_rs::Builder::new().with_secret(secret).build().expect("valid");
    totp.generate(app.clock.now_ms().unsigned_abs() / 1000).to_string()
}

/// Sets an authenticator app up and gives its secret.
pub(super) async fn set_up_totp(app: &App, front_end: &mut FrontEnd) -> Secret {
    let reply = front_end.send(app, Req::post("/auth/totp/device").json(&json!({}))).await;
    let device = reply.json();
    let secret = Secret::from(device["secret"].as_str().expect("a secret"));
    let body = json!({ "deviceName": device["deviceName"], "totp": code(app, &secret) });
    let reply = front_end.send(app, Req::post("/auth/totp/device/verify").json(&body)).await;
    reply.expect(200, &json!({ "status": "OK", "wasAlreadyVerified": false }));
    expect_new_token(&reply, front_end);
    secret
}

/// A response that changed the session's claims says so in the way that front ends notice.
fn expect_new_token(reply: &Reply, front_end: &FrontEnd) {
    assert!(reply.exposed().contains(&"front-token"), "{reply:?}");
    let front_token = front_end.front_token.as_ref().expect("a front token");
    assert_eq!(front_token["up"]["st-mfa"], front_end.payload()["st-mfa"]);
}

pub(super) async fn expect_closed(app: &App, front_end: &mut FrontEnd) {
    let reply = front_end.send(app, Req::get("/sessioninfo")).await;
    let reason = json!({ "message": "MFA requirement for auth is not satisfied" });
    let errors = json!([{ "id": "st-mfa", "reason": reason }]);
    reply.expect(403, &json!({ "message": "invalid claim", "claimValidationErrors": errors }));
}

pub(super) async fn expect_open(app: &App, front_end: &mut FrontEnd) {
    let reply = front_end.send(app, Req::get("/sessioninfo")).await;
    assert_eq!(reply.status, 200, "{reply:?}");
}

pub(super) async fn info(app: &App, front_end: &mut FrontEnd) -> Value {
    let reply = front_end.send(app, Req::new("PUT", "/auth/mfa/info").json(&json!({}))).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

async fn the_first_factor_is_noted_and_is_enough_where_nothing_is_required(harness: Harness) {
    let app = harness.start(with_factors([])).await;
    for (mode, path) in [(Mode::Cookie, "/auth/signup"), (Mode::Header, "/auth/signin")] {
        let (mut front_end, reply) = sign_up(&app, mode, path).await;
        let noted = json!({ "c": { "emailpassword": START_MS / 1000 }, "v": true });
        assert_eq!(front_end.payload()["st-mfa"], noted);
        expect_new_token(&reply, &front_end);
        expect_open(&app, &mut front_end).await;
    }
}

async fn a_route_stays_closed_until_what_is_required_is_complete(harness: Harness) {
    for mode in Mode::BOTH {
        let app = harness.start(with_factors([FactorId::TOTP])).await;
        let mut front_end = sign_up(&app, mode, "/auth/signup").await.0;
        expect_closed(&app, &mut front_end).await;
        app.advance_secs(5);
        let secret = set_up_totp(&app, &mut front_end).await;
        let seconds = START_MS / 1000;
        let done = json!({ "emailpassword": seconds, "totp": seconds + 5 });
        assert_eq!(front_end.payload()["st-mfa"], json!({ "c": done, "v": true }));
        expect_open(&app, &mut front_end).await;
        assert_eq!(front_end.refresh(&app).await.status, 200);
        expect_open(&app, &mut front_end).await;

        app.advance_secs(60);
        let mut front_end = sign_in(&app, mode).await;
        expect_closed(&app, &mut front_end).await;
        let body = json!({ "totp": code(&app, &secret) });
        let reply = front_end.send(&app, Req::post("/auth/totp/verify").json(&body)).await;
        reply.expect(200, &json!({ "status": "OK" }));
        expect_new_token(&reply, &front_end);
        expect_open(&app, &mut front_end).await;
    }
}

async fn a_session_that_was_started_without_the_claim_gets_it(harness: Harness) {
    let app = harness.start(with_factors([])).await;
    let (front_end, _) = sign_up(&app, Mode::Header, "/auth/signup").await;
    let body = json!({ "userId": front_end.payload()["sub"] });
    let (mut front_end, _) = app.sign_in_with(Mode::Header, &body).await;
    assert_eq!(front_end.payload().get("st-mfa"), None);
    app.advance_secs(10);
    expect_open(&app, &mut front_end).await;
    let noted = json!({ "c": { "emailpassword": START_MS / 1000 }, "v": true });
    assert_eq!(front_end.payload()["st-mfa"], noted);
}

async fn who_has_a_factor_completes_it_before_setting_up_another(harness: Harness) {
    let app = harness.start(with_factors([FactorId::TOTP])).await;
    let mut ada = sign_up(&app, Mode::Cookie, "/auth/signup").await.0;
    set_up_totp(&app, &mut ada).await;
    let mut thief = sign_in(&app, Mode::Cookie).await;
    let reply = thief.send(&app, Req::post("/auth/totp/device").json(&json!({}))).await;
    let reason = "Completed factors in the session does not satisfy the MFA requirements for auth";
    let errors = json!([{ "id": "st-mfa", "reason": reason }]);
    reply.expect(403, &json!({ "message": "invalid claim", "claimValidationErrors": errors }));
    let body = json!({ "deviceName": "TOTP Device 0" });
    let reply = thief.send(&app, Req::post("/auth/totp/device/remove").json(&body)).await;
    assert_eq!(reply.status, 403, "{reply:?}");
    // Nor does anybody set up what isn't next.
    let app = harness.start(with_factors([FactorId::OTP_PHONE])).await;
    let mut ada = sign_up(&app, Mode::Cookie, "/auth/signup").await.0;
    let reply = ada.send(&app, Req::post("/auth/totp/device").json(&json!({}))).await;
    let reason = "Not allowed to setup factor that is not in the next set of unsatisfied factors";
    let errors = json!([{ "id": "st-mfa", "reason": reason }]);
    reply.expect(403, &json!({ "message": "invalid claim", "claimValidationErrors": errors }));
}

async fn the_front_end_is_told_what_is_next(harness: Harness) {
    let app = harness.start(with_factors([FactorId::TOTP])).await;
    let mut front_end = sign_up(&app, Mode::Cookie, "/auth/signup").await.0;
    let told = info(&app, &mut front_end).await;
    assert_eq!(told["status"], "OK");
    let factors = json!({
        "next": ["totp"],
        "alreadySetup": ["emailpassword"],
        "allowedToSetup": ["totp"],
    });
    assert_eq!(told["factors"], factors);
    for factor in ["emailpassword", "otp-email"] {
        assert_eq!(told["emails"][factor], json!([EMAIL]));
    }
    assert_eq!(told["phoneNumbers"]["otp-phone"], json!([]));
    set_up_totp(&app, &mut front_end).await;
    let told = info(&app, &mut front_end).await;
    assert_eq!(told["factors"]["next"], json!([]));
    // The next session starts anew.
    let told = info(&app, &mut sign_in(&app, Mode::Cookie).await).await;
    assert_eq!(told["factors"]["next"], json!(["totp"]));
    assert_eq!(told["factors"]["allowedToSetup"], json!([]), "what is there comes first");
    let reply = app.send(Req::new("PUT", "/auth/mfa/info").json(&json!({}))).await;
    reply.expect(401, &json!({ "message": "unauthorised" }));
}

async fn an_account_that_is_added_in_the_session_completes_its_factor_there(harness: Harness) {
    for mode in Mode::BOTH {
        let app = harness.start(with_factors([FactorId::OTP_EMAIL])).await;
        let mut front_end = sign_up(&app, mode, "/auth/signup").await.0;
        let handle = front_end.handle();
        // A code that the application hands out itself, as no mail is read here.
        let functions = app.auth.passwordless().expect("in the list");
        let contact = Contact::Email(EMAIL.to_owned());
        let created = functions.create_code(contact).await.expect("created");
        // Login methods are listed by when they joined.
        app.advance_secs(1);
        let proof = json!({
            "preAuthSessionId": created.pre_auth_session_id,
            "deviceId": created.device_id,
            "userInputCode": created.user_input_code,
            "shouldTryLinkingWithSessionUser": true,
        });
        let consume = Req::post("/auth/signinup/code/consume").json(&proof);
        let reply = front_end.send(&app, consume).await;
        assert_eq!(reply.json()["status"], "OK", "{reply:?}");
        let methods = &reply.json()["user"]["loginMethods"];
        assert_eq!(methods.as_array().map(Vec::len), Some(2), "{reply:?}");
        assert_eq!(front_end.handle(), handle);
        let seconds = START_MS / 1000;
        let done = json!({ "emailpassword": seconds, "otp-email": seconds + 1 });
        assert_eq!(front_end.payload()["st-mfa"], json!({ "c": done, "v": true }));
        expect_open(&app, &mut front_end).await;
    }
}

async fn a_sign_in_by_what_is_no_first_factor_is_refused(harness: Harness) {
    let start = async |recipe: MultiFactorAuthRecipe| {
        let passwordless =
            PasswordlessRecipe::new(ContactMethod::Email, FlowType::UserInputCodeAndMagicLink);
        let setup = Setup::new().recipes(|builder: AuthBuilder| {
            builder.recipe(EmailPasswordRecipe::new()).recipe(passwordless).recipe(recipe)
        });
        harness.start(setup).await
    };
    let form = Req::post("/auth/signup").json(&form(EMAIL, PASSWORD));
    let form = form.header("st-auth-mode", "cookie");
    let code = Req::post("/auth/signinup/code").json(&json!({ "email": EMAIL }));
    let only = |id| MultiFactorAuthRecipe::new().first_factors([id]);
    let of_tenant = TenantFactors::new().first_factors([FactorId::LINK_EMAIL]);
    for (recipe, flow_type) in [
        (only(FactorId::OTP_EMAIL), "USER_INPUT_CODE"),
        // The tenant's say counts.
        (only(FactorId::EMAIL_PASSWORD).tenant("public", of_tenant), "MAGIC_LINK"),
    ] {
        let app = start(recipe).await;
        let reply = app.send(form.clone()).await;
        reply.expect(401, &json!({ "message": "unauthorised" }));
        assert_eq!(app.auth.get_user_count(GetUserCountInput::new()).await.expect("a count"), 0);
        let reply = app.send(code.clone()).await;
        assert_eq!(reply.json()["flowType"], flow_type, "of the two forms the permitted one");
    }
    let app = start(only(FactorId::EMAIL_PASSWORD)).await;
    app.send(code).await.expect(401, &json!({ "message": "unauthorised" }));
    assert_eq!(app.send(form).await.json()["status"], "OK");
}
