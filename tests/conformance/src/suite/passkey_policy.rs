//! Passkeys beyond the reference's routes: names, what they count as, when they change, and where.

use auth_core::{
    AuthBuilder,
    protocol::UserId,
    recipes::{
        accountlinking::{AccountLinkingRecipe, AutomaticLinking},
        emailpassword::EmailPasswordRecipe,
        multifactorauth::{FactorId, MultiFactorAuthRecipe},
        totp::TotpRecipe,
        webauthn::{AttestationPreference, AuthenticatorPreference, WebAuthnRecipe},
    },
};
use serde_json::{Value, json};
use test_passkeys::{AAGUID, Device};

use super::{
    cases,
    mfa::{expect_closed, expect_open, info, set_up_totp, sign_in},
    passkeys::{
        PAGE, SIGN_IN, SIGN_UP, ada, answer, recipe, sign_in_by, sign_up_by, to_make_for, to_use,
    },
    support::{EMAIL, sign_up},
};
use crate::{
    App, Harness, START_MS, Setup,
    client::{FrontEnd, Mode, Reply, Req},
};

cases! {
    "ext-passkey-names" => a_passkey_has_the_name_that_its_user_gives_it,
    "ext-passkey-names" => a_passkey_is_renamed_by_its_user_alone,
    "ext-passkey-names" => a_list_of_passkeys_says_when_each_was_used,
    "ext-passkey-options" => settings_say_what_is_asked_of_authenticators,
    "ext-passkey-options" => options_to_use_a_passkey_are_there_for_each_load_of_a_page,
    "ext-passkey-factors" => a_passkey_is_one_factor_unless_it_is_said_otherwise,
    "ext-passkey-factors" => a_verified_passkey_is_both_factors_where_the_application_says_so,
    "ext-passkey-factors" => a_verified_passkey_is_both_factors_in_the_tenants_that_say_so,
    "ext-passkey-factors" => a_passkey_is_the_second_factor_where_it_is_required,
    "ext-passkey-factors" => who_has_a_passkey_must_not_show_it,
    "ext-passkey-fresh" => passkeys_come_and_go_only_behind_a_fresh_factor,
    "ext-passkey-fresh" => without_factors_the_sign_in_must_be_fresh,
    "ext-passkey-fresh" => a_passkey_is_linked_only_behind_a_fresh_factor,
    "ext-passkey-last" => the_last_way_into_an_account_stays,
    "ext-passkey-origins" => a_passkey_is_made_and_used_on_a_related_origin,
    "ext-passkey-origins" => related_origins_are_told_where_browsers_look_for_them,
    "ext-passkey-promotion" => a_passkey_is_offered_to_who_has_none,
    "ext-passkey-promotion" => an_offer_rests_for_two_weeks_or_for_good,
    "ext-passkey-promotion" => a_passkey_is_not_offered_where_none_could_be_added,
}

const CREDENTIAL: &str = "/auth/webauthn/credential";
const LIST: &str = "/auth/webauthn/credential/list";
const REMOVE: &str = "/auth/webauthn/credential/remove";
const RENAME: &str = "/auth/webauthn/credential/rename";
const PROMOTION: &str = "/auth/webauthn/promotion";

const RELATED: &str = "https://example.co.uk";

fn status(status: &str) -> Value {
    json!({ "status": status })
}

fn only(recipe: WebAuthnRecipe) -> Setup {
    Setup::new().recipes(|builder: AuthBuilder| builder.recipe(recipe))
}

/// Passkeys and passwords, linked in a session, without factors.
fn with_passwords(recipe: WebAuthnRecipe, rule: AutomaticLinking) -> Setup {
    Setup::new().recipes(move |builder: AuthBuilder| {
        let linking = AccountLinkingRecipe::new()
            .should_do_automatic_account_linking(move |_, _| async move { Ok(rule) });
        builder.recipe(recipe).recipe(EmailPasswordRecipe::new()).recipe(linking)
    })
}

const LINKED: AutomaticLinking = AutomaticLinking::Yes { should_require_verification: false };

