//! FDI §1.0, 7: linking by session and by a common address.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use auth_core::{
    GetUserCountInput,
    recipes::{
        accountlinking::{AccountLinkingRecipe, AutomaticLinking},
        emailpassword::SignUpInput,
    },
};
use http::StatusCode;
use serde_json::json;

use super::{LINK_ALL, LINK_VERIFIED, Test, linking};
use crate::harness::{EMAIL, PASSWORD, form};

fn to_session(email: &str) -> serde_json::Value {
    let mut body = form(email, PASSWORD);
    body["shouldTryLinkingWithSessionUser"] = json!(true);
    body
}

#[tokio::test]
async fn an_account_that_is_added_in_a_session_belongs_to_its_user_and_the_session_stays() {
    let linked = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&linked);
    let recipe = linking(LINK_ALL).on_account_linked(move |_, user, method| {
        count.fetch_add(1, Ordering::Relaxed);
        assert!(user.login_methods.contains(&method));
        async { Ok(()) }
    });
    let test = Test::with(|builder| builder.recipe(recipe)).await;
    let mut ada = test.sign_up(EMAIL).await;
    let before = ada.session().await;
    test.clock.advance(std::time::Duration::from_millis(1));
    let answer = ada.post("/auth/signup", &to_session("second@example.com")).await;
    assert_eq!(answer["status"], "OK");
    assert_eq!(answer["user"]["id"], json!(before.get_user_id()));
    assert_eq!(answer["user"]["emails"], json!([EMAIL, "second@example.com"]));
    assert_eq!(ada.session().await.get_handle(), before.get_handle());
    assert_eq!(linked.load(Ordering::Relaxed), 1);
    // Either method signs the same user in, and in the session it is no new one.
    let second = test.sign_in("second@example.com").await;
    assert_eq!(second.session().await.get_user_id(), before.get_user_id());
    let again = ada.post("/auth/signin", &to_session("second@example.com")).await;
    assert_eq!(again["status"], "OK");
    assert_eq!(linked.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn where_the_application_links_nothing_a_demand_to_link_is_bad_input() {
    let test = Test::with(|builder| builder.recipe(linking(AutomaticLinking::No))).await;
    let mut ada = test.sign_up(EMAIL).await;
    let answer = ada.send(http::Method::POST, "/auth/signup", &to_session("b@example.com")).await;
    answer.is_bad_input(
        "shouldDoAutomaticAccountLinking returned false when making the session user primary but \
         shouldTryLinkingWithSessionUser is true",
    );
    assert_eq!(test.app.0.get_user_count(GetUserCountInput::new()).await.expect("a count"), 1);
}

#[tokio::test]
async fn an_account_of_another_primary_user_is_not_linked() {
    let test = Test::with(|builder| builder.recipe(linking(LINK_ALL))).await;
    test.sign_up("other@example.com").await;
    let mut ada = test.sign_up(EMAIL).await;
    let answer = ada.post("/auth/signin", &to_session("other@example.com")).await;
    assert_eq!(
        answer,
        json!({
            "status": "SIGN_IN_NOT_ALLOWED",
            "reason": "Cannot sign in / up due to security reasons. Please contact support. \
                       (ERR_CODE_010)",
        })
    );
}

#[tokio::test]
async fn an_unverified_session_user_is_sent_to_verify_its_address_first() {
    let test = Test::with(|builder| builder.recipe(linking(LINK_VERIFIED))).await;
    let mut ada = test.sign_up(EMAIL).await;
    let answer = ada.send(http::Method::POST, "/auth/signup", &to_session("b@example.com")).await;
    assert_eq!(answer.0.status, StatusCode::FORBIDDEN);
    assert_eq!(
        answer.json()["claimValidationErrors"],
        json!([{
            "id": "st-ev",
            "reason": { "message": "wrong value", "expectedValue": true, "actualValue": false },
        }])
    );
}

#[tokio::test]
async fn an_unproved_account_with_a_proved_users_address_can_neither_be_made_nor_used() {
    let test = Test::with(|builder| builder.recipe(linking(LINK_VERIFIED))).await;
    test.passwordless_user(EMAIL).await;
    let answer = test.app.post("/auth/signup", &form(EMAIL, PASSWORD)).await;
    answer.is_ok_json(&json!({
        "status": "SIGN_UP_NOT_ALLOWED",
        "reason": "Cannot sign up due to security reasons. Please try logging in, use a different \
                   login method or contact support. (ERR_CODE_007)",
    }));
    // One that was there before, as by an import.
    let functions = test.app.0.emailpassword().expect("in the list");
    functions.sign_up(SignUpInput::new(EMAIL, PASSWORD)).await.expect("created");
    let answer = test.app.post("/auth/signin", &form(EMAIL, PASSWORD)).await;
    answer.is_ok_json(&json!({
        "status": "SIGN_IN_NOT_ALLOWED",
        "reason": "Cannot sign in due to security reasons. Please try resetting your password, \
                   use a different login method or contact support. (ERR_CODE_008)",
    }));
}

#[tokio::test]
async fn a_proved_account_is_not_made_beside_an_unproved_one_that_lies_in_wait() {
    let test = Test::with(|builder| builder.recipe(linking(LINK_VERIFIED))).await;
    test.sign_up(EMAIL).await;
    let answer = test.app.post("/auth/signinup/code", &json!({ "email": EMAIL })).await;
    answer.is_ok_json(&json!({
        "status": "SIGN_IN_UP_NOT_ALLOWED",
        "reason": "Cannot sign in / up due to security reasons. Please try a different login \
                   method or contact support. (ERR_CODE_002)",
    }));
    // The unproved one itself goes on as it is.
    let ada = test.sign_in(EMAIL).await;
    let user = test.app.0.get_user(ada.session().await.get_user_id()).await.expect("answered");
    assert!(!user.expect("known").is_primary_user);
}

#[tokio::test]
async fn accounts_with_a_common_address_are_linked_as_the_application_says() {
    let test = Test::with(|builder| builder.recipe(linking(LINK_ALL))).await;
    let ada = test.sign_up(EMAIL).await;
    let user_id = ada.session().await.get_user_id().clone();
    assert_eq!(test.passwordless_user(EMAIL).await, user_id);
    let user = test.app.0.get_user(&user_id).await.expect("answered").expect("known");
    assert_eq!((user.is_primary_user, user.login_methods.len()), (true, 2));
    assert_eq!(user.emails, [EMAIL]);
}

#[tokio::test]
async fn without_a_rule_nothing_is_linked_and_nobody_is_kept_out() {
    for recipe in [AccountLinkingRecipe::new(), linking(AutomaticLinking::No)] {
        let test = Test::with(|builder| builder.recipe(recipe)).await;
        let ada = test.sign_up(EMAIL).await;
        let other = test.passwordless_user(EMAIL).await;
        assert_ne!(ada.session().await.get_user_id(), &other);
        test.sign_in(EMAIL).await;
    }
}

#[tokio::test]
async fn an_unproved_account_beside_a_proved_one_is_not_signed_in_to_though_neither_is_primary() {
    let is_on = Arc::new(AtomicU32::new(0));
    let switch = Arc::clone(&is_on);
    let recipe = AccountLinkingRecipe::new().should_do_automatic_account_linking(move |_, _| {
        let is_on = switch.load(Ordering::Relaxed) > 0;
        async move { Ok(if is_on { LINK_VERIFIED } else { AutomaticLinking::No }) }
    });
    let test = Test::with(|builder| builder.recipe(recipe)).await;
    // Both are from before accounts were linked.
    test.passwordless_user(EMAIL).await;
    let ada = test.sign_up(EMAIL).await;
    let id = ada.session().await.get_recipe_user_id().clone();
    is_on.store(1, Ordering::Relaxed);
    let answer = test.app.post("/auth/signin", &form(EMAIL, PASSWORD)).await;
    answer.is_ok_json(&json!({
        "status": "SIGN_IN_NOT_ALLOWED",
        "reason": "Cannot sign in due to security reasons. Please try resetting your password, \
                   use a different login method or contact support. (ERR_CODE_008)",
    }));
    let linking = test.app.0.accountlinking().expect("always there");
    assert!(!linking.is_sign_in_allowed(&id).await.expect("answered"));
    // The proved one may.
    let answer = test.app.post("/auth/signinup/code", &json!({ "email": EMAIL })).await;
    assert_eq!(answer.json()["status"], "OK");
}

#[tokio::test]
async fn both_refusals_to_link_to_a_session_have_the_same_text() {
    let recipe =
        AccountLinkingRecipe::new().should_do_automatic_account_linking(|_, question| async move {
            // The session's user may be primary, but nothing is linked to it.
            Ok(if question.user.is_none() { LINK_ALL } else { AutomaticLinking::No })
        });
    let test = Test::with(|builder| builder.recipe(recipe)).await;
    let mut ada = test.sign_up(EMAIL).await;
    let answer = ada.send(http::Method::POST, "/auth/signup", &to_session("b@example.com")).await;
    answer.is_bad_input(
        "shouldDoAutomaticAccountLinking returned false when making the session user primary but \
         shouldTryLinkingWithSessionUser is true",
    );
}
