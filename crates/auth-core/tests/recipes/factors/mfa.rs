//! FDI 1.6, 6: multi-factor auth.

use std::time::Duration;

use auth_core::{
    AppInfo, Auth, BuildError,
    core::EngineConfig,
    protocol::{JsonObject, RecipeUserId, TenantId},
    recipes::{
        emailpassword::EmailPasswordRecipe,
        multifactorauth::{
            FactorId, FactorRequirement, MultiFactorAuthClaim, MultiFactorAuthRecipe, TenantFactors,
        },
        session::{SessionOptions, SessionRecipe},
        totp::TotpRecipe,
    },
};
use http::{Method, StatusCode};
use serde_json::json;

use super::{START_MS, Test};
use crate::harness::{EMAIL, PASSWORD, form};

const START_SECS: i64 = START_MS / 1000;

fn any() -> SessionOptions {
    SessionOptions::new()
}

#[tokio::test]
async fn where_nothing_is_required_the_first_factor_is_enough_and_is_noted_in_seconds() {
    let test = Test::mfa([]).await;
    let ada = test.sign_up(EMAIL).await;
    assert_eq!(ada.claim().await, json!({ "c": { "emailpassword": START_SECS }, "v": true }));
    assert_eq!(ada.refusal(&any()).await, None);
}

#[tokio::test]
async fn what_is_required_of_everybody_keeps_routes_closed_until_it_is_set_up_and_completed() {
    let test = Test::mfa([FactorId::TOTP]).await;
    let mut ada = test.sign_up(EMAIL).await;
    assert_eq!(ada.claim().await, json!({ "c": { "emailpassword": START_SECS }, "v": false }));
    let refused = json!({
        "http": 403,
        "body": {
            "message": "invalid claim",
            "claimValidationErrors": [{
                "id": "st-mfa",
                "reason": { "message": "MFA requirement for auth is not satisfied" },
            }],
        },
    });
    assert_eq!(ada.refusal(&any()).await, Some(refused.clone()));
    let info = ada.info().await;
    assert_eq!(info["status"], "OK");
    assert_eq!(
        info["factors"],
        json!({
            "next": ["totp"],
            "alreadySetup": ["emailpassword"],
            "allowedToSetup": ["totp"],
        })
    );
    assert_eq!(info["emails"]["emailpassword"], json!([EMAIL]));
    assert_eq!(info["emails"]["otp-email"], json!([EMAIL]));
    assert_eq!(info["phoneNumbers"]["otp-phone"], json!([]));

    test.clock.advance(Duration::from_secs(5));
    let secret = ada.set_up_totp().await;
    let done = json!({ "emailpassword": START_SECS, "totp": START_SECS + 5 });
    assert_eq!(ada.claim().await, json!({ "c": done, "v": true }));
    assert_eq!(ada.refusal(&any()).await, None);

    // The next session starts anew.
    test.clock.advance(Duration::from_secs(60));
    let mut ada = test.sign_in(EMAIL).await;
    assert_eq!(ada.refusal(&any()).await, Some(refused));
    let info = ada.info().await;
    assert_eq!(info["factors"]["next"], json!(["totp"]));
    assert_eq!(info["factors"]["allowedToSetup"], json!([]), "what is there comes first");
    let body = json!({ "totp": test.code(&secret) });
    assert_eq!(ada.post("/auth/totp/verify", &body).await, json!({ "status": "OK" }));
    assert_eq!(ada.refusal(&any()).await, None);
    assert_eq!(ada.info().await["factors"]["next"], json!([]));
}

