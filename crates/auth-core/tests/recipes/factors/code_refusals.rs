//! FDI §1.0: what a code that can't be used is answered with, by the numbers of its reasons.

use auth_core::{
    protocol::RecipeUserId,
    recipes::{
        accountlinking::{AccountLinkingRecipe, AutomaticLinking},
        multifactorauth::MultiFactorAuthRecipe,
        passwordless::Contact,
    },
};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Client, LINK_ALL, LINK_VERIFIED, Test, linking};
use crate::harness::EMAIL;

const OTHER: &str = "other@example.com";

/// Within a session accounts are linked, else they stay apart.
fn in_sessions() -> AccountLinkingRecipe {
    AccountLinkingRecipe::new().should_do_automatic_account_linking(|_, question| async move {
        Ok(match question.session {
            Some(_) => LINK_ALL,
            None => AutomaticLinking::No,
        })
    })
}

async fn test(recipe: AccountLinkingRecipe) -> Test {
    Test::with(|builder| builder.recipe(recipe).recipe(MultiFactorAuthRecipe::new())).await
}

impl Test {
    async fn make_primary(&self, id: RecipeUserId) {
        let linking = self.app.0.accountlinking().expect("always there");
        linking.create_primary_user(&id).await.expect("answered");
    }
}

impl Client<'_> {
    /// A code for an address, requested within the session, as what the front end sends back.
    async fn code(&mut self, email: &str) -> Value {
        let body = json!({ "email": email, "shouldTryLinkingWithSessionUser": true });
        let device = self.post("/auth/signinup/code", &body).await;
        assert_eq!(device["status"], "OK", "{device}");
        assert_eq!(device["flowType"], "USER_INPUT_CODE", "typed in where the session is");
        let code = self.test.login_mail().await.user_input_code.expect("a code");
        json!({
            "preAuthSessionId": device["preAuthSessionId"],
            "deviceId": device["deviceId"],
            "userInputCode": code.expose_secret(),
            "shouldTryLinkingWithSessionUser": true,
        })
    }

    async fn use_code(&mut self, email: &str) -> Value {
        let body = self.code(email).await;
        self.post("/auth/signinup/code/consume", &body).await
    }
}

fn refused(code: &str) -> Value {
    let text = "Cannot sign in / up due to security reasons. Please contact support.";
    json!({ "status": "SIGN_IN_UP_NOT_ALLOWED", "reason": format!("{text} (ERR_CODE_{code})") })
}

#[tokio::test]
async fn an_address_that_another_user_has_is_told_by_018() {
    let test = test(in_sessions()).await;
    let other = test.sign_up(OTHER).await;
    test.make_primary(other.session().await.get_recipe_user_id().clone()).await;
    let mut ada = test.sign_up(EMAIL).await;
    assert_eq!(ada.use_code(OTHER).await, refused("018"));
}

#[tokio::test]
async fn a_session_user_whose_own_address_another_user_has_is_told_by_019() {
    let test = test(in_sessions()).await;
    let id = RecipeUserId::from(test.passwordless_user(EMAIL).await.to_string());
    test.make_primary(id).await;
    let mut ada = test.sign_up(EMAIL).await;
    assert_eq!(ada.use_code("new@example.com").await, refused("019"));
    // Nothing came of it: the address has no account.
    let path = "/auth/passwordless/email/exists?email=new@example.com";
    test.app.get(path).await.is_ok_json(&json!({ "status": "OK", "exists": false }));
}

#[tokio::test]
async fn a_code_sets_up_no_factor_for_a_session_user_who_has_to_verify_the_address_first() {
    let test = test(linking(LINK_VERIFIED)).await;
    let mut ada = test.sign_up(EMAIL).await;
    let body = ada.code(OTHER).await;
    let answer = ada.send(Method::POST, "/auth/signinup/code/consume", &body).await;
    assert_eq!(answer.0.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.json()["claimValidationErrors"][0]["id"], "st-ev");
    assert_eq!(ada.session().await.get_access_token_payload()["st-ev"]["v"], false);
    let passwordless = test.app.0.passwordless().expect("in the list");
    let devices = passwordless.list_codes_by_email(OTHER).await;
    assert_eq!(devices.expect("listed").len(), 1, "the code wasn't used up");
    let contact = Contact::Email(OTHER.to_owned());
    let user = passwordless.sign_in_up(contact).await.expect("signed up");
    assert!(user.created_new_recipe_user, "nobody was created");
}
