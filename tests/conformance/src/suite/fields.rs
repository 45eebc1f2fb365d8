//! The fields of forms.

use async_trait::async_trait;
use auth_core::{
    Context, Result,
    protocol::TenantId,
    recipes::emailpassword::{EmailPasswordRecipe, FieldValidator, FormField},
};
use serde_json::{Value, json};

use super::{
    cases,
    support::{EMAIL, PASSWORD, field_error, form, start_email_password, with_recipe},
};
use crate::{App, Harness, client::Req};

cases! {
    "fdi-10-syntax" => every_form_refuses_malformed_fields_with_the_documented_texts,
    "fdi-10-count" => more_fields_than_configured_are_bad_input,
    "fdi-10-order" => all_failing_fields_are_listed_in_the_configured_order,
    "fdi-10-optional" => an_optional_field_is_validated_only_where_it_is_filled,
    "fdi-10-required" => a_missing_or_empty_field_is_not_optional,
    "fdi-10-custom" => a_validator_of_the_application_learns_value_and_tenant,
    "fdi-10-custom" => more_form_fields_are_accepted_where_they_are_configured,
    "fdi-10-email" => addresses_are_told_from_other_texts,
    "fdi-10-password" => each_rule_of_the_password_policy_has_its_text,
    "fdi-10-password" => common_passwords_are_refused_after_a_rule_of_the_application_s,
    "fdi-10-sign-in" => the_sign_in_form_checks_of_the_password_only_that_it_is_there,
}

pub(super) const COMMON: &str =
    "This password is one of those that are used most often. Please choose another one";

const FORMS: [&str; 4] = [
    "/auth/signup",
    "/auth/signin",
    "/auth/user/password/reset/token",
    "/auth/user/password/reset",
];

async fn every_form_refuses_malformed_fields_with_the_documented_texts(harness: Harness) {
    let app = start_email_password(&harness).await;
    let missing = "Missing input param: formFields";
    let list = "formFields must be an array";
    let element = "All elements of formFields must be an object";
    let members = "All elements of formFields must contain an 'id' and 'value' field";
    for path in FORMS {
        for (body, text) in [
            (json!({}), missing),
            (json!({ "formfields": [] }), missing),
            (json!({ "formFields": null }), list),
            (json!({ "formFields": {} }), list),
            (json!({ "formFields": "email" }), list),
            (json!({ "formFields": 1 }), list),
            (json!({ "formFields": [null] }), element),
            (json!({ "formFields": ["email"] }), element),
            (json!({ "formFields": [1] }), element),
            (json!({ "formFields": [{}] }), members),
            (json!({ "formFields": [{ "id": "email" }] }), members),
            (json!({ "formFields": [{ "value": "x" }] }), members),
            (json!({ "formFields": [{ "id": 1, "value": "x" }] }), members),
            (
                json!({ "formFields": [{ "id": "email", "value": 1 }] }),
                "email value must be a string",
            ),
            (
                json!({ "formFields": [{ "id": "email", "value": null }] }),
                "email value must be a string",
            ),
            (
                json!({ "formFields": [{ "id": "password", "value": {} }] }),
                "password value must be a string",
            ),
        ] {
            let reply = app.send(Req::post(path).json(&body)).await;
            reply.expect_message(400, text);
            reply.expect_tokens_untouched();
        }
    }
}

async fn more_fields_than_configured_are_bad_input(harness: Harness) {
    let app = start_email_password(&harness).await;
    let field = |id: &str| json!({ "id": id, "value": "" });
    for (path, count) in FORMS.into_iter().zip([2, 2, 1, 1]) {
        let ids = ["email", "password", "x"];
        let fields: Vec<Value> = ids.into_iter().map(field).take(count + 1).collect();
        let reply = app.send(Req::post(path).json(&json!({ "formFields": fields }))).await;
        reply.expect_message(400, "Are you sending too many formFields?");
    }
}

