//! Overrides (FDI §4).

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use auth_core::{
    Context, Error, Result,
    recipes::passwordless::{
        ConsumeCodePostInput, ConsumeCodePostOutcome, ContactMethod, CreateCodeInput,
        CreateCodePostInput, CreateCodePostOutcome, CreatedCode, FlowType, PasswordlessApi,
        PasswordlessApis, PasswordlessApisOverride, PasswordlessFunctions, PasswordlessOverride,
        PasswordlessRecipe,
    },
};
use http::Method;
use serde_json::json;

use super::Test;
use crate::harness::{EMAIL, builder};

fn recipe() -> PasswordlessRecipe {
    PasswordlessRecipe::new(ContactMethod::EmailOrPhone, FlowType::UserInputCode)
}

struct Count(Arc<AtomicU32>);

impl PasswordlessOverride for Count {
    async fn create_code(
        &self,
        original: &PasswordlessFunctions,
        cx: &Context,
        input: CreateCodeInput,
    ) -> Result<CreatedCode> {
        self.0.fetch_add(1, Ordering::Relaxed);
        original.create_code(cx, input).await
    }
}

#[tokio::test]
async fn routes_links_and_sign_ins_reach_the_overridden_function() {
    let count = Arc::new(AtomicU32::new(0));
    let test = Test::with(recipe().override_functions(Count(Arc::clone(&count)))).await;
    let answer = test.app.post("/auth/signinup/code", &json!({ "email": EMAIL })).await;
    assert_eq!(answer.json()["status"], "OK");
    let passwordless = test.app.0.passwordless().unwrap();
    let contact = auth_core::recipes::passwordless::Contact::Email(EMAIL.into());
    passwordless.create_magic_link(contact.clone()).await.unwrap();
    passwordless.sign_in_up(contact).await.unwrap();
    assert_eq!(count.load(Ordering::Relaxed), 3);
}

struct Closed;

impl PasswordlessApisOverride for Closed {
    async fn create_code_post(
        &self,
        _original: &PasswordlessApis,
        _cx: &Context,
        _input: CreateCodePostInput,
    ) -> Result<CreateCodePostOutcome> {
        let reason = "Closed. (ERR_CODE_002)".to_owned();
        Ok(CreateCodePostOutcome::SignInUpNotAllowed { reason })
    }

    async fn consume_code_post(
        &self,
        _original: &PasswordlessApis,
        _cx: &Context,
        _input: ConsumeCodePostInput,
    ) -> Result<ConsumeCodePostOutcome> {
        Err(Error::general("Come back tomorrow"))
    }
}

#[tokio::test]
async fn an_overridden_api_answers_with_its_own_outcome_or_message() {
    let test = Test::with(recipe().override_apis(Closed)).await;
    let answer = test.app.post("/auth/signinup/code", &json!({ "email": EMAIL })).await;
    answer.is_ok_json(
        &json!({ "status": "SIGN_IN_UP_NOT_ALLOWED", "reason": "Closed. (ERR_CODE_002)" }),
    );
    let body = json!({ "preAuthSessionId": "x", "linkCode": "x" });
    let answer = test.app.post("/auth/signinup/code/consume", &body).await;
    answer.is_ok_json(&json!({ "status": "GENERAL_ERROR", "message": "Come back tomorrow" }));
}

#[tokio::test]
async fn an_api_that_is_switched_off_passes_on_with_all_its_paths() {
    for (api, method, paths) in [
        (PasswordlessApi::CreateCodePost, Method::POST, &["/signinup/code"][..]),
        (PasswordlessApi::ResendCodePost, Method::POST, &["/signinup/code/resend"]),
        (PasswordlessApi::ConsumeCodePost, Method::POST, &["/signinup/code/consume"]),
        (
            PasswordlessApi::EmailExistsGet,
            Method::GET,
            &["/passwordless/email/exists", "/signup/email/exists"],
        ),
        (
            PasswordlessApi::PhoneNumberExistsGet,
            Method::GET,
            &["/passwordless/phonenumber/exists", "/signup/phonenumber/exists"],
        ),
    ] {
        let on = builder().recipe(recipe()).build().await.unwrap();
        let off = builder().recipe(recipe().disable_api(api)).build().await.unwrap();
        for path in paths {
            let path = format!("/auth{path}");
            assert!(on.route(&method, &path, None).is_some(), "{path}");
            assert!(off.route(&method, &path, None).is_none(), "{path}");
        }
    }
}