/// The same with factors, of which some are required.
fn with_factors(recipe: WebAuthnRecipe, required: &[FactorId]) -> Setup {
    let required = required.to_vec();
    Setup::new().recipes(move |builder: AuthBuilder| {
        let linking = AccountLinkingRecipe::new()
            .should_do_automatic_account_linking(|_, _| async move { Ok(LINKED) });
        builder
            .recipe(recipe)
            .recipe(EmailPasswordRecipe::new())
            .recipe(linking)
            .recipe(MultiFactorAuthRecipe::new().required_secondary_factors(required))
            .recipe(TotpRecipe::new())
    })
}

async fn listed(app: &App, front_end: &mut FrontEnd) -> Vec<Value> {
    let reply = front_end.send(app, Req::get(LIST)).await;
    let list = reply.json();
    assert_eq!((reply.status, &list["status"]), (200, &json!("OK")), "{reply:?}");
    list["credentials"].as_array().expect("a list").clone()
}

async fn rename(app: &App, front_end: &mut FrontEnd, id: &Value, name: &str) -> Reply {
    let body = json!({ "webauthnCredentialId": id, "name": name });
    front_end.send(app, Req::post(RENAME).json(&body)).await
}

async fn remove(app: &App, front_end: &mut FrontEnd, id: &Value) -> Reply {
    let body = json!({ "webauthnCredentialId": id });
    front_end.send(app, Req::post(REMOVE).json(&body)).await
}

/// Adds a passkey of another device to the login method of a session, or tries to.
async fn add(app: &App, front_end: &mut FrontEnd) -> Reply {
    let options = to_make_for(app, EMAIL).await;
    let mut body = answer(&options, Device::on(PAGE).make(&options).await);
    body["recipeUserId"] = front_end.payload()["rsub"].clone();
    front_end.send(app, Req::post(CREDENTIAL).json(&body)).await
}

/// Adds a login method by a passkey to the session's user, or tries to.
async fn link(app: &App, front_end: &mut FrontEnd, device: &mut Device) -> Reply {
    let options = to_make_for(app, EMAIL).await;
    let mut body = answer(&options, device.make(&options).await);
    body["shouldTryLinkingWithSessionUser"] = json!(true);
    front_end.send(app, Req::post(SIGN_UP).json(&body)).await
}

/// Shows a passkey in a session.
async fn show(app: &App, front_end: &mut FrontEnd, device: &mut Device) -> Reply {
    let options = to_use(app, None).await;
    let mut body = answer(&options, device.sign(&options).await);
    body["shouldTryLinkingWithSessionUser"] = json!(true);
    front_end.send(app, Req::post(SIGN_IN).json(&body)).await
}

fn expect_ok(reply: &Reply) {
    assert_eq!((reply.status, &reply.json()["status"]), (200, &json!("OK")), "{reply:?}");
}

fn expect_stale(reply: &Reply, max_age_secs: u64) {
    let reason = json!({
        "message": "No factor was completed lately enough",
        "maxAgeInSeconds": max_age_secs,
    });
    let errors = json!([{ "id": "st-mfa", "reason": reason }]);
    reply.expect(403, &json!({ "message": "invalid claim", "claimValidationErrors": errors }));
}

fn general(text: &str) -> Value {
    json!({ "status": "GENERAL_ERROR", "message": text })
}

async fn a_passkey_has_the_name_that_its_user_gives_it(harness: Harness) {
    for mode in Mode::BOTH {
        let app = harness.start(only(recipe())).await;
        let (mut front_end, _) = ada(&app, mode).await;
        let passkey = listed(&app, &mut front_end).await[0].clone();
        assert_eq!(passkey.get("name"), None, "nobody knows this authenticator: {passkey}");
        let id = &passkey["webauthnCredentialId"];
        let named = json!({ "status": "OK", "name": "My blue one" });
        rename(&app, &mut front_end, id, "  My\tblue \u{202e}one ").await.expect(200, &named);
        assert_eq!(listed(&app, &mut front_end).await[0]["name"], "My blue one");
        let reason = "The name must have no more than 64 characters";
        let too_long = json!({ "status": "INVALID_NAME_ERROR", "reason": reason });
        rename(&app, &mut front_end, id, &"é".repeat(65)).await.expect(200, &too_long);
        assert_eq!(listed(&app, &mut front_end).await[0]["name"], "My blue one");
        rename(&app, &mut front_end, id, " ").await.expect(200, &status("OK"));
        assert_eq!(listed(&app, &mut front_end).await[0].get("name"), None);
    }
}