async fn all_failing_fields_are_listed_in_the_configured_order(harness: Harness) {
    let app = harness
        .start(with_recipe(|| {
            EmailPasswordRecipe::new().form_field(FormField::new("name")).form_field(
                FormField::new("age")
                    .optional()
                    .validate(|age| age.as_u64().is_none().then(|| "Age must be a number".into())),
            )
        }))
        .await;
    let body = json!({ "formFields": [
        { "id": "email", "value": "nope" },
        { "id": "age", "value": "old" },
        { "id": "password", "value": "short" },
        { "id": "name", "value": "" },
    ] });
    let reply = app.send(Req::post("/auth/signup").json(&body)).await;
    reply.expect(
        200,
        &field_error(&[
            ("name", "Field is not optional"),
            ("age", "Age must be a number"),
            ("password", "Password must contain at least 8 characters, including a number"),
            ("email", "Email is invalid"),
        ]),
    );
    reply.expect_tokens_untouched();
}

async fn an_optional_field_is_validated_only_where_it_is_filled(harness: Harness) {
    let app = harness
        .start(with_recipe(|| {
            let field = FormField::new("age").optional().validate(|_| Some("never right".into()));
            EmailPasswordRecipe::new().form_field(field)
        }))
        .await;
    let send = async |age: Option<Value>| {
        let mut body = form("nope", PASSWORD);
        if let Some(age) = age {
            let fields = body["formFields"].as_array_mut().expect("a list");
            fields.push(json!({ "id": "age", "value": age }));
        }
        app.send(Req::post("/auth/signup").json(&body)).await
    };
    for age in [None, Some(json!("")), Some(json!(null))] {
        send(age).await.expect(200, &field_error(&[("email", "Email is invalid")]));
    }
    for age in [json!("x"), json!(0), json!(false)] {
        let fields = [("age", "never right"), ("email", "Email is invalid")];
        send(Some(age)).await.expect(200, &field_error(&fields));
    }
}

async fn a_missing_or_empty_field_is_not_optional(harness: Harness) {
    let app = start_email_password(&harness).await;
    let both = [("password", "Field is not optional"), ("email", "Field is not optional")];
    for (path, fields) in FORMS.into_iter().zip([&both[..], &both, &both[1..], &both[..1]]) {
        for body in [json!({ "formFields": [] }), empty(fields)] {
            let reply = app.send(Req::post(path).json(&body)).await;
            reply.expect(200, &field_error(fields));
        }
    }
}

fn empty(fields: &[(&str, &str)]) -> Value {
    let fields = fields.iter().map(|(id, _)| json!({ "id": id, "value": "" }));
    json!({ "formFields": fields.collect::<Vec<_>>() })
}

/// Tells what it was asked about.
struct Telling;

#[async_trait]
impl FieldValidator for Telling {
    async fn validate(
        &self,
        _cx: &Context,
        value: &Value,
        tenant_id: &TenantId,
    ) -> Result<Option<String>> {
        Ok(Some(format!("{value} in {tenant_id}")))
    }
}

async fn a_validator_of_the_application_learns_value_and_tenant(harness: Harness) {
    let app = harness
        .start(with_recipe(|| {
            EmailPasswordRecipe::new().form_field(FormField::new("email").validator(Telling))
        }))
        .await;
    for (path, text) in [
        ("/auth/t1/signup", "\"Ada\" in t1"),
        ("/auth/t1/signin", "\"Ada\" in t1"),
        ("/auth/signin", "\"Ada\" in public"),
    ] {
        let reply = app.send(Req::post(path).json(&form(" Ada ", PASSWORD))).await;
        reply.expect(200, &field_error(&[("email", text)]));
    }
}

async fn more_form_fields_are_accepted_where_they_are_configured(harness: Harness) {
    let app = harness
        .start(with_recipe(|| EmailPasswordRecipe::new().form_field(FormField::new("name"))))
        .await;
    let mut body = form(EMAIL, PASSWORD);
    let fields = body["formFields"].as_array_mut().expect("a list");
    fields.push(json!({ "id": "name", "value": { "first": "Ada" } }));
    let reply = app.send(Req::post("/auth/signup").json(&body)).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
    let reply = app.send(Req::post("/auth/signin").json(&form(EMAIL, PASSWORD))).await;
    assert_eq!(reply.json()["status"], "OK", "signing in needs no name: {reply:?}");
}

