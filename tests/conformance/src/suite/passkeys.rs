//! Sign-up and sign-in by passkeys.

use auth_core::{
    AuthBuilder, Context, Error, GetUserCountInput, Result,
    protocol::{CdiVersion, JsonObject},
    recipes::webauthn::{
        RegisterOptionsInput, RegisterOptionsOutcome, SignUpPostInput, SignUpPostOutcome,
        WebAuthnApi, WebAuthnApis, WebAuthnApisOverride, WebAuthnFunctions, WebAuthnOverride,
        WebAuthnRecipe,
    },
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use test_passkeys::Device;

use super::{cases, support::EMAIL};
use crate::{
    App, Harness, START_MS, Setup,
    client::{FrontEnd, Mode, Reply, Req},
};

cases! {
    "fdi-1.9-1" => options_to_make_a_passkey_say_for_whom_and_for_which_site,
    "fdi-1.9-1" => an_address_that_is_none_gets_no_options,
    "fdi-1.9-1" => options_are_asked_for_with_an_address_or_a_token,
    "fdi-1.9-2" => options_to_use_a_passkey_are_for_anybody,
    "fdi-1.9-3" => a_passkey_signs_somebody_up,
    "fdi-1.9-3" => an_address_has_one_account_by_passkeys,
    "fdi-1.9-3" => options_are_good_for_one_passkey_for_a_minute,
    "fdi-1.9-3" => what_was_not_made_by_these_options_makes_no_account,
    "fdi-1.9-3" => a_passkey_of_somebody_else_makes_no_account,
    "fdi-1.9-4" => a_passkey_signs_its_user_in,
    "fdi-1.9-4" => an_answer_is_good_once_and_for_a_minute,
    "fdi-1.9-4" => an_answer_is_good_once_on_a_core_that_takes_it_again,
    "fdi-1.9-4" => whatever_is_wrong_with_a_passkey_is_told_alike,
    "fdi-1.9-4" => a_passkey_whose_counter_went_back_is_refused,
    "fdi-1.9-7" => whether_an_address_has_a_passkey_can_be_asked,
    "fdi-1.9-input" => what_is_missing_is_named,
    "fdi-1.9-input" => what_is_malformed_or_too_large_writes_nothing,
    "fdi-1.9-overrides" => functions_and_routes_can_be_replaced_and_switched_off,
}

/// The page on which passkeys are made and used.
pub(super) const PAGE: &str = "https://www.example.com";

const REGISTER: &str = "/auth/webauthn/options/register";
const SIGN_IN_OPTIONS: &str = "/auth/webauthn/options/signin";
pub(super) const SIGN_UP: &str = "/auth/webauthn/signup";
pub(super) const SIGN_IN: &str = "/auth/webauthn/signin";

/// The recipe for the website and whatever else is below its domain.
pub(super) fn recipe() -> WebAuthnRecipe {
    WebAuthnRecipe::new().relying_party_id("example.com")
}

fn with(recipe: WebAuthnRecipe) -> Setup {
    Setup::new().recipes(|builder: AuthBuilder| builder.recipe(recipe))
}

async fn start(harness: &Harness) -> App {
    harness.start(with(recipe())).await
}

/// A path of ours, below a tenant's name where one is given.
fn in_tenant(path: &str, tenant: Option<&str>) -> String {
    match (tenant, path.strip_prefix("/auth")) {
        (Some(tenant), Some(rest)) => format!("/auth/{tenant}{rest}"),
        _ => path.to_owned(),
    }
}

/// Options by which a passkey is made, for an address or for a recovery token.
pub(super) async fn to_make(app: &App, body: &Value, tenant: Option<&str>) -> Value {
    let reply = app.send(Req::post(&in_tenant(REGISTER, tenant)).json(body)).await;
    assert_eq!((reply.status, &reply.json()["status"]), (200, &json!("OK")), "{reply:?}");
    reply.json()
}

pub(super) async fn to_make_for(app: &App, email: &str) -> Value {
    to_make(app, &json!({ "email": email }), None).await
}

/// Options by which a passkey is used.
pub(super) async fn to_use(app: &App, tenant: Option<&str>) -> Value {
    let reply = app.send(Req::post(&in_tenant(SIGN_IN_OPTIONS, tenant)).json(&json!({}))).await;
    assert_eq!((reply.status, &reply.json()["status"]), (200, &json!("OK")), "{reply:?}");
    reply.json()
}

/// What a page sends with a passkey that was made or used.
pub(super) fn answer(options: &Value, credential: JsonObject) -> Value {
    let mut body = json!({ "webauthnGeneratedOptionsId": options["webauthnGeneratedOptionsId"] });
    body["credential"] = Value::Object(credential);
    body
}

/// Signs up by a new passkey of a device.
pub(super) async fn sign_up_by(
    app: &App,
    front_end: &mut FrontEnd,
    device: &mut Device,
    email: &str,
) -> Reply {
    let options = to_make_for(app, email).await;
    let body = answer(&options, device.make(&options).await);
    let reply = front_end.send(app, Req::post(SIGN_UP).json(&body)).await;
    assert_eq!((reply.status, &reply.json()["status"]), (200, &json!("OK")), "{reply:?}");
    reply
}

/// Signs in by a device's passkey, or tries to.
pub(super) async fn sign_in_by(app: &App, front_end: &mut FrontEnd, device: &mut Device) -> Reply {
    let options = to_use(app, None).await;
    let body = answer(&options, device.sign(&options).await);
    front_end.send(app, Req::post(SIGN_IN).json(&body)).await
}

/// A user who is signed in by a passkey.
pub(super) async fn ada(app: &App, mode: Mode) -> (FrontEnd, Device) {
    let (mut front_end, mut device) = (app.front_end(mode), Device::on(PAGE));
    sign_up_by(app, &mut front_end, &mut device, EMAIL).await;
    (front_end, device)
}

async fn users(app: &App) -> u64 {
    app.auth.get_user_count(GetUserCountInput::new()).await.expect("a count")
}

fn status(status: &str) -> Value {
    json!({ "status": status })
}

async fn options_to_make_a_passkey_say_for_whom_and_for_which_site(harness: Harness) {
    let app = start(&harness).await;
    let options = to_make_for(&app, " Ada@Example.com ").await;
    let id = options["webauthnGeneratedOptionsId"].as_str().expect("an id");
    let handle = BASE64_URL_SAFE_NO_PAD.encode(id);
    assert!(options["challenge"].as_str().is_some_and(|it| it.len() == 43), "{options}");
    let algorithm = |alg: i64| json!({ "alg": alg, "type": "public-key" });
    let wanted = json!({
        "status": "OK",
        "webauthnGeneratedOptionsId": id,
        "createdAt": START_MS,
        "expiresAt": START_MS + 60_000,
        "challenge": options["challenge"],
        "timeout": 60_000,
        "attestation": "none",
        "pubKeyCredParams": [algorithm(-8), algorithm(-7), algorithm(-257)],
        "excludeCredentials": [],
        "rp": { "id": "example.com", "name": "Conformance" },
        "user": { "id": handle, "name": EMAIL, "displayName": EMAIL },
        "authenticatorSelection": {
            "requireResidentKey": true,
            "residentKey": "required",
            "userVerification": "preferred",
        },
    });
    assert_eq!(options, wanted);
    assert_ne!(to_make_for(&app, EMAIL).await["challenge"], options["challenge"]);
}

async fn an_address_that_is_none_gets_no_options(harness: Harness) {
    let app = start(&harness).await;
    let long = format!("{}@example.com", "a".repeat(300));
    for email in ["ada", "ada@", "@example.com", "a b@example.com", &long, "a\0b@example.com"] {
        let reply = app.send(Req::post(REGISTER).json(&json!({ "email": email }))).await;
        let refused = json!({ "status": "INVALID_EMAIL_ERROR", "err": "Email is invalid" });
        reply.expect(200, &refused);
    }
    let no = |email: &str| email.starts_with("eve").then(|| "Nobody of that name".to_owned());
    let app = harness.start(with(recipe().validate_email_address(no))).await;
    let reply = app.send(Req::post(REGISTER).json(&json!({ "email": "eve@example.com" }))).await;
    let refused = json!({ "status": "INVALID_EMAIL_ERROR", "err": "Nobody of that name" });
    reply.expect(200, &refused);
    to_make_for(&app, EMAIL).await;
}

async fn options_are_asked_for_with_an_address_or_a_token(harness: Harness) {
    let app = start(&harness).await;
    let missing = "Please provide the email or the recover account token";
    for body in [json!({}), json!({ "email": "" }), json!({ "email": 1 }), json!([])] {
        app.send(Req::post(REGISTER).json(&body)).await.expect_message(400, missing);
    }
    let body = json!({ "recoverAccountToken": 1 });
    let reply = app.send(Req::post(REGISTER).json(&body)).await;
    reply.expect_message(400, "The recover account token must be a string");
    for token in ["", "x", "\0", &"x".repeat(5000)] {
        let body = json!({ "recoverAccountToken": token });
        let reply = app.send(Req::post(REGISTER).json(&body)).await;
        reply.expect(200, &status("RECOVER_ACCOUNT_TOKEN_INVALID_ERROR"));
    }
}

async fn options_to_use_a_passkey_are_for_anybody(harness: Harness) {
    let app = start(&harness).await;
    for request in [Req::post(SIGN_IN_OPTIONS), Req::post(SIGN_IN_OPTIONS).json(&json!({}))] {
        let reply = app.send(request).await;
        let options = reply.json();
        assert!(options["challenge"].as_str().is_some_and(|it| it.len() == 43), "{options}");
        let wanted = json!({
            "status": "OK",
            "webauthnGeneratedOptionsId": options["webauthnGeneratedOptionsId"],
            "rpId": "example.com",
            "createdAt": START_MS,
            "expiresAt": START_MS + 60_000,
            "challenge": options["challenge"],
            "timeout": 60_000,
            "userVerification": "preferred",
        });
        reply.expect(200, &wanted);
        reply.expect_tokens_untouched();
    }
}

async fn a_passkey_signs_somebody_up(harness: Harness) {
    for mode in Mode::BOTH {
        for device in [Device::on(PAGE), Device::on(PAGE).es256().unverified()] {
            let app = start(&harness).await;
            let (mut front_end, mut device) = (app.front_end(mode), device);
            let reply = sign_up_by(&app, &mut front_end, &mut device, EMAIL).await;
            let user = &reply.json()["user"];
            assert_eq!(user["emails"], json!([EMAIL]));
            let method = &user["loginMethods"][0];
            assert_eq!(
                (&method["recipeId"], &method["email"]),
                (&json!("webauthn"), &json!(EMAIL))
            );
            assert_eq!(method["verified"], false);
            assert_eq!(user["webauthn"], method["webauthn"]);
            assert_eq!(method["webauthn"]["credentialIds"].as_array().map(Vec::len), Some(1));
            assert_eq!(front_end.payload()["sub"], user["id"]);
            assert_eq!(front_end.payload()["rsub"], method["recipeUserId"]);
            let reply = front_end.send(&app, Req::get("/sessioninfo")).await;
            assert_eq!(reply.status, 200, "{reply:?}");
        }
    }
}

async fn an_address_has_one_account_by_passkeys(harness: Harness) {
    let app = start(&harness).await;
    ada(&app, Mode::Header).await;
    for email in [EMAIL, "ADA@example.com"] {
        let options = to_make_for(&app, email).await;
        let body = answer(&options, Device::on(PAGE).make(&options).await);
        let reply = app.send(Req::post(SIGN_UP).json(&body)).await;
        reply.expect(200, &status("EMAIL_ALREADY_EXISTS_ERROR"));
        reply.expect_tokens_untouched();
    }
    assert_eq!(users(&app).await, 1);
}

async fn options_are_good_for_one_passkey_for_a_minute(harness: Harness) {
    let app = start(&harness).await;
    let options = to_make_for(&app, EMAIL).await;
    let body = answer(&options, Device::on(PAGE).make(&options).await);
    assert_eq!(app.send(Req::post(SIGN_UP).json(&body)).await.json()["status"], "OK");
    let gone = status("OPTIONS_NOT_FOUND_ERROR");
    app.send(Req::post(SIGN_UP).json(&body)).await.expect(200, &gone);
    let other = answer(&options, Device::on(PAGE).make(&options).await);
    app.send(Req::post(SIGN_UP).json(&other)).await.expect(200, &gone);

    let options = to_make_for(&app, "bob@example.com").await;
    let body = answer(&options, Device::on(PAGE).make(&options).await);
    app.advance_secs(61);
    let reply = app.send(Req::post(SIGN_UP).json(&body)).await;
    reply.expect(200, &status("INVALID_OPTIONS_ERROR"));
    assert_eq!(users(&app).await, 1);
}

/// What the browser says, changed; as no signature covers it where a passkey is made.
fn retold(body: &Value, change: impl FnOnce(&mut Value)) -> Value {
    let mut body = body.clone();
    let place = &mut body["credential"]["response"]["clientDataJSON"];
    let told = BASE64_URL_SAFE_NO_PAD.decode(place.as_str().expect("a text")).expect("base64url");
    let mut told = serde_json::from_slice(&told).expect("JSON");
    change(&mut told);
    *place = json!(BASE64_URL_SAFE_NO_PAD.encode(told.to_string()));
    body
}

async fn what_was_not_made_by_these_options_makes_no_account(harness: Harness) {
    let app = start(&harness).await;
    let options = to_make_for(&app, EMAIL).await;
    let good = answer(&options, Device::on(PAGE).make(&options).await);
    let elsewhere = Device::on("https://shop.example.com").make(&options).await;
    let mut for_another_site = options.clone();
    for_another_site["rp"]["id"] = json!("www.example.com");
    let other = to_make_for(&app, EMAIL).await;
    let foreign = [
        ("another page", answer(&options, elsewhere)),
        ("another site", answer(&options, Device::on(PAGE).make(&for_another_site).await)),
        ("another challenge", answer(&options, Device::on(PAGE).make(&other).await)),
        ("a passkey that is used", retold(&good, |told| told["type"] = json!("webauthn.get"))),
        ("a frame", retold(&good, |told| told["crossOrigin"] = json!(true))),
    ];
    for (what, body) in foreign {
        let reply = app.send(Req::post(SIGN_UP).json(&body)).await;
        let answer = reply.json();
        assert_eq!((reply.status, &answer["status"]), (200, &json!("INVALID_AUTHENTICATOR_ERROR")));
        assert!(answer["reason"].is_string(), "{what}: {answer}");
        reply.expect_tokens_untouched();
    }
    for (member, value) in [
        ("/credential/type", json!("password")),
        ("/credential/id", json!("AAAA")),
        ("/credential/response", json!(null)),
        ("/credential/response/attestationObject", json!("!")),
        ("/credential/response/attestationObject", json!("AAAA")),
        ("/credential/response/clientDataJSON", json!("e30")),
    ] {
        let mut body = good.clone();
        *body.pointer_mut(member).expect("there") = value;
        let reply = app.send(Req::post(SIGN_UP).json(&body)).await;
        assert_eq!(reply.status, 200, "{member}: {reply:?}");
        let status = reply.json()["status"].clone();
        let refusals = ["INVALID_CREDENTIALS_ERROR", "INVALID_AUTHENTICATOR_ERROR"];
        assert!(refusals.contains(&status.as_str().unwrap_or_default()), "{member}: {reply:?}");
    }
    let to_sign_in = to_use(&app, None).await;
    let mut body = good.clone();
    body["webauthnGeneratedOptionsId"] = to_sign_in["webauthnGeneratedOptionsId"].clone();
    let reply = app.send(Req::post(SIGN_UP).json(&body)).await;
    reply.expect(200, &status("INVALID_OPTIONS_ERROR"));
    for id in ["x", &"x".repeat(5000)] {
        body["webauthnGeneratedOptionsId"] = json!(id);
        let reply = app.send(Req::post(SIGN_UP).json(&body)).await;
        reply.expect(200, &status("OPTIONS_NOT_FOUND_ERROR"));
    }
    assert_eq!(users(&app).await, 0);
    assert_eq!(app.send(Req::post(SIGN_UP).json(&good)).await.json()["status"], "OK");
}

async fn a_passkey_of_somebody_else_makes_no_account(harness: Harness) {
    let app = start(&harness).await;
    let options = to_make_for(&app, EMAIL).await;
    let of_ada = answer(&options, Device::on(PAGE).make(&options).await);
    assert_eq!(app.send(Req::post(SIGN_UP).json(&of_ada)).await.json()["status"], "OK");
    let options = to_make_for(&app, "eve@example.com").await;
    let mut of_eve = retold(&of_ada, |told| told["challenge"] = options["challenge"].clone());
    of_eve["webauthnGeneratedOptionsId"] = options["webauthnGeneratedOptionsId"].clone();
    let reply = app.send(Req::post(SIGN_UP).json(&of_eve)).await;
    reply.expect(200, &status("INVALID_CREDENTIALS_ERROR"));
    assert_eq!(users(&app).await, 1);
}

async fn a_passkey_signs_its_user_in(harness: Harness) {
    let app = start(&harness).await;
    let (first, mut device) = ada(&app, Mode::Header).await;
    for mode in Mode::BOTH {
        for _ in 0..2 {
            let mut front_end = app.front_end(mode);
            let reply = sign_in_by(&app, &mut front_end, &mut device).await;
            assert_eq!((reply.status, &reply.json()["status"]), (200, &json!("OK")), "{reply:?}");
            assert_eq!(reply.json()["user"]["emails"], json!([EMAIL]));
            assert_eq!(front_end.payload()["sub"], first.payload()["sub"]);
            let reply = front_end.send(&app, Req::get("/sessioninfo")).await;
            assert_eq!(reply.status, 200, "{reply:?}");
        }
    }
}

async fn an_answer_is_good_once_and_for_a_minute(harness: Harness) {
    let app = start(&harness).await;
    let (_, mut device) = ada(&app, Mode::Header).await;
    let options = to_use(&app, None).await;
    let body = answer(&options, device.sign(&options).await);
    assert_eq!(app.send(Req::post(SIGN_IN).json(&body)).await.json()["status"], "OK");
    let refused = status("INVALID_CREDENTIALS_ERROR");
    let reply = app.send(Req::post(SIGN_IN).json(&body)).await;
    reply.expect(200, &refused);
    reply.expect_tokens_untouched();
    let again = answer(&options, device.sign(&options).await);
    app.send(Req::post(SIGN_IN).json(&again)).await.expect(200, &refused);

    let options = to_use(&app, None).await;
    let body = answer(&options, device.sign(&options).await);
    app.advance_secs(61);
    app.send(Req::post(SIGN_IN).json(&body)).await.expect(200, &refused);
}

async fn an_answer_is_good_once_on_a_core_that_takes_it_again(harness: Harness) {
    let setup = with(recipe()).served(CdiVersion::V5_4, |config| config);
    let app = harness.start(setup).await;
    let (_, mut device) = ada(&app, Mode::Header).await;
    let options = to_use(&app, None).await;
    let body = answer(&options, device.sign(&options).await);
    assert_eq!(app.send(Req::post(SIGN_IN).json(&body)).await.json()["status"], "OK");
    let reply = app.send(Req::post(SIGN_IN).json(&body)).await;
    reply.expect(200, &status("INVALID_CREDENTIALS_ERROR"));
}

async fn whatever_is_wrong_with_a_passkey_is_told_alike(harness: Harness) {
    let app = start(&harness).await;
    let (_, mut device) = ada(&app, Mode::Header).await;
    let options = to_use(&app, None).await;
    let good = answer(&options, device.sign(&options).await);
    let with = |member: &str, value: Value| {
        let mut body = good.clone();
        *body.pointer_mut(member).expect("there") = value;
        body
    };
    let elsewhere = device.clone().showing("https://shop.example.com").sign(&options).await;
    let other = to_use(&app, None).await;
    let mut stranger = Device::on(PAGE);
    let to_make = to_make_for(&app, "eve@example.com").await;
    stranger.make(&to_make).await;
    let no_id = "00000000-0000-0000-0000-000000000000";
    let wrong = [
        ("unknown options", with("/webauthnGeneratedOptionsId", json!(no_id))),
        (
            "options to make one",
            with("/webauthnGeneratedOptionsId", to_make["webauthnGeneratedOptionsId"].clone()),
        ),
        ("another page", answer(&options, elsewhere)),
        ("another challenge", answer(&options, device.clone().sign(&other).await)),
        ("nobody's passkey", answer(&options, stranger.sign(&options).await)),
        ("another type", with("/credential/type", json!("password"))),
        ("another id", with("/credential/id", json!("AAAA"))),
        ("no id", with("/credential/id", json!(null))),
        ("an odd id", with("/credential/id", json!("ä/+="))),
        ("a long id", with("/credential/id", json!("A".repeat(5000)))),
        ("another signature", with("/credential/response/signature", json!("AAAA"))),
        ("no response", with("/credential/response", json!([]))),
        ("a passkey that is made", {
            let made = stranger.make(&to_make).await;
            answer(&options, made)
        }),
    ];
    let refused = status("INVALID_CREDENTIALS_ERROR");
    for (what, body) in wrong {
        let reply = app.send(Req::post(SIGN_IN).json(&body)).await;
        assert_eq!((reply.status, reply.json()), (200, refused.clone()), "{what}");
        reply.expect_tokens_untouched();
    }
    assert_eq!(app.send(Req::post(SIGN_IN).json(&good)).await.json()["status"], "OK");
}

async fn a_passkey_whose_counter_went_back_is_refused(harness: Harness) {
    let app = start(&harness).await;
    let (mut front_end, mut device) = (app.front_end(Mode::Header), Device::on(PAGE).counting());
    sign_up_by(&app, &mut front_end, &mut device, EMAIL).await;
    let mut copy = device.clone();
    for _ in 0..2 {
        let reply = sign_in_by(&app, &mut front_end, &mut device).await;
        assert_eq!(reply.json()["status"], "OK", "{reply:?}");
    }
    let reply = sign_in_by(&app, &mut app.front_end(Mode::Header), &mut copy).await;
    reply.expect(200, &status("INVALID_CREDENTIALS_ERROR"));
    let reply = sign_in_by(&app, &mut front_end, &mut device).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
}

async fn whether_an_address_has_a_passkey_can_be_asked(harness: Harness) {
    let app = start(&harness).await;
    ada(&app, Mode::Header).await;
    for (email, exists) in [(EMAIL, true), ("ADA@example.com", true), ("eve@example.com", false)] {
        let reply = app.send(Req::get(&format!("/auth/webauthn/email/exists?email={email}"))).await;
        reply.expect(200, &json!({ "status": "OK", "exists": exists }));
    }
    let reply = app.send(Req::get("/auth/webauthn/email/exists")).await;
    reply.expect_message(400, "Please provide the email as a GET param");
}

async fn what_is_missing_is_named(harness: Harness) {
    let app = start(&harness).await;
    let (mut front_end, _) = ada(&app, Mode::Header).await;
    let no_options = "webauthnGeneratedOptionsId is required";
    for path in [SIGN_UP, SIGN_IN] {
        for body in [json!({}), json!({ "webauthnGeneratedOptionsId": 1, "credential": {} })] {
            app.send(Req::post(path).json(&body)).await.expect_message(400, no_options);
        }
        for odd in [json!(null), json!("x"), json!([])] {
            let body = json!({ "webauthnGeneratedOptionsId": "x", "credential": odd });
            let reply = app.send(Req::post(path).json(&body)).await;
            reply.expect_message(400, "credential is required");
        }
    }
    let no_token = "Please provide the recover account token";
    for (path, body, text) in [
        ("/auth/user/webauthn/reset/token", json!({ "email": 1 }), "Please provide the email"),
        ("/auth/user/webauthn/reset", json!({}), no_token),
        (
            "/auth/user/webauthn/reset",
            json!({ "token": 1 }),
            "The recover account token must be a string",
        ),
        ("/auth/user/webauthn/reset", json!({ "token": "x" }), no_options),
        ("/auth/webauthn/credential", json!({}), no_options),
        (
            "/auth/webauthn/credential",
            json!({ "webauthnGeneratedOptionsId": "x", "credential": {} }),
            "Please provide the recipeUserId",
        ),
        (
            "/auth/webauthn/credential/remove",
            json!({ "webauthnCredentialId": 1 }),
            "A valid webauthnCredentialId is required",
        ),
    ] {
        let reply = front_end.send(&app, Req::post(path).json(&body)).await;
        reply.expect_message(400, text);
    }
}

async fn what_is_malformed_or_too_large_writes_nothing(harness: Harness) {
    let app = start(&harness).await;
    let paths = [
        REGISTER,
        SIGN_UP,
        SIGN_IN,
        "/auth/user/webauthn/reset/token",
        "/auth/user/webauthn/reset",
    ];
    for path in paths {
        let reply = app.send(Req::post(path).body("{")).await;
        let text =
            "API input error: Please make sure to pass a valid JSON input in the request body";
        reply.expect_message(400, text);
        let reply = app.send(Req::post(path).body(vec![b' '; 64 * 1024 + 1])).await;
        assert_eq!(reply.status, 413, "{path}: {reply:?}");
        reply.expect_tokens_untouched();
    }
    let options = to_make_for(&app, EMAIL).await;
    let mut body = answer(&options, Device::on(PAGE).make(&options).await);
    body["credential"]["response"]["attestationObject"] = json!("A".repeat(60_000));
    let reply = app.send(Req::post(SIGN_UP).json(&body)).await;
    reply.expect(200, &status("INVALID_CREDENTIALS_ERROR"));
    assert_eq!(users(&app).await, 0);
}

/// Wants a PIN of everybody, and keeps strangers out.
struct Closed;

impl WebAuthnOverride for Closed {
    async fn register_options(
        &self,
        original: &WebAuthnFunctions,
        cx: &Context,
        input: RegisterOptionsInput,
    ) -> Result<RegisterOptionsOutcome> {
        original.register_options(cx, input.user_verification("required").timeout_ms(5_000)).await
    }
}

impl WebAuthnApisOverride for Closed {
    async fn sign_up_post(
        &self,
        original: &WebAuthnApis,
        cx: &Context,
        input: SignUpPostInput,
    ) -> Result<SignUpPostOutcome> {
        let outcome = original.sign_up_post(cx, input).await?;
        match &outcome {
            SignUpPostOutcome::Ok { session, .. } => {
                session.revoke_session().await?;
                Err(Error::general("Please wait until somebody lets you in"))
            }
            _ => Ok(outcome),
        }
    }
}

async fn functions_and_routes_can_be_replaced_and_switched_off(harness: Harness) {
    let recipe = recipe()
        .override_functions(Closed)
        .override_apis(Closed)
        .disable_api(WebAuthnApi::EmailExistsGet);
    let app = harness.start(with(recipe)).await;
    let options = to_make_for(&app, EMAIL).await;
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(options["timeout"], 5_000);
    let body = answer(&options, Device::on(PAGE).make(&options).await);
    let reply = app.send(Req::post(SIGN_UP).json(&body)).await;
    let text = "Please wait until somebody lets you in";
    reply.expect(200, &json!({ "status": "GENERAL_ERROR", "message": text }));
    let reply = app.send(Req::get("/auth/webauthn/email/exists?email=x")).await;
    assert_eq!(reply.status, 404, "{reply:?}");
}