async fn a_passkey_is_renamed_by_its_user_alone(harness: Harness) {
    let app = harness.start(only(recipe())).await;
    let (mut front_end, _) = ada(&app, Mode::Header).await;
    let id = listed(&app, &mut front_end).await[0]["webauthnCredentialId"].clone();
    let mut eve = app.front_end(Mode::Header);
    sign_up_by(&app, &mut eve, &mut Device::on(PAGE), "eve@example.com").await;
    let unknown = status("CREDENTIAL_NOT_FOUND_ERROR");
    rename(&app, &mut eve, &id, "Mine").await.expect(200, &unknown);
    for id in [json!("AAAA"), json!("\0")] {
        rename(&app, &mut front_end, &id, "Mine").await.expect(200, &unknown);
    }
    assert_eq!(listed(&app, &mut front_end).await[0].get("name"), None);
    for (body, message) in [
        (json!({ "name": "x" }), "A valid webauthnCredentialId is required"),
        (json!({ "webauthnCredentialId": id }), "name is required and must be a string"),
        (json!({ "webauthnCredentialId": id, "name": 1 }), "name is required and must be a string"),
    ] {
        let reply = front_end.send(&app, Req::post(RENAME).json(&body)).await;
        reply.expect_message(400, message);
    }
    let body = json!({ "webauthnCredentialId": id, "name": "x" });
    app.send(Req::post(RENAME).json(&body)).await.expect_message(401, "unauthorised");
}

async fn a_list_of_passkeys_says_when_each_was_used(harness: Harness) {
    let app = harness.start(only(recipe())).await;
    let (mut front_end, mut device) = ada(&app, Mode::Header).await;
    let passkey = listed(&app, &mut front_end).await[0].clone();
    let mut wanted = json!({
        "recipeUserId": front_end.payload()["rsub"],
        "webauthnCredentialId": passkey["webauthnCredentialId"],
        "relyingPartyId": "example.com",
        "createdAt": START_MS,
        "isBackedUp": passkey["isBackedUp"],
        "aaguid": AAGUID,
    });
    assert!(passkey["isBackedUp"].is_boolean(), "{passkey}");
    assert_eq!(passkey, wanted);
    app.advance_secs(5);
    expect_ok(&sign_in_by(&app, &mut app.front_end(Mode::Header), &mut device).await);
    wanted["lastUsedAt"] = json!(START_MS + 5000);
    assert_eq!(listed(&app, &mut front_end).await, [wanted]);
}

async fn settings_say_what_is_asked_of_authenticators(harness: Harness) {
    let recipe = recipe()
        .timeout(std::time::Duration::from_secs(300))
        .attestation(AttestationPreference::Direct)
        .resident_key(AuthenticatorPreference::Preferred)
        .user_verification(AuthenticatorPreference::Required)
        .supported_algorithm_ids([-7]);
    let app = harness.start(only(recipe)).await;
    let options = to_make_for(&app, EMAIL).await;
    assert_eq!((&options["timeout"], &options["attestation"]), (&json!(300_000), &json!("direct")));
    assert_eq!(options["pubKeyCredParams"], json!([{ "alg": -7, "type": "public-key" }]));
    let selection = json!({
        "requireResidentKey": false, "residentKey": "preferred", "userVerification": "required",
    });
    assert_eq!(options["authenticatorSelection"], selection);
    let options = to_use(&app, None).await;
    assert_eq!(options["timeout"], 300_000);
    assert_eq!(options["userVerification"], "required");
    // What is required is held against the answer.
    let options = to_make_for(&app, EMAIL).await;
    let body = answer(&options, Device::on(PAGE).es256().unverified().make(&options).await);
    let reply = app.send(Req::post(SIGN_UP).json(&body)).await;
    assert_eq!(reply.json()["status"], "INVALID_AUTHENTICATOR_ERROR", "{reply:?}");
}

