//! What an application's settings, a front end's version and a session make of one-time codes.

use auth_core::recipes::{
    accountlinking::{AccountLinkingRecipe, AutomaticLinking},
    multifactorauth::{FactorId, MultiFactorAuthRecipe},
    passwordless::{FlowType, LoginCode},
};
use serde_json::{Value, json};

use super::{
    cases,
    contacts::Post,
    mfa::info,
    passwordless::{CONSUME, CREATE, PHONE, RESEND},
    support::{EMAIL, sign_up},
};
use crate::{
    Harness, START_MS,
    client::{Mode, Req},
};

cases! {
    "fdi-1.3-1" => the_flow_type_decides_what_is_sent,
    "fdi-1.3-1" => the_application_has_rules_and_codes_of_its_own,
    "fdi-1.3-3" => what_users_are_not_sent_starts_no_session,
    "fdi-0-user" => older_front_ends_read_the_legacy_user_and_flag,
    "fdi-1.0-session" => front_ends_before_fdi_3_1_keep_a_session_of_the_same_user,
    "fdi-6.9" => a_code_by_mail_within_the_session_is_a_second_factor,
}

const BOTH: FlowType = FlowType::UserInputCodeAndMagicLink;

/// What a front end sends of a code that was typed in.
fn typed(device: &Value, login: &LoginCode) -> Value {
    json!({
        "preAuthSessionId": device["preAuthSessionId"],
        "deviceId": device["deviceId"],
        "userInputCode": login.user_input_code.as_ref().expect("a code").expose_secret(),
    })
}

async fn the_flow_type_decides_what_is_sent(harness: Harness) {
    for (flow_type, name, has_code, has_link) in [
        (FlowType::UserInputCode, "USER_INPUT_CODE", true, false),
        (FlowType::MagicLink, "MAGIC_LINK", false, true),
        (BOTH, "USER_INPUT_CODE_AND_MAGIC_LINK", true, true),
    ] {
        let mut post = Post::with(&harness, flow_type, |recipe| recipe, |builder| builder).await;
        let device = post.post(CREATE, &json!({ "email": EMAIL })).await;
        assert_eq!(device["flowType"], name);
        let login = post.next().await.1;
        assert_eq!(login.user_input_code.is_some(), has_code);
        assert_eq!(login.url_with_link_code.is_some(), has_link);
    }
}

async fn the_application_has_rules_and_codes_of_its_own(harness: Harness) {
    let configure = |recipe: auth_core::recipes::passwordless::PasswordlessRecipe| {
        recipe
            .validate_email_address(|email: &str| {
                email.ends_with("@example.org").then(|| "Not yours".to_owned())
            })
            .validate_phone_number(|number: &str| (number != "110").then(|| "Only 110".to_owned()))
            .custom_user_input_code(|| "open sesame".into())
    };
    let mut post =
        Post::with(&harness, FlowType::UserInputCode, configure, |builder| builder).await;
    for (body, message) in [
        (json!({ "email": " a@example.org " }), "Not yours"),
        (json!({ "phoneNumber": PHONE }), "Only 110"),
    ] {
        let told = json!({ "status": "GENERAL_ERROR", "message": message });
        assert_eq!(post.post(CREATE, &body).await, told);
    }
    let device = post.post(CREATE, &json!({ "phoneNumber": "110" })).await;
    let (number, login) = post.next().await;
    let code = login.user_input_code.expect("a code");
    assert_eq!((number.as_str(), code.expose_secret()), ("110", "open sesame"));
    // The device has the only code there is.
    let message = "Failed to generate a one time code. Please try again";
    let told = json!({ "status": "GENERAL_ERROR", "message": message });
    assert_eq!(post.post(RESEND, &device).await, told);
}

