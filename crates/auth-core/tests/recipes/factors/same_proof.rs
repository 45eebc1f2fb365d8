//! What is required beside a first factor is never met by the proof that was the first.

use auth_core::{
    AppInfo, Auth, AuthBuilder, BuildError,
    core::EngineConfig,
    recipes::{
        emailpassword::EmailPasswordRecipe,
        multifactorauth::{FactorId, MultiFactorAuthRecipe, TenantFactors},
        passwordless::{ContactMethod, FlowType, PasswordlessRecipe},
        session::{SessionOptions, SessionRecipe},
    },
};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Client, START_MS, Test};
use crate::harness::{EMAIL, PASSWORD, form};

const CODE: &str = "/auth/signinup/code";
const CONSUME: &str = "/auth/signinup/code/consume";

/// What a mail to an address brings: the code typed in, and the link followed.
async fn mailed(test: &Test, device: &Value) -> (Value, Value) {
    let login = test.login_mail().await;
    let code = login.user_input_code.as_ref().map(|code| code.expose_secret().to_owned());
    let link = login.url_with_link_code.as_ref().map(|link| link.expose_secret().to_owned());
    let link_code = link.as_deref().and_then(|link| link.split('#').nth(1)).map(str::to_owned);
    let id = &device["preAuthSessionId"];
    (
        json!({ "preAuthSessionId": id, "deviceId": device["deviceId"], "userInputCode": code }),
        json!({ "preAuthSessionId": id, "linkCode": link_code }),
    )
}

/// Signs in by what was mailed, and by nothing else.
async fn sign_in_by_mail(test: &Test, by_link: bool) -> Client<'_> {
    let device = test.app.post(CODE, &json!({ "email": EMAIL })).await.json();
    assert_eq!(device["status"], "OK", "{device}");
    let (typed, followed) = mailed(test, &device).await;
    test.client(CONSUME, if by_link { &followed } else { &typed }).await
}

/// A code within the session, as the front end asks for it.
async fn code_in_session(client: &mut Client<'_>) -> Value {
    let ask = json!({ "email": EMAIL, "shouldTryLinkingWithSessionUser": true });
    let device = client.post(CODE, &ask).await;
    if device["status"] != "OK" {
        return device;
    }
    let (mut typed, _) = mailed(client.test, &device).await;
    typed["shouldTryLinkingWithSessionUser"] = json!(true);
    client.post(CONSUME, &typed).await
}

/// A user with a password and an address for codes, of whom such a code is required.
async fn user_with_both() -> Test {
    let test = Test::mfa([]).await;
    let mut ada = test.sign_up(EMAIL).await;
    assert_eq!(code_in_session(&mut ada).await["status"], "OK");
    let user_id = ada.session().await.get_user_id().clone();
    let mfa = test.app.0.multifactorauth().expect("in the list");
    mfa.add_to_required_secondary_factors_for_user(&user_id, FactorId::OTP_EMAIL)
        .await
        .expect("added");
    test
}

#[tokio::test]
async fn a_mailbox_alone_does_not_meet_the_requirement_of_a_code_by_mail() {
    for by_link in [false, true] {
        let test = user_with_both().await;
        let mut thief = sign_in_by_mail(&test, by_link).await;
        assert_eq!(thief.claim().await["v"], false, "by link: {by_link}");
        assert!(thief.refusal(&SessionOptions::new()).await.is_some());
        // Nor does a second code to the same mailbox.
        assert_eq!(code_in_session(&mut thief).await["status"], "OK");
        assert_eq!(thief.claim().await["v"], false, "by link: {by_link}");
        // What is missing is the password; until then nothing new is set up.
        assert_eq!(thief.info().await["factors"]["next"], json!(["emailpassword"]));
        let answer = thief.send(Method::POST, "/auth/totp/device", &json!({})).await;
        assert_eq!(answer.0.status, StatusCode::FORBIDDEN);
        let mut password = form(EMAIL, PASSWORD);
        password["shouldTryLinkingWithSessionUser"] = json!(true);
        assert_eq!(thief.post("/auth/signin", &password).await["status"], "OK");
        assert_eq!(thief.claim().await["v"], true, "it was ada");
    }
}