/// A page that offers passkeys in a field asks at each load, for whoever comes.
async fn options_to_use_a_passkey_are_there_for_each_load_of_a_page(harness: Harness) {
    let app = harness.start(only(recipe())).await;
    let (_, mut device) = ada(&app, Mode::Header).await;
    for _ in 0..100 {
        let options = to_use(&app, None).await;
        assert_eq!(options.get("allowCredentials"), None, "{options}");
    }
    expect_ok(&sign_in_by(&app, &mut app.front_end(Mode::Header), &mut device).await);
}

async fn a_passkey_is_one_factor_unless_it_is_said_otherwise(harness: Harness) {
    let app = harness.start(with_factors(recipe(), &[FactorId::TOTP])).await;
    let (mut front_end, mut device) = ada(&app, Mode::Header).await;
    expect_closed(&app, &mut front_end).await;
    let noted = json!({ "c": { "webauthn": START_MS / 1000 }, "v": false });
    assert_eq!(front_end.payload()["st-mfa"], noted);
    let mut front_end = app.front_end(Mode::Header);
    expect_ok(&sign_in_by(&app, &mut front_end, &mut device).await);
    expect_closed(&app, &mut front_end).await;
    set_up_totp(&app, &mut front_end).await;
    expect_open(&app, &mut front_end).await;
}

async fn a_verified_passkey_is_both_factors_where_the_application_says_so(harness: Harness) {
    let both = || recipe().verified_passkey_is_both_factors(true);
    for mode in Mode::BOTH {
        let app = harness.start(with_factors(both(), &[FactorId::TOTP])).await;
        let (mut front_end, mut device) = ada(&app, mode).await;
        expect_open(&app, &mut front_end).await;
        let mut front_end = app.front_end(mode);
        expect_ok(&sign_in_by(&app, &mut front_end, &mut device).await);
        let secs = START_MS / 1000;
        let noted = json!({ "c": { "webauthn": secs, "webauthn-verified": secs }, "v": true });
        assert_eq!(front_end.payload()["st-mfa"], noted);
        expect_open(&app, &mut front_end).await;
        assert_eq!(front_end.refresh(&app).await.status, 200);
        expect_open(&app, &mut front_end).await;
        assert_eq!(info(&app, &mut front_end).await["factors"]["next"], json!([]));
    }
    // Nobody asked for a PIN: one factor.
    let app = harness.start(with_factors(both(), &[FactorId::TOTP])).await;
    let (mut front_end, mut device) = (app.front_end(Mode::Header), Device::on(PAGE).unverified());
    sign_up_by(&app, &mut front_end, &mut device, EMAIL).await;
    expect_closed(&app, &mut front_end).await;
    let mut front_end = app.front_end(Mode::Header);
    expect_ok(&sign_in_by(&app, &mut front_end, &mut device).await);
    expect_closed(&app, &mut front_end).await;
}

async fn a_verified_passkey_is_both_factors_in_the_tenants_that_say_so(harness: Harness) {
    let recipe = recipe()
        .verified_passkey_is_both_factors(true)
        .verified_passkey_is_both_factors_in("public", false);
    let app = harness.start(with_factors(recipe, &[FactorId::TOTP])).await;
    let (mut front_end, _) = ada(&app, Mode::Header).await;
    expect_closed(&app, &mut front_end).await;
}

