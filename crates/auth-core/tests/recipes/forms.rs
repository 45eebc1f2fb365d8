//! FDI: field validators, body parsing.

use async_trait::async_trait;
use auth_core::{
    Context, Result,
    protocol::TenantId,
    recipes::emailpassword::{EmailPasswordRecipe, FieldValidator, FormField},
};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::{App, field_errors, form};

const FORMS: [&str; 4] = [
    "/auth/signup",
    "/auth/signin",
    "/auth/user/password/reset/token",
    "/auth/user/password/reset",
];

#[tokio::test]
async fn every_form_refuses_malformed_fields_with_the_documented_texts() {
    let app = App::new().await;
    let members = "All elements of formFields must contain an 'id' and 'value' field";
    for path in FORMS {
        for (body, text) in [
            (json!({}), "Missing input param: formFields"),
            (json!([]), "Missing input param: formFields"),
            (json!(null), "Missing input param: formFields"),
            (json!("x"), "Missing input param: formFields"),
            (json!({ "formFields": 1 }), "formFields must be an array"),
            (json!({ "formFields": [1] }), "All elements of formFields must be an object"),
            (json!({ "formFields": [{ "id": "email" }] }), members),
            (
                json!({ "formFields": [{ "id": "email", "value": 1 }] }),
                "email value must be a string",
            ),
            (
                json!({ "formFields": [{ "id": "password", "value": [] }] }),
                "password value must be a string",
            ),
        ] {
            app.post(path, &body).await.is_bad_input(text);
        }
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_is_bad_input_and_an_empty_one_has_no_fields() {
    let app = App::new().await;
    let invalid =
        "API input error: Please make sure to pass a valid JSON input in the request body";
    for path in FORMS {
        for body in ["{", "formFields=1", "\u{0}"] {
            app.send(Method::POST, path, &[], body).await.expect("a route").is_bad_input(invalid);
        }
        let answer = app.send(Method::POST, path, &[], &b"\xff"[..]).await.expect("a route");
        answer.is_bad_input(invalid);
        let answer = app.send(Method::POST, path, &[("content-encoding", "br")], "{}").await;
        answer.expect("a route").is_bad_input(invalid);
        let answer = app.send(Method::POST, path, &[], "").await.expect("a route");
        answer.is_bad_input("Missing input param: formFields");
    }
}

#[tokio::test]
async fn a_body_over_64_kib_is_answered_with_413() {
    let app = App::new().await;
    let answer = app.post("/auth/signup", &form("a@b.de", &"x".repeat(70_000))).await;
    assert_eq!(answer.0.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn more_fields_than_configured_are_bad_input() {
    let app = App::new().await;
    let body = json!({ "formFields": [
        { "id": "email", "value": "" }, { "id": "password", "value": "" }, { "id": "x", "value": "" },
    ] });
    for path in FORMS {
        app.post(path, &body).await.is_bad_input("Are you sending too many formFields?");
    }
}

#[tokio::test]
async fn all_failing_fields_are_listed_in_the_configured_order() {
    let recipe = EmailPasswordRecipe::new().form_field(FormField::new("name")).form_field(
        FormField::new("age")
            .optional()
            .validate(|age| age.as_u64().is_none().then(|| "Age must be a number".to_owned())),
    );
    let app = App::with(recipe).await;
    let body = json!({ "formFields": [
        { "id": "email", "value": "nope" },
        { "id": "age", "value": "old" },
        { "id": "password", "value": "short" },
        { "id": "name", "value": "" },
    ] });
    app.post("/auth/signup", &body).await.is_ok_json(&field_errors(&[
        ("name", "Field is not optional"),
        ("age", "Age must be a number"),
        ("password", "Password must contain at least 8 characters, including a number"),
        ("email", "Email is invalid"),
    ]));
}

#[tokio::test]
async fn an_optional_field_is_validated_only_where_it_is_filled() {
    let recipe = EmailPasswordRecipe::new()
        .form_field(FormField::new("age").optional().validate(|_| Some("never right".to_owned())));
    let app = App::with(recipe).await;
    for age in [json!(""), json!(null)] {
        let body = json!({ "formFields": [
            { "id": "email", "value": "nope" },
            { "id": "age", "value": age },
            { "id": "password", "value": "new-password1" },
        ] });
        let answer = app.post("/auth/signup", &body).await;
        answer.is_ok_json(&field_errors(&[("email", "Email is invalid")]));
    }
}

struct OnlyTenant(&'static str);

#[async_trait]
impl FieldValidator for OnlyTenant {
    async fn validate(&self, _: &Context, _: &Value, tenant: &TenantId) -> Result<Option<String>> {
        Ok((tenant != self.0).then(|| format!("not in {tenant}")))
    }
}

#[tokio::test]
async fn a_validator_learns_the_tenant_in_the_path() {
    let recipe =
        EmailPasswordRecipe::new().form_field(FormField::new("email").validator(OnlyTenant("x")));
    let app = App::with(recipe).await;
    for (path, tenant) in [("/auth/t1/signin", "not in t1"), ("/auth/signin", "not in public")] {
        let answer = app.post(path, &form("a@b.de", "x")).await;
        answer.is_ok_json(&field_errors(&[("email", tenant)]));
    }
}

#[tokio::test]
async fn the_sign_in_form_checks_the_address_but_of_the_password_only_that_it_is_there() {
    let app = App::new().await;
    app.post("/auth/signin", &form("nope", "")).await.is_ok_json(&field_errors(&[
        ("password", "Field is not optional"),
        ("email", "Email is invalid"),
    ]));
    let answer = app.post("/auth/signin", &form("nope", "x")).await;
    answer.is_ok_json(&field_errors(&[("email", "Email is invalid")]));
}

#[tokio::test]
async fn the_reset_form_reads_the_fields_before_the_token() {
    let app = App::new().await;
    let reset = |password: &str, token: Value| json!({ "formFields": [{ "id": "password", "value": password }], "token": token });
    let path = "/auth/user/password/reset";
    app.post(path, &reset("weak", json!(1))).await.is_ok_json(&field_errors(&[(
        "password",
        "Password must contain at least 8 characters, including a number",
    )]));
    let answer = app.post(path, &reset("new-password1", json!(1))).await;
    answer.is_bad_input("The password reset token must be a string");
    let answer = app.post(path, &reset("new-password1", json!(null))).await;
    answer.is_bad_input("The password reset token must be a string");
    let body = json!({ "formFields": [{ "id": "password", "value": "new-password1" }] });
    app.post(path, &body).await.is_bad_input("Please provide the password reset token");
}

#[tokio::test]
async fn email_exists_wants_the_address_in_the_query() {
    let app = App::new().await;
    for path in ["/auth/emailpassword/email/exists", "/auth/signup/email/exists?e=x"] {
        app.get(path).await.is_bad_input("Please provide the email as a GET param");
    }
}
