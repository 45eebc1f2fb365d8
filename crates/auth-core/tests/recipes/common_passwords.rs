//! The commonest passwords, which are guessed first, are no new passwords.

use auth_core::{
    protocol::{RecipeUserId, TenantId, UserId},
    recipes::emailpassword::{
        Credentials, EmailPasswordRecipe, FormField, PasswordUpdate, SignUpOutcome, UpdateOutcome,
    },
};
use serde_json::{Value, json};

use crate::harness::{App, EMAIL, Mailbox, PASSWORD, field_errors, form};

const COMMON: [&str; 5] = ["password1", "12345678a", "qwerty123", "Password1", "abc123456"];
const TEXT: &str =
    "This password is one of those that are used most often. Please choose another one";

fn reset(token: &str, password: &str) -> Value {
    json!({ "formFields": [{ "id": "password", "value": password }], "token": token })
}

/// By the function, which no form's rule applies to: as an account has it from before.
async fn account(app: &App, password: &str) -> UserId {
    let credentials = Credentials::new(TenantId::default(), EMAIL, password);
    match app.0.emailpassword().unwrap().sign_up(credentials).await.unwrap() {
        SignUpOutcome::Ok { user, .. } => user.id,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn they_are_refused_at_sign_up_at_a_reset_and_by_an_update() {
    let (mailbox, mut mails) = Mailbox::new();
    let app = App::with(EmailPasswordRecipe::new().email_delivery(mailbox)).await;
    let refused = field_errors(&[("password", TEXT)]);
    for password in COMMON {
        app.post("/auth/signup", &form(EMAIL, password)).await.is_ok_json(&refused);
    }
    let user = account(&app, PASSWORD).await;
    let ask = json!({ "formFields": [{ "id": "email", "value": EMAIL }] });
    app.post("/auth/user/password/reset/token", &ask).await;
    let mail = mails.recv().await.unwrap();
    let link = mail.link().unwrap().expose_secret();
    let token = link.split("token=").nth(1).unwrap().split('&').next().unwrap();
    for password in COMMON {
        let answer = app.post("/auth/user/password/reset", &reset(token, password)).await;
        answer.is_ok_json(&refused);
        let update = PasswordUpdate::new(RecipeUserId::from(user.clone())).password(password);
        let functions = app.0.emailpassword().unwrap();
        let outcome = functions.update_email_or_password(update.clone()).await.unwrap();
        let failure_reason = TEXT.to_owned();
        assert_eq!(outcome, UpdateOutcome::PasswordPolicyViolated { failure_reason });
        let unchecked = update.without_password_policy();
        assert_eq!(functions.update_email_or_password(unchecked).await.unwrap(), UpdateOutcome::Ok);
    }
    let answer = app.post("/auth/user/password/reset", &reset(token, "new-password1")).await;
    answer.is_ok_json(&json!({ "status": "OK" }));
}

#[tokio::test]
async fn who_has_one_from_before_still_gets_in() {
    let app = App::new().await;
    account(&app, "password1").await;
    let answer = app.post("/auth/signin", &form(EMAIL, "password1")).await;
    assert_eq!(answer.json()["status"], "OK");
}

#[tokio::test]
async fn they_are_refused_beside_a_rule_of_the_application_which_speaks_first() {
    let rule = |value: &Value| {
        let is_long = value.as_str().is_some_and(|password| password.len() > 8);
        (!is_long).then(|| "Nine at least".to_owned())
    };
    let recipe = EmailPasswordRecipe::new().form_field(FormField::new("password").validate(rule));
    let app = App::with(recipe).await;
    for (password, text) in [("passw0rd", "Nine at least"), ("password1", TEXT)] {
        let answer = app.post("/auth/signup", &form(EMAIL, password)).await;
        answer.is_ok_json(&field_errors(&[("password", text)]));
    }
}

#[tokio::test]
async fn an_application_may_allow_them() {
    let app = App::with(EmailPasswordRecipe::new().allow_common_passwords()).await;
    let answer = app.post("/auth/signup", &form(EMAIL, "password1")).await;
    assert_eq!(answer.json()["status"], "OK");
}