async fn addresses_are_told_from_other_texts(harness: Harness) {
    let app = start_email_password(&harness).await;
    let send =
        async |email: &str| app.send(Req::post("/auth/signin").json(&form(email, PASSWORD))).await;
    for email in [
        "ada@example.com",
        " Ada.Lovelace+test@sub.example.co.uk ",
        "\"a b\"@example.com",
        "ada@[127.0.0.1]",
        "ünï@example.com",
        "a@b-c.de",
    ] {
        send(email).await.expect(200, &json!({ "status": "WRONG_CREDENTIALS_ERROR" }));
    }
    for email in [
        "ada",
        "ada@example",
        "@example.com",
        "ada@@example.com",
        "a b@example.com",
        "ada@exa_mple.com",
        "ada@example.c",
        "ada@.com",
        "ada.@example.com",
        "ada@example.com\r\nbcc: eve@example.com",
        "ada@example.com\0",
    ] {
        send(email).await.expect(200, &field_error(&[("email", "Email is invalid")]));
    }
}

async fn each_rule_of_the_password_policy_has_its_text(harness: Harness) {
    let app = start_email_password(&harness).await;
    let short = "Password must contain at least 8 characters, including a number";
    let long = "Password's length must be lesser than 100 characters";
    let letter = "Password must contain at least one alphabet";
    let digit = "Password must contain at least one number";
    for (password, text) in [
        ("abc12", short),
        ("1234567", short),
        // Lengths count UTF-16 units.
        ("\u{1f511}\u{1f511}a12", short),
        (&"a1".repeat(50), long),
        ("12345678", letter),
        ("äöüäöü12", letter),
        ("abcdefgh", digit),
        ("password1", COMMON),
        ("12345678a", COMMON),
        ("qwerty123", COMMON),
        ("abc123456", COMMON),
        ("Password1", COMMON),
        ("1Q2W3E4R", COMMON),
    ] {
        let reply = app.send(Req::post("/auth/signup").json(&form(EMAIL, password))).await;
        reply.expect(200, &field_error(&[("password", text)]));
    }
    for (number, password) in
        ["enchantress1", "\u{1f511}\u{1f511}\u{1f511}a1", &format!("{}1", "a".repeat(98))]
            .into_iter()
            .enumerate()
    {
        let email = format!("user{number}@example.com");
        let reply = app.send(Req::post("/auth/signup").json(&form(&email, password))).await;
        assert_eq!(reply.json()["status"], "OK", "{password}: {reply:?}");
    }
}

async fn common_passwords_are_refused_after_a_rule_of_the_application_s(harness: Harness) {
    let setup = with_recipe(|| {
        let rule = |value: &Value| {
            let is_long = value.as_str().is_some_and(|password| password.len() > 8);
            (!is_long).then(|| "Nine at least".to_owned())
        };
        EmailPasswordRecipe::new().form_field(FormField::new("password").validate(rule))
    });
    let app = harness.start(setup).await;
    for (password, text) in [("passw0rd", "Nine at least"), ("password1", COMMON)] {
        let reply = app.send(Req::post("/auth/signup").json(&form(EMAIL, password))).await;
        reply.expect(200, &field_error(&[("password", text)]));
    }
    let app = harness.start(with_recipe(|| EmailPasswordRecipe::new().allow_common_passwords()));
    let app = app.await;
    let reply = app.send(Req::post("/auth/signup").json(&form(EMAIL, "password1"))).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
}

async fn the_sign_in_form_checks_of_the_password_only_that_it_is_there(harness: Harness) {
    let app: App = start_email_password(&harness).await;
    let send = async |email: &str, password: &str| {
        app.send(Req::post("/auth/signin").json(&form(email, password))).await
    };
    let fields = [("password", "Field is not optional"), ("email", "Email is invalid")];
    send("nope", "").await.expect(200, &field_error(&fields));
    send("nope", "x").await.expect(200, &field_error(&[("email", "Email is invalid")]));
    let long = "x".repeat(10_000);
    for weak in ["x", "        ", &long] {
        send(EMAIL, weak).await.expect(200, &json!({ "status": "WRONG_CREDENTIALS_ERROR" }));
    }
}
