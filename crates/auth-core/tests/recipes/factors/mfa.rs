//! FDI §1.6, 6: multi-factor auth.

use std::time::Duration;

use auth_core::{
    AppInfo, Auth, BuildError,
    core::EngineConfig,
    recipes::{
        emailpassword::EmailPasswordRecipe,
        multifactorauth::{
            AddToRequiredSecondaryFactorsForUserInput, FactorId, FactorRequirement,
            MultiFactorAuthClaim, MultiFactorAuthRecipe, TenantFactors,
        },
        session::{SessionOptions, SessionRecipe},
        totp::TotpRecipe,
    },
};
use serde_json::json;

use super::Test;
use crate::harness::EMAIL;

fn any() -> SessionOptions {
    SessionOptions::new()
}

#[tokio::test]
async fn required_factors_leave_the_rest_of_a_users_metadata_alone() {
    let test = Test::mfa([]).await;
    let ada = test.sign_up(EMAIL).await;
    let user_id = ada.session().await.get_user_id().clone();
    let metadata = test.app.0.usermetadata().expect("always there");
    metadata.set_value(&user_id, "a", 1).await.expect("set");
    metadata.set_value(&user_id, "_supertokens", json!({ "other": 2 })).await.expect("set");
    let mfa = test.app.0.multifactorauth().expect("in the list");
    let input = AddToRequiredSecondaryFactorsForUserInput::new(&user_id, FactorId::TOTP);
    mfa.add_to_required_secondary_factors_for_user(input).await.expect("added");
    let all = metadata.get_user_metadata(&user_id).await.expect("read");
    let own = json!({ "other": 2, "requiredSecondaryFactors": ["totp"] });
    assert_eq!(serde_json::Value::Object(all), json!({ "a": 1, "_supertokens": own }));
}

#[tokio::test]
async fn step_up_demands_that_a_factor_was_completed_lately() {
    let test = Test::mfa([]).await;
    let mut ada = test.sign_up(EMAIL).await;
    let secret = ada.set_up_totp().await;
    let max_age = Some(Duration::from_secs(300));
    let validators = MultiFactorAuthClaim::validators();
    let totp = any().claims([validators.has_completed_factors([FactorId::TOTP.into()], max_age)]);
    let default = any().claims([validators.has_completed_default_factors(max_age)]);
    let either = FactorRequirement::OneOf(vec![FactorId::TOTP, FactorId::OTP_PHONE]);
    let list = any().claims([validators.has_completed_requirement_list([either])]);
    for options in [&totp, &default, &list] {
        assert_eq!(ada.refusal(options).await, None);
    }
    test.clock.advance(Duration::from_secs(301));
    assert_eq!(ada.refusal(&any()).await, None);
    assert_eq!(ada.refusal(&list).await, None, "without a limit");
    assert!(ada.refusal(&default).await.is_some());
    let refused = ada.refusal(&totp).await.expect("refused");
    assert_eq!(
        refused["body"]["claimValidationErrors"][0]["reason"],
        json!({
            "message": "Factor validation failed: totp not completed",
            "factorId": "totp",
            "maxAgeInSeconds": 300,
        })
    );
    // Completed once more, it is fresh.
    let body = json!({ "totp": test.code(&secret) });
    assert_eq!(ada.post("/auth/totp/verify", &body).await["status"], "OK");
    for options in [&totp, &default] {
        assert_eq!(ada.refusal(options).await, None);
    }
}

#[tokio::test]
async fn mistakes_in_the_recipe_list_are_named() {
    async fn problem(
        recipes: impl FnOnce(auth_core::AuthBuilder) -> auth_core::AuthBuilder,
    ) -> String {
        let info = AppInfo::new("App", "https://api.example.com", "https://example.com");
        let builder = Auth::builder(info)
            .core(EngineConfig::in_memory())
            .recipe(SessionRecipe::new())
            .recipe(EmailPasswordRecipe::new());
        match recipes(builder).build().await {
            Err(BuildError::Config(error)) => error.to_string(),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(
        problem(|builder| builder.recipe(TotpRecipe::new())).await,
        "`recipe_list`: totp is there without multifactorauth; expected these lines too, beside the \
         others: `.recipe(MultiFactorAuthRecipe::new())`"
    );
    for (recipe, field) in [
        (MultiFactorAuthRecipe::new().first_factors(["".into()]), "multifactorauth.first_factors"),
        (
            MultiFactorAuthRecipe::new().required_secondary_factors([" totp".into()]),
            "multifactorauth.required_secondary_factors",
        ),
        (
            MultiFactorAuthRecipe::new().tenant("a b", TenantFactors::new()),
            "multifactorauth.tenant",
        ),
    ] {
        let problem = problem(|builder| builder.recipe(recipe)).await;
        assert!(problem.starts_with(&format!("`{field}`")), "{problem}");
    }
    for issuer in ["", " ", "a\nb"] {
        let totp = TotpRecipe::new().issuer(issuer);
        let mfa = MultiFactorAuthRecipe::new();
        let problem = problem(|builder| builder.recipe(mfa).recipe(totp)).await;
        assert!(problem.starts_with("`totp.issuer`"), "{problem}");
    }
    let empty = MultiFactorAuthRecipe::new().first_factors([]);
    assert_eq!(
        problem(|builder| builder.recipe(empty)).await,
        "`multifactorauth.first_factors`: it is empty, so that nobody could sign in; expected at \
         least one factor, or no setting at all"
    );
    let expected = "expected some of emailpassword, or a recipe in the list that offers it, be it one \
                    of your own";
    let unknown =
        MultiFactorAuthRecipe::new().first_factors([FactorId::EMAIL_PASSWORD, FactorId::OTP_PHONE]);
    assert_eq!(
        problem(|builder| builder.recipe(unknown)).await,
        format!(
            "`multifactorauth.first_factors`: no recipe offers otp-phone, with which a sign-in may \
             start; {expected}"
        )
    );
    let factors = TenantFactors::new().first_factors(["hardware-key".into()]);
    let tenant = MultiFactorAuthRecipe::new().tenant("acme", factors);
    assert_eq!(
        problem(|builder| builder.recipe(tenant)).await,
        format!(
            "`multifactorauth.first_factors`: no recipe offers hardware-key, with which a sign-in in \
             the tenant acme may start; {expected}"
        )
    );
    let period = TotpRecipe::new().default_period_secs(0);
    let both = |builder: auth_core::AuthBuilder| {
        builder.recipe(MultiFactorAuthRecipe::new()).recipe(period)
    };
    assert_eq!(problem(both).await, "`totp.default_period_secs`: it is 0; expected 1 to 86400");
}
