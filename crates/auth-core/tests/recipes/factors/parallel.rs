//! Factors that are completed at the same time, each by a request that doesn't know the other.

use auth_core::{
    Context, Result,
    recipes::{
        multifactorauth::{
            FactorId, FactorRequirement, FactorRequirementList, GetMfaRequirementsForAuthInput,
            MultiFactorAuthFunctions, MultiFactorAuthOverride, MultiFactorAuthRecipe,
        },
        session::SessionOptions,
        totp::TotpRecipe,
    },
};
use serde_json::{Value, json};

use super::{Client, LINK_ALL, START_MS, Test, linking};
use crate::harness::EMAIL;

struct Both;

impl MultiFactorAuthOverride for Both {
    async fn get_mfa_requirements_for_auth(
        &self,
        _original: &MultiFactorAuthFunctions,
        _cx: &Context,
        _input: GetMfaRequirementsForAuthInput,
    ) -> Result<FactorRequirementList> {
        let both = vec![FactorId::TOTP, FactorId::OTP_EMAIL];
        Ok(vec![FactorRequirement::AllOfInAnyOrder(both)])
    }
}

const CONSUME: &str = "/auth/signinup/code/consume";

/// Asks for a code by mail within a session, and gives what proves it.
async fn ask(client: &mut Client<'_>) -> Value {
    let contact = json!({ "email": EMAIL, "shouldTryLinkingWithSessionUser": true });
    let device = client.post("/auth/signinup/code", &contact).await;
    assert_eq!(device["status"], "OK", "{device}");
    let code = client.test.login_mail().await.user_input_code.expect("a code");
    json!({
        "preAuthSessionId": device["preAuthSessionId"],
        "deviceId": device["deviceId"],
        "userInputCode": code.expose_secret(),
        "shouldTryLinkingWithSessionUser": true,
    })
}

#[tokio::test]
async fn of_two_factors_completed_with_the_same_token_neither_is_lost() {
    let test = Test::with(|builder| {
        let mfa = MultiFactorAuthRecipe::new().override_functions(Both);
        builder.recipe(linking(LINK_ALL)).recipe(mfa).recipe(TotpRecipe::new())
    })
    .await;
    // Both are set up.
    let mut ada = test.sign_up(EMAIL).await;
    let proof = ask(&mut ada).await;
    assert_eq!(ada.post(CONSUME, &proof).await["status"], "OK");
    let secret = ada.set_up_totp().await;
    test.clock.advance(std::time::Duration::from_secs(60));

    let mut by_app = test.sign_in(EMAIL).await;
    let mut by_mail = Client { test: &test, token: by_app.token.clone() };
    let proof = ask(&mut by_mail).await;
    assert_eq!(by_mail.token, by_app.token, "both have the token of the sign-in");
    let now = json!({ "totp": test.code(&secret) });
    assert_eq!(by_app.post("/auth/totp/verify", &now).await, json!({ "status": "OK" }));
    assert_eq!(by_mail.post(CONSUME, &proof).await["status"], "OK");

    let secs = START_MS / 1000 + 60;
    let done = json!({ "emailpassword": secs, "totp": secs, "otp-email": secs });
    assert_eq!(by_mail.claim().await, json!({ "c": done, "v": true }));
    assert_eq!(by_mail.refusal(&SessionOptions::new()).await, None);
}
