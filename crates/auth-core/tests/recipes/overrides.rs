//! Overrides (FDI §4).

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use auth_core::{
    Context, Error, Result,
    recipes::emailpassword::{
        CreateNewRecipeUserInput, EmailPasswordApis, EmailPasswordApisOverride,
        EmailPasswordFunctions, EmailPasswordOverride, EmailPasswordRecipe, SignInPostInput,
        SignInPostOutcome, SignUpOutcome, SignUpPostInput, SignUpPostOutcome,
    },
};
use serde_json::json;

use crate::harness::{App, EMAIL, PASSWORD, form};

struct Count(Arc<AtomicU32>);

impl EmailPasswordOverride for Count {
    async fn create_new_recipe_user(
        &self,
        original: &EmailPasswordFunctions,
        cx: &Context,
        input: CreateNewRecipeUserInput,
    ) -> Result<SignUpOutcome> {
        self.0.fetch_add(1, Ordering::Relaxed);
        original.create_new_recipe_user(cx, input).await
    }
}

#[tokio::test]
async fn the_stock_sign_up_reaches_the_overridden_creation() {
    let count = Arc::new(AtomicU32::new(0));
    let recipe = EmailPasswordRecipe::new()
        .override_functions(Count(Arc::clone(&count)))
        .override_functions(Count(Arc::clone(&count)));
    App::with(recipe).await.sign_up().await;
    assert_eq!(count.load(Ordering::Relaxed), 2, "once in each layer");
}

struct Refuse;

impl EmailPasswordApisOverride for Refuse {
    async fn sign_up_post(
        &self,
        _original: &EmailPasswordApis,
        _cx: &Context,
        input: SignUpPostInput,
    ) -> Result<SignUpPostOutcome> {
        if input.form_fields.email().starts_with("taken") {
            return Ok(SignUpPostOutcome::EmailAlreadyExists);
        }
        let reason = "Closed. (ERR_CODE_007)".to_owned();
        Err(Error::general(reason))
    }

    async fn sign_in_post(
        &self,
        _original: &EmailPasswordApis,
        _cx: &Context,
        _input: SignInPostInput,
    ) -> Result<SignInPostOutcome> {
        Err(Error::other("secret detail"))
    }
}

#[tokio::test]
async fn an_overridden_api_answers_with_its_own_outcome_or_message() {
    let app = App::with(EmailPasswordRecipe::new().override_apis(Refuse)).await;
    let answer = app.post("/auth/signup", &form(EMAIL, PASSWORD)).await;
    answer.is_ok_json(&json!({ "status": "GENERAL_ERROR", "message": "Closed. (ERR_CODE_007)" }));
    let answer = app.post("/auth/signup", &form("taken@example.com", PASSWORD)).await;
    let text = "This email already exists. Please sign in instead.";
    let fields = json!([{ "error": text, "id": "email" }]);
    answer.is_ok_json(&json!({ "status": "FIELD_ERROR", "formFields": fields }));
    let answer = app.post("/auth/signin", &form(EMAIL, PASSWORD)).await;
    assert_eq!(answer.0.status, 500);
    assert!(!String::from_utf8_lossy(&answer.0.body).contains("secret"));
}
