//! FDI §7.4: password reset where accounts are linked.

use auth_core::recipes::emailpassword::PasswordResetEmail;
use serde_json::{Value, json};

use super::{LINK_ALL, LINK_VERIFIED, Test, linking};
use crate::harness::{EMAIL, PASSWORD, form};

fn ask(email: &str) -> Value {
    json!({ "formFields": [{ "id": "email", "value": email }] })
}

async fn reset_token(test: &Test) -> String {
    let mail = test.mails.lock().await.recv().await.expect("a mail");
    let mail = mail.get::<PasswordResetEmail>().expect("a reset mail");
    let link = mail.password_reset_link.expose_secret();
    let token = link.split("token=").nth(1).and_then(|rest| rest.split('&').next());
    token.expect("a token").to_owned()
}

#[tokio::test]
async fn an_unverified_address_does_not_open_a_user_that_has_others() {
    let test = Test::with(|builder| builder.recipe(linking(LINK_ALL))).await;
    let mut ada = test.sign_up(EMAIL).await;
    let mut second = form("second@example.com", PASSWORD);
    second["shouldTryLinkingWithSessionUser"] = json!(true);
    assert_eq!(ada.post("/auth/signup", &second).await["status"], "OK");
    let answer = test.app.post("/auth/user/password/reset/token", &ask(EMAIL)).await;
    answer.is_ok_json(&json!({
        "status": "PASSWORD_RESET_NOT_ALLOWED",
        "reason": "Reset password link was not created because of account take over risk. Please \
                   contact support. (ERR_CODE_001)",
    }));
}

#[tokio::test]
async fn who_proves_the_address_of_an_account_without_a_password_gets_one() {
    let test = Test::with(|builder| builder.recipe(linking(LINK_ALL))).await;
    let user_id = test.passwordless_user(EMAIL).await;
    let answer = test.app.post("/auth/user/password/reset/token", &ask(EMAIL)).await;
    answer.is_ok_json(&json!({ "status": "OK" }));
    let token = reset_token(&test).await;
    let fields = json!([{ "id": "password", "value": PASSWORD }]);
    let body = json!({ "formFields": fields, "token": token, "method": "token" });
    let answer = test.app.post("/auth/user/password/reset", &body).await;
    answer.is_ok_json(&json!({ "status": "OK" }));
    let ada = test.sign_in(EMAIL).await;
    assert_eq!(ada.session().await.get_user_id(), &user_id);
}

#[tokio::test]
async fn an_account_of_its_own_is_reset_as_ever() {
    for recipe in [linking(LINK_ALL), linking(LINK_VERIFIED)] {
        let test = Test::with(|builder| builder.recipe(recipe)).await;
        test.sign_up(EMAIL).await;
        test.app.post("/auth/user/password/reset/token", &ask(EMAIL)).await;
        let token = reset_token(&test).await;
        let fields = json!([{ "id": "password", "value": "another-pass1" }]);
        let body = json!({ "formFields": fields, "token": token });
        test.app
            .post("/auth/user/password/reset", &body)
            .await
            .is_ok_json(&json!({ "status": "OK" }));
        test.client("/auth/signin", &form(EMAIL, "another-pass1")).await;
    }
}

#[tokio::test]
async fn an_address_without_an_account_to_reset_gets_the_same_answer_and_no_mail() {
    // Linking off: the passwordless account is another user.
    let test = Test::with(|builder| builder).await;
    test.passwordless_user(EMAIL).await;
    for email in [EMAIL, "nobody@example.com"] {
        let answer = test.app.post("/auth/user/password/reset/token", &ask(email)).await;
        answer.is_ok_json(&json!({ "status": "OK" }));
    }
    test.app.0.shutdown().await;
    assert!(test.mails.lock().await.try_recv().is_err());
}
