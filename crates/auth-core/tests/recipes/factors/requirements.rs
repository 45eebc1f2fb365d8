//! FDI §6.4, 6.6: what is required of a user, a tenant, or by the application's own rule.

use auth_core::{
    Context, Result,
    protocol::TenantId,
    recipes::{
        multifactorauth::{
            AddToRequiredSecondaryFactorsForUserInput, FactorId, FactorRequirement,
            FactorRequirementList, GetMfaRequirementsForAuthInput,
            MarkFactorAsCompleteInSessionInput, MultiFactorAuthFunctions, MultiFactorAuthOverride,
            MultiFactorAuthRecipe, TenantFactors,
        },
        session::SessionOptions,
        totp::TotpRecipe,
    },
};
use serde_json::json;

use super::{LINK_ALL, Test, linking};
use crate::harness::EMAIL;

async fn test(recipe: MultiFactorAuthRecipe) -> Test {
    Test::with(|builder| builder.recipe(linking(LINK_ALL)).recipe(recipe).recipe(TotpRecipe::new()))
        .await
}

#[tokio::test]
async fn what_a_tenant_requires_stands_in_place_of_the_applications() {
    let application = || MultiFactorAuthRecipe::new().required_secondary_factors([FactorId::TOTP]);
    let by_phone = TenantFactors::new().required_secondary_factors([FactorId::OTP_PHONE]);
    for (recipe, next) in [
        (application(), json!(["totp"])),
        (application().tenant("public", by_phone.clone()), json!(["otp-phone"])),
        (application().tenant("elsewhere", by_phone), json!(["totp"])),
        (application().tenant("public", TenantFactors::new()), json!(["totp"])),
        (
            application().tenant("public", TenantFactors::new().required_secondary_factors([])),
            json!([]),
        ),
    ] {
        let test = test(recipe).await;
        assert_eq!(test.sign_up(EMAIL).await.info().await["factors"]["next"], next);
    }
}

#[tokio::test]
async fn of_what_is_required_of_the_user_and_of_the_tenant_one_is_enough() {
    let recipe = MultiFactorAuthRecipe::new()
        .required_secondary_factors([FactorId::TOTP, FactorId::OTP_EMAIL]);
    let test = test(recipe).await;
    let mut ada = test.sign_up(EMAIL).await;
    let user_id = ada.session().await.get_user_id().clone();
    let mfa = test.app.0.multifactorauth().expect("in the list");
    for factor in [FactorId::OTP_PHONE, FactorId::TOTP] {
        mfa.add_to_required_secondary_factors_for_user(
            AddToRequiredSecondaryFactorsForUserInput::new(&user_id, factor),
        )
        .await
        .expect("added");
    }
    // The user's own come first.
    let next = json!(["otp-phone", "totp", "otp-email"]);
    assert_eq!(ada.info().await["factors"]["next"], next);
    ada.set_up_totp().await;
    assert_eq!(ada.info().await["factors"]["next"], json!([]));
    let set_up = mfa.factors_of(&user_id).await.expect("answered");
    assert_eq!(set_up, [FactorId::EMAIL_PASSWORD, FactorId::TOTP]);
}

const BADGE: &str = "badge";

/// First an authenticator app, then the badge at the door and a phone, in either order.
struct Strict;

impl MultiFactorAuthOverride for Strict {
    async fn get_mfa_requirements_for_auth(
        &self,
        _original: &MultiFactorAuthFunctions,
        _cx: &Context,
        input: GetMfaRequirementsForAuthInput,
    ) -> Result<FactorRequirementList> {
        assert_eq!(input.tenant_id, TenantId::default());
        let both = vec![FactorId::from(BADGE), FactorId::OTP_PHONE];
        Ok(vec![FactorId::TOTP.into(), FactorRequirement::AllOfInAnyOrder(both)])
    }
}

#[tokio::test]
async fn an_applications_own_rule_and_factors_are_walked_step_by_step() {
    let test = test(MultiFactorAuthRecipe::new().override_functions(Strict)).await;
    let mut ada = test.sign_up(EMAIL).await;
    let any = SessionOptions::new();
    let mfa = test.app.0.multifactorauth().expect("in the list");
    let session = ada.session().await;
    let list = mfa.requirements_of(&session).await.expect("answered");
    assert_eq!(list.len(), 2);
    // The badge waits for its step.
    let may_set_up =
        async |session: &_, id: &'static str| mfa.assert_may_set_up(session, id).await.is_ok();
    assert!(may_set_up(&session, "totp").await);
    assert!(!may_set_up(&session, BADGE).await && !may_set_up(&session, "otp-phone").await);

    ada.set_up_totp().await;
    assert!(ada.refusal(&any).await.is_some());
    let session = ada.session().await;
    assert!(may_set_up(&session, BADGE).await && may_set_up(&session, "otp-phone").await);
    mfa.mark_factor_as_complete_in_session(MarkFactorAsCompleteInSessionInput::new(
        session.clone(),
        BADGE,
    ))
    .await
    .expect("noted");
    assert!(may_set_up(&session, "otp-phone").await && !may_set_up(&session, BADGE).await);
    mfa.mark_factor_as_complete_in_session(MarkFactorAsCompleteInSessionInput::new(
        session.clone(),
        FactorId::OTP_PHONE,
    ))
    .await
    .expect("noted");
    assert_eq!(session.get_access_token_payload()["st-mfa"]["v"], true);
    assert!(may_set_up(&session, BADGE).await, "everything is complete");
}