async fn a_passkey_is_the_second_factor_where_it_is_required(harness: Harness) {
    for mode in Mode::BOTH {
        let app = harness.start(with_factors(recipe(), &[FactorId::WEBAUTHN])).await;
        let mut front_end = sign_up(&app, mode, "/auth/signup").await.0;
        expect_closed(&app, &mut front_end).await;
        assert_eq!(info(&app, &mut front_end).await["factors"]["next"], json!(["webauthn"]));
        app.advance_secs(1);
        let mut device = Device::on(PAGE);
        expect_ok(&link(&app, &mut front_end, &mut device).await);
        expect_open(&app, &mut front_end).await;

        app.advance_secs(60);
        let mut front_end = sign_in(&app, mode).await;
        expect_closed(&app, &mut front_end).await;
        let before = front_end.handle();
        // Who has a passkey shows it, and sets no other one up.
        let reply = link(&app, &mut front_end, &mut Device::on(PAGE)).await;
        assert_eq!(reply.status, 403, "{reply:?}");
        expect_ok(&show(&app, &mut front_end, &mut device).await);
        assert_eq!(front_end.handle(), before);
        expect_open(&app, &mut front_end).await;
        // It isn't both the first and the second.
        let reply = sign_in_by(&app, &mut app.front_end(mode), &mut device).await;
        reply.expect_message(401, "unauthorised");
    }
}

async fn who_has_a_passkey_must_not_show_it(harness: Harness) {
    let app = harness.start(with_factors(recipe(), &[])).await;
    let mut front_end = sign_up(&app, Mode::Header, "/auth/signup").await.0;
    app.advance_secs(1);
    expect_ok(&link(&app, &mut front_end, &mut Device::on(PAGE)).await);
    let mut front_end = sign_in(&app, Mode::Header).await;
    expect_open(&app, &mut front_end).await;
    let told = info(&app, &mut front_end).await;
    assert_eq!(told["factors"]["next"], json!([]));
    assert_eq!(told["factors"]["alreadySetup"], json!(["emailpassword", "webauthn"]));
}

async fn passkeys_come_and_go_only_behind_a_fresh_factor(harness: Harness) {
    for mode in Mode::BOTH {
        let app = harness.start(with_factors(recipe(), &[])).await;
        let (mut front_end, mut device) = ada(&app, mode).await;
        app.advance_secs(900);
        add(&app, &mut front_end).await.expect(200, &status("OK"));
        let ids = listed(&app, &mut front_end).await;
        app.advance_secs(1);
        expect_stale(&add(&app, &mut front_end).await, 900);
        let id = &ids[1]["webauthnCredentialId"];
        expect_stale(&remove(&app, &mut front_end, id).await, 900);
        assert_eq!(listed(&app, &mut front_end).await.len(), 2);
        // A passkey of the user is as good as any factor, and the session stays.
        expect_ok(&show(&app, &mut front_end, &mut device).await);
        remove(&app, &mut front_end, id).await.expect(200, &status("OK"));
        app.advance_secs(1);
        add(&app, &mut front_end).await.expect(200, &status("OK"));
    }
    let app = harness.start(with_factors(recipe().fresh_factor_max_age(None), &[])).await;
    let (mut front_end, _) = ada(&app, Mode::Header).await;
    app.advance_secs(3000);
    add(&app, &mut front_end).await.expect(200, &status("OK"));
}

async fn without_factors_the_sign_in_must_be_fresh(harness: Harness) {
    let minute = std::time::Duration::from_secs(60);
    let app = harness.start(only(recipe().fresh_factor_max_age(minute))).await;
    let (mut front_end, mut device) = ada(&app, Mode::Header).await;
    app.advance_secs(60);
    add(&app, &mut front_end).await.expect(200, &status("OK"));
    app.advance_secs(1);
    expect_stale(&add(&app, &mut front_end).await, 60);
    let id = listed(&app, &mut front_end).await[1]["webauthnCredentialId"].clone();
    expect_stale(&remove(&app, &mut front_end, &id).await, 60);
    expect_ok(&sign_in_by(&app, &mut front_end, &mut device).await);
    remove(&app, &mut front_end, &id).await.expect(200, &status("OK"));
}

async fn a_passkey_is_linked_only_behind_a_fresh_factor(harness: Harness) {
    for setup in [with_factors(recipe(), &[]), with_passwords(recipe(), LINKED)] {
        let app = harness.start(setup).await;
        let mut front_end = sign_up(&app, Mode::Header, "/auth/signup").await.0;
        app.advance_secs(901);
        expect_stale(&link(&app, &mut front_end, &mut Device::on(PAGE)).await, 900);
        let mut front_end = sign_in(&app, Mode::Header).await;
        expect_ok(&link(&app, &mut front_end, &mut Device::on(PAGE)).await);
    }
}

