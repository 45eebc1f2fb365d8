//! What is required beside a first factor is never met by the proof that was the first.

use auth_core::{
    AppInfo, Auth, AuthBuilder, BuildError,
    core::EngineConfig,
    recipes::{
        emailpassword::EmailPasswordRecipe,
        multifactorauth::{FactorId, MultiFactorAuthRecipe, TenantFactors},
        passwordless::{ContactMethod, FlowType, PasswordlessRecipe},
        session::SessionRecipe,
    },
};
use http::StatusCode;
use serde_json::json;

use super::{Client, Test};
use crate::harness::EMAIL;

const CODE: &str = "/auth/signinup/code";
const CONSUME: &str = "/auth/signinup/code/consume";

/// Signs in by a code that was mailed, and by nothing else.
async fn sign_in_by_mail(test: &Test) -> Client<'_> {
    let device = test.app.post(CODE, &json!({ "email": EMAIL })).await.json();
    assert_eq!(device["status"], "OK", "{device}");
    let code = test.login_mail().await.user_input_code.expect("a code");
    let proof = json!({
        "preAuthSessionId": device["preAuthSessionId"],
        "deviceId": device["deviceId"],
        "userInputCode": code.expose_secret(),
    });
    test.client(CONSUME, &proof).await
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
    let mut ada = sign_in_by_mail(&test).await;
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