async fn what_users_are_not_sent_starts_no_session(harness: Harness) {
    let post = Post::with(&harness, FlowType::MagicLink, |recipe| recipe, |builder| builder).await;
    let mut guess = post.post(CREATE, &json!({ "email": EMAIL })).await;
    guess["userInputCode"] = json!("123456");
    let reply = post.app.send(Req::post(CONSUME).json(&guess)).await;
    reply.expect_message(401, "unauthorised");
}

async fn older_front_ends_read_the_legacy_user_and_flag(harness: Harness) {
    let mut post = Post::start(&harness, None).await;
    let device = post.post(CREATE, &json!({ "email": EMAIL })).await;
    let body = typed(&device, &post.next().await.1);
    let request = Req::post(CONSUME).header("fdi-version", "1.16").json(&body);
    let answer = post.app.send(request).await.json();
    assert_eq!(answer["createdNewUser"], true, "{answer}");
    assert_eq!(answer["user"]["email"], EMAIL);
    assert_eq!(answer["user"].get("loginMethods"), None);
}

async fn front_ends_before_fdi_3_1_keep_a_session_of_the_same_user(harness: Harness) {
    let mut post = Post::start(&harness, None).await;
    let mut front_end = post.app.front_end(Mode::Header);
    let device = post.post(CREATE, &json!({ "email": EMAIL })).await;
    let consume = Req::post(CONSUME).json(&typed(&device, &post.next().await.1));
    assert_eq!(front_end.send(&post.app, consume).await.json()["status"], "OK");

    let older = |path: &str| Req::post(path).header("fdi-version", "3.0");
    let create = older(CREATE).json(&json!({ "email": EMAIL }));
    let device = front_end.send(&post.app, create).await.json();
    assert_eq!(device["flowType"], "USER_INPUT_CODE", "within a session only a code");
    let login = post.next().await.1;
    assert!(login.is_first_factor, "nothing links it to the session's user");
    assert!(login.url_with_link_code.is_none());
    let consume = older(CONSUME).json(&typed(&device, &login));
    let reply = front_end.send(&post.app, consume).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
    reply.expect_tokens_untouched();
}

async fn a_code_by_mail_within_the_session_is_a_second_factor(harness: Harness) {
    let mut post = Post::with(
        &harness,
        BOTH,
        |recipe| recipe,
        |builder| {
            let linking =
                AccountLinkingRecipe::new().should_do_automatic_account_linking(|_, _| async {
                    Ok(AutomaticLinking::Yes { should_require_verification: false })
                });
            let mfa = MultiFactorAuthRecipe::new();
            builder.recipe(linking).recipe(mfa.required_secondary_factors([FactorId::OTP_EMAIL]))
        },
    )
    .await;
    let mut ada = sign_up(&post.app, Mode::Cookie, "/auth/signup").await.0;
    let handle = ada.handle();
    assert_eq!(info(&post.app, &mut ada).await["factors"]["next"], json!(["otp-email"]));
    let in_session = |mut body: Value| {
        body["shouldTryLinkingWithSessionUser"] = json!(true);
        body
    };
    let create = Req::post(CREATE).json(&in_session(json!({ "email": EMAIL })));
    let device = ada.send(&post.app, create).await.json();
    assert_eq!((&device["status"], &device["flowType"]), (&json!("OK"), &json!("USER_INPUT_CODE")));
    let login = post.next().await.1;
    assert!(!login.is_first_factor && login.url_with_link_code.is_none());
    // Login methods are listed by when they joined.
    post.app.advance_secs(1);
    let consume = Req::post(CONSUME).json(&in_session(typed(&device, &login)));
    let answer = ada.send(&post.app, consume).await.json();
    assert_eq!(answer["status"], "OK", "{answer}");
    assert_eq!(answer["user"]["loginMethods"].as_array().map(Vec::len), Some(2));
    assert_eq!(ada.handle(), handle);
    let seconds = START_MS / 1000;
    let done = json!({ "emailpassword": seconds, "otp-email": seconds + 1 });
    assert_eq!(ada.payload()["st-mfa"], json!({ "c": done, "v": true }));
}