async fn the_last_way_into_an_account_stays(harness: Harness) {
    const LAST: &str = "This passkey is the only way into your account. Add another one, or another \
        way to sign in, first.";
    let app = harness.start(only(recipe())).await;
    let (mut front_end, mut device) = ada(&app, Mode::Header).await;
    let first = listed(&app, &mut front_end).await[0]["webauthnCredentialId"].clone();
    remove(&app, &mut front_end, &first).await.expect(200, &general(LAST));
    expect_ok(&sign_in_by(&app, &mut app.front_end(Mode::Header), &mut device).await);
    app.advance_secs(1);
    add(&app, &mut front_end).await.expect(200, &status("OK"));
    remove(&app, &mut front_end, &first).await.expect(200, &status("OK"));
    let second = listed(&app, &mut front_end).await[0]["webauthnCredentialId"].clone();
    remove(&app, &mut front_end, &second).await.expect(200, &general(LAST));

    // A password is another way in; an authenticator app is none.
    let app = harness.start(with_factors(recipe(), &[])).await;
    let (mut front_end, _) = ada(&app, Mode::Header).await;
    set_up_totp(&app, &mut front_end).await;
    let id = listed(&app, &mut front_end).await[0]["webauthnCredentialId"].clone();
    remove(&app, &mut front_end, &id).await.expect(200, &general(LAST));
    let app = harness.start(with_factors(recipe(), &[])).await;
    let mut front_end = sign_up(&app, Mode::Header, "/auth/signup").await.0;
    app.advance_secs(1);
    expect_ok(&link(&app, &mut front_end, &mut Device::on(PAGE)).await);
    let id = listed(&app, &mut front_end).await[0]["webauthnCredentialId"].clone();
    remove(&app, &mut front_end, &id).await.expect(200, &status("OK"));
    assert!(listed(&app, &mut front_end).await.is_empty());
}

async fn a_passkey_is_made_and_used_on_a_related_origin(harness: Harness) {
    let (app, refusing) = (
        harness.start(only(recipe().related_origins([RELATED]))).await,
        harness.start(only(recipe())).await,
    );
    let (mut front_end, mut device) =
        (app.front_end(Mode::Header), Device::on(PAGE).related(RELATED));
    sign_up_by(&app, &mut front_end, &mut device, EMAIL).await;
    expect_ok(&sign_in_by(&app, &mut app.front_end(Mode::Header), &mut device).await);
    // The website's own goes on.
    let mut eve = app.front_end(Mode::Header);
    sign_up_by(&app, &mut eve, &mut Device::on(PAGE), "eve@example.com").await;

    let options = to_make_for(&refusing, EMAIL).await;
    let body = answer(&options, Device::on(PAGE).related(RELATED).make(&options).await);
    let reply = refusing.send(Req::post(SIGN_UP).json(&body)).await;
    assert_eq!(reply.json()["status"], "INVALID_AUTHENTICATOR_ERROR", "{reply:?}");
}

async fn related_origins_are_told_where_browsers_look_for_them(harness: Harness) {
    let origins = [RELATED, "https://shop.example.de:8443"];
    let app = harness.start(only(recipe().related_origins(origins))).await;
    let reply = app.send(Req::get("/.well-known/webauthn")).await;
    reply.expect(200, &json!({ "origins": origins }));
    assert!(reply.header("content-type").is_some_and(|it| it.starts_with("application/json")));
    reply.expect_tokens_untouched();
    let reply = app.send(Req::get("/auth/.well-known/webauthn")).await;
    assert_eq!(reply.status, 404, "{reply:?}");
    let app = harness.start(only(recipe())).await;
    let reply = app.send(Req::get("/.well-known/webauthn")).await;
    assert_eq!(reply.status, 404, "{reply:?}");
}