#[tokio::test]
async fn who_has_a_factor_cannot_set_up_another_instead_of_completing_it() {
    let test = Test::mfa([FactorId::TOTP]).await;
    let secret = test.sign_up(EMAIL).await.set_up_totp().await;
    test.clock.advance(Duration::from_secs(60));
    let mut thief = test.sign_in(EMAIL).await;
    let answer = thief.send(Method::POST, "/auth/totp/device", &json!({})).await;
    assert_eq!(answer.0.status, StatusCode::FORBIDDEN);
    let refused = json!([{
        "id": "st-mfa",
        "reason":
            "Completed factors in the session does not satisfy the MFA requirements for auth",
    }]);
    assert_eq!(answer.json()["claimValidationErrors"], refused);
    // Nor remove the one that is there.
    let body = json!({ "deviceName": "TOTP Device 0" });
    let answer = thief.send(Method::POST, "/auth/totp/device/remove", &body).await;
    assert_eq!(answer.0.status, StatusCode::FORBIDDEN);
    let body = json!({ "totp": test.code(&secret) });
    assert_eq!(thief.post("/auth/totp/verify", &body).await["status"], "OK", "it was ada");
}

#[tokio::test]
async fn a_factor_that_is_not_next_may_not_be_set_up() {
    let test = Test::mfa([FactorId::OTP_PHONE]).await;
    let mut ada = test.sign_up(EMAIL).await;
    let answer = ada.send(Method::POST, "/auth/totp/device", &json!({})).await;
    assert_eq!(answer.0.status, StatusCode::FORBIDDEN);
    let reason = &answer.json()["claimValidationErrors"][0]["reason"];
    let text = "Not allowed to setup factor that is not in the next set of unsatisfied factors";
    assert_eq!(reason, text);
}

#[tokio::test]
async fn a_factor_that_is_required_of_one_user_is_learnt_when_the_claim_is_worked_out_anew() {
    let test = Test::mfa([]).await;
    let mut ada = test.sign_up(EMAIL).await;
    let other = test.sign_up("other@example.com").await;
    let user_id = ada.session().await.get_user_id().clone();
    let mfa = test.app.0.multifactorauth().expect("in the list");
    for _ in 0..2 {
        mfa.add_to_required_secondary_factors_for_user(&user_id, FactorId::TOTP)
            .await
            .expect("added");
    }
    let required = mfa.get_required_secondary_factors_for_user(&user_id).await.expect("answered");
    assert_eq!(required, [FactorId::TOTP]);
    assert_eq!(ada.refusal(&any()).await, None, "not yet");
    assert_eq!(ada.info().await["factors"]["next"], json!(["totp"]));
    assert!(ada.refusal(&any()).await.is_some());
    assert_eq!(other.refusal(&any()).await, None);
    mfa.remove_from_required_secondary_factors_for_user(&user_id, FactorId::TOTP)
        .await
        .expect("removed");
    assert_eq!(ada.info().await["factors"]["next"], json!([]));
    assert_eq!(ada.refusal(&any()).await, None);
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
    mfa.add_to_required_secondary_factors_for_user(&user_id, FactorId::TOTP).await.expect("added");
    let all = metadata.get_user_metadata(&user_id).await.expect("read");
    let own = json!({ "other": 2, "requiredSecondaryFactors": ["totp"] });
    assert_eq!(serde_json::Value::Object(all), json!({ "a": 1, "_supertokens": own }));
}

#[tokio::test]
async fn a_code_by_mail_within_the_session_is_a_second_factor() {
    let test = Test::mfa([FactorId::OTP_EMAIL]).await;
    let mut ada = test.sign_up(EMAIL).await;
    let handle = ada.session().await.get_handle().clone();
    assert_eq!(ada.info().await["factors"]["next"], json!(["otp-email"]));
    let ask = json!({ "email": EMAIL, "shouldTryLinkingWithSessionUser": true });
    let device = ada.post("/auth/signinup/code", &ask).await;
    assert_eq!((&device["status"], &device["flowType"]), (&json!("OK"), &json!("USER_INPUT_CODE")));
    let login = test.login_mail().await;
    assert!(!login.is_first_factor && login.url_with_link_code.is_none());
    let code = login.user_input_code.expect("a code");
    let proof = json!({
        "preAuthSessionId": device["preAuthSessionId"],
        "deviceId": device["deviceId"],
        "userInputCode": code.expose_secret(),
        "shouldTryLinkingWithSessionUser": true,
    });
    let answer = ada.post("/auth/signinup/code/consume", &proof).await;
    assert_eq!(answer["status"], "OK", "{answer}");
    assert_eq!(answer["user"]["loginMethods"].as_array().map(Vec::len), Some(2));
    assert_eq!(ada.session().await.get_handle(), &handle);
    let done = json!({ "emailpassword": START_SECS, "otp-email": START_SECS });
    assert_eq!(ada.claim().await, json!({ "c": done, "v": true }));
}