#[tokio::test]
async fn after_a_password_the_code_counts_as_ever() {
    let test = user_with_both().await;
    let mut ada = test.sign_in(EMAIL).await;
    assert_eq!(ada.claim().await["v"], false);
    assert_eq!(ada.info().await["factors"]["next"], json!(["otp-email"]));
    assert_eq!(code_in_session(&mut ada).await["status"], "OK");
    let secs = START_MS / 1000;
    let done = json!({ "emailpassword": secs, "otp-email": secs });
    assert_eq!(ada.claim().await, json!({ "c": done, "v": true }));
}

#[tokio::test]
async fn where_everybody_must_enter_a_code_none_starts_a_sign_in() {
    let by_tenant = TenantFactors::new().required_secondary_factors([FactorId::OTP_EMAIL]);
    for recipe in [
        MultiFactorAuthRecipe::new().required_secondary_factors([FactorId::OTP_EMAIL]),
        MultiFactorAuthRecipe::new()
            .required_secondary_factors([FactorId::LINK_EMAIL, FactorId::OTP_EMAIL]),
        MultiFactorAuthRecipe::new().tenant("public", by_tenant),
    ] {
        let test = Test::with(|builder| builder.recipe(recipe)).await;
        let answer = test.app.post(CODE, &json!({ "email": EMAIL })).await;
        assert_eq!(answer.0.status, StatusCode::UNAUTHORIZED);
        // Other contacts and other recipes do.
        let answer = test.app.post(CODE, &json!({ "phoneNumber": "+12025550100" })).await;
        assert_eq!(answer.json()["status"], "OK");
        test.sign_up(EMAIL).await;
    }
}

#[tokio::test]
async fn where_another_factor_would_do_as_well_a_code_starts_a_sign_in_and_the_other_follows() {
    let test = Test::mfa([FactorId::OTP_EMAIL, FactorId::TOTP]).await;
    let mut ada = sign_in_by_mail(&test, false).await;
    assert_eq!(ada.claim().await["v"], false);
    assert_eq!(ada.info().await["factors"]["next"], json!(["totp"]));
    ada.set_up_totp().await;
    assert_eq!(ada.claim().await["v"], true);
}

#[tokio::test]
async fn settings_by_which_a_sign_in_could_never_be_complete_are_named() {
    async fn problem(mfa: MultiFactorAuthRecipe, with_password: bool) -> String {
        let info = AppInfo::new("App", "https://api.example.com", "https://example.com");
        let codes = PasswordlessRecipe::new(ContactMethod::Phone, FlowType::UserInputCode);
        let builder = Auth::builder(info)
            .core(EngineConfig::in_memory())
            .recipe(SessionRecipe::new())
            .recipe(codes)
            .recipe(mfa);
        let password = with_password.then(EmailPasswordRecipe::new);
        match password.into_iter().fold(builder, AuthBuilder::recipe).build().await {
            Err(BuildError::Config(error)) => error.to_string(),
            other => panic!("{other:?}"),
        }
    }
    let mfa = MultiFactorAuthRecipe::new;
    let factors = [FactorId::EMAIL_PASSWORD, FactorId::OTP_PHONE];
    let expected = "expected first factors other than what is required after them, or one more \
                    required factor";
    let both =
        mfa().first_factors(factors.clone()).required_secondary_factors([FactorId::OTP_PHONE]);
    assert_eq!(
        problem(both, true).await,
        format!(
            "`multifactorauth.first_factors`: a sign-in may start with otp-phone, whose proof is \
             all that must follow it; {expected}"
        )
    );
    let tenant = TenantFactors::new().required_secondary_factors([FactorId::LINK_PHONE]);
    assert_eq!(
        problem(mfa().first_factors(factors).tenant("acme", tenant), true).await,
        format!(
            "`multifactorauth.first_factors`: a sign-in in the tenant acme may start with \
             otp-phone, whose proof is all that must follow it; {expected}"
        )
    );
    assert_eq!(
        problem(mfa().required_secondary_factors([FactorId::OTP_PHONE]), false).await,
        "`multifactorauth.required_secondary_factors`: nobody could sign in: the recipes offer \
         only otp-phone, which must follow; expected another recipe to sign in with, or another \
         required factor"
    );
}