async fn offered(app: &App, front_end: &mut FrontEnd) -> bool {
    let reply = front_end.send(app, Req::get(PROMOTION)).await;
    let should_offer = reply.json()["shouldOffer"] == true;
    let mut answer = json!({ "status": "OK", "shouldOffer": should_offer });
    if should_offer {
        answer["email"] = json!(EMAIL);
    }
    reply.expect(200, &answer);
    should_offer
}

async fn a_passkey_is_offered_to_who_has_none(harness: Harness) {
    for setup in [with_factors(recipe(), &[]), with_passwords(recipe(), LINKED)] {
        let app = harness.start(setup).await;
        let mut front_end = sign_up(&app, Mode::Cookie, "/auth/signup").await.0;
        assert!(offered(&app, &mut front_end).await);
        app.advance_secs(1);
        expect_ok(&link(&app, &mut front_end, &mut Device::on(PAGE)).await);
        assert!(!offered(&app, &mut front_end).await, "there is one");
        let id = listed(&app, &mut front_end).await[0]["webauthnCredentialId"].clone();
        remove(&app, &mut front_end, &id).await.expect(200, &status("OK"));
        assert!(offered(&app, &mut front_end).await, "it is gone");
    }
    let app = harness.start(with_passwords(recipe(), LINKED)).await;
    app.send(Req::get(PROMOTION)).await.expect_message(401, "unauthorised");
    let body = json!({ "answer": "later" });
    app.send(Req::post(PROMOTION).json(&body)).await.expect_message(401, "unauthorised");
}

async fn an_offer_rests_for_two_weeks_or_for_good(harness: Harness) {
    const DAY_SECS: u64 = 24 * 60 * 60;
    let app = harness.start(with_passwords(recipe(), LINKED)).await;
    let mut front_end = sign_up(&app, Mode::Header, "/auth/signup").await.0;
    let user_id = front_end.payload()["sub"].as_str().expect("an id").to_owned();
    let metadata = app.auth.usermetadata().expect("always there");
    metadata.set_value(UserId::new(&*user_id), "theme", "dark").await.expect("kept");
    let say = async |front_end: &mut FrontEnd, body: Value| {
        front_end.send(&app, Req::post(PROMOTION).json(&body)).await
    };
    for body in [json!({}), json!({ "answer": "maybe" }), json!({ "answer": 1 })] {
        let reply = say(&mut front_end, body).await;
        reply.expect_message(400, "answer must be `later` or `never`");
    }
    assert!(offered(&app, &mut front_end).await);
    say(&mut front_end, json!({ "answer": "later" })).await.expect(200, &status("OK"));
    assert!(!offered(&app, &mut front_end).await);
    app.advance_secs(14 * DAY_SECS - 1);
    let mut front_end = sign_in(&app, Mode::Header).await;
    assert!(!offered(&app, &mut front_end).await);
    app.advance_secs(1);
    assert!(offered(&app, &mut front_end).await);
    say(&mut front_end, json!({ "answer": "never" })).await.expect(200, &status("OK"));
    app.advance_secs(1000 * DAY_SECS);
    let mut front_end = sign_in(&app, Mode::Header).await;
    assert!(!offered(&app, &mut front_end).await);
    let theme: Option<String> =
        metadata.get_value(UserId::new(&*user_id), "theme").await.expect("read");
    assert_eq!(theme.as_deref(), Some("dark"));
}

async fn a_passkey_is_not_offered_where_none_could_be_added(harness: Harness) {
    let verified = AutomaticLinking::Yes { should_require_verification: true };
    for setup in [
        with_passwords(recipe(), AutomaticLinking::No),
        // The address isn't verified.
        with_passwords(recipe(), verified),
        // What is required isn't complete.
        with_factors(recipe(), &[FactorId::TOTP]),
        Setup::new().recipes(|builder: AuthBuilder| {
            builder.recipe(recipe()).recipe(EmailPasswordRecipe::new())
        }),
    ] {
        let app = harness.start(setup).await;
        let mut front_end = sign_up(&app, Mode::Header, "/auth/signup").await.0;
        assert!(!offered(&app, &mut front_end).await);
    }
}