#[tokio::test]
async fn a_sign_in_starts_only_with_what_the_application_or_the_tenant_permits() {
    let only = |ids: [FactorId; 1]| MultiFactorAuthRecipe::new().first_factors(ids);
    let test = Test::with(|builder| builder.recipe(only([FactorId::EMAIL_PASSWORD]))).await;
    test.sign_up(EMAIL).await;
    let answer = test.app.post("/auth/signinup/code", &json!({ "email": EMAIL })).await;
    assert_eq!(answer.0.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.json(), json!({ "message": "unauthorised" }));

    let tenant = TenantFactors::new().first_factors([FactorId::LINK_EMAIL]);
    let recipe = only([FactorId::EMAIL_PASSWORD]).tenant("public", tenant);
    let test = Test::with(|builder| builder.recipe(recipe)).await;
    let answer = test.app.post("/auth/signup", &form(EMAIL, PASSWORD)).await;
    assert_eq!(answer.0.status, StatusCode::UNAUTHORIZED);
    let answer = test.app.post("/auth/signinup/code", &json!({ "email": EMAIL })).await;
    assert_eq!(answer.json()["flowType"], "MAGIC_LINK", "of the two forms the permitted one");
}

#[tokio::test]
async fn a_session_without_the_claim_has_completed_what_its_login_method_stands_for() {
    let test = Test::mfa([]).await;
    let ada = test.sign_up(EMAIL).await;
    let id: RecipeUserId = ada.session().await.get_recipe_user_id().clone();
    let empty = JsonObject::new();
    let session = test
        .app
        .0
        .session()
        .expect("in the list")
        .create_new_session_without_request_response(
            &TenantId::default(),
            id,
            empty.clone(),
            empty,
            true,
        )
        .await
        .expect("started");
    test.clock.advance(Duration::from_secs(10));
    let token = session.get_access_token().expose_secret().to_owned();
    let client = super::Client { test: &test, token };
    let session = client.check(&any()).await.expect("let through");
    assert_eq!(
        session.get_access_token_payload()["st-mfa"],
        json!({ "c": { "emailpassword": START_SECS }, "v": true })
    );
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
async fn without_a_session_nobody_learns_about_factors() {
    let test = Test::mfa([]).await;
    for (method, path) in [
        (Method::PUT, "/auth/mfa/info"),
        (Method::POST, "/auth/totp/device"),
        (Method::GET, "/auth/totp/device/list"),
        (Method::POST, "/auth/totp/device/remove"),
        (Method::POST, "/auth/totp/device/verify"),
        (Method::POST, "/auth/totp/verify"),
        (Method::POST, "/auth/recoverycode/generate"),
        (Method::POST, "/auth/recoverycode/consume"),
        (Method::GET, "/auth/recoverycode/count"),
    ] {
        let answer = test.app.send(method, path, &[], "{}").await.expect("a route");
        assert_eq!(answer.0.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(answer.json(), json!({ "message": "unauthorised" }));
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
    let period = TotpRecipe::new().default_period_secs(0);
    let both = |builder: auth_core::AuthBuilder| {
        builder.recipe(MultiFactorAuthRecipe::new()).recipe(period)
    };
    assert_eq!(problem(both).await, "`totp.default_period_secs`: it is 0; expected 1 to 86400");
}
