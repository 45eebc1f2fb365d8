//! A user of whom more than one proof is asked becomes nobody else's by one of them.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use auth_core::{
    GetUserCountInput,
    protocol::{RecipeUserId, UserId},
    recipes::{
        accountlinking::{AccountLinkingRecipe, AutomaticLinking},
        multifactorauth::{
            AddToRequiredSecondaryFactorsForUserInput, FactorId, MultiFactorAuthRecipe,
        },
        passwordless::{Contact, SignInUpInput},
        recoverycode::RecoveryCodeRecipe,
        totp::TotpRecipe,
    },
};
use serde_json::{Value, json};

use super::{Client, LINK_ALL, Test};
use crate::harness::{EMAIL, PASSWORD, form};

const THIEF: &str = "thief@example.com";

fn into_session(email: &str) -> Value {
    let mut body = form(email, PASSWORD);
    body["shouldTryLinkingWithSessionUser"] = json!(true);
    body
}

fn not_allowed() -> Value {
    json!({
        "status": "SIGN_IN_NOT_ALLOWED",
        "reason": "Cannot sign in due to security reasons. Please try resetting your password, \
                   use a different login method or contact support. (ERR_CODE_008)",
    })
}

impl Test {
    async fn user_id(&self, email: &str) -> UserId {
        self.sign_in(email).await.session().await.get_user_id().clone()
    }

    async fn require(&self, user_id: &UserId, id: FactorId) {
        let mfa = self.app.0.multifactorauth().expect("in the list");
        mfa.add_to_required_secondary_factors_for_user(
            AddToRequiredSecondaryFactorsForUserInput::new(user_id, id),
        )
        .await
        .expect("added");
    }
}

/// Signs in to a victim's account in a session of one's own; it must stay the victim's.
async fn try_to_take_over(test: &Test, thief: &mut Client<'_>) {
    let victim = test.user_id(EMAIL).await;
    let answer = thief.post("/auth/signin", &into_session(EMAIL)).await;
    assert_eq!(answer, not_allowed());
    assert_eq!(test.user_id(EMAIL).await, victim);
    let thief = test.app.0.get_user(thief.session().await.get_user_id()).await.expect("answered");
    assert_eq!(thief.expect("known").login_methods.len(), 1);
}

#[tokio::test]
async fn nor_is_one_of_which_a_factor_is_required_that_it_has_not_set_up() {
    for id in [FactorId::TOTP, FactorId::OTP_PHONE, FactorId::from("badge")] {
        let test = in_sessions_only(MultiFactorAuthRecipe::new()).await;
        let ada = test.sign_up(EMAIL).await;
        test.require(ada.session().await.get_user_id(), id).await;
        let mut thief = test.sign_up(THIEF).await;
        try_to_take_over(&test, &mut thief).await;
    }
}

#[tokio::test]
async fn nor_is_one_that_has_recovery_codes() {
    let test = in_sessions_only(MultiFactorAuthRecipe::new()).await;
    let mut ada = test.sign_up(EMAIL).await;
    assert_eq!(ada.post("/auth/recoverycode/generate", &json!({})).await["status"], "OK");
    let mut thief = test.sign_up(THIEF).await;
    try_to_take_over(&test, &mut thief).await;
}

#[tokio::test]
async fn nor_by_a_code_or_by_the_applications_own_word_in_a_session() {
    let test = in_sessions_only(MultiFactorAuthRecipe::new()).await;
    let victim = test.passwordless_user(EMAIL).await;
    let codes = test.app.0.recoverycode().expect("in the list");
    codes.generate_codes(&victim).await.expect("generated");
    let mut thief = test.sign_up(THIEF).await;
    let ask = json!({ "email": EMAIL, "shouldTryLinkingWithSessionUser": true });
    let device = thief.post("/auth/signinup/code", &ask).await;
    let code = test.login_mail().await.user_input_code.expect("a code");
    let proof = json!({
        "preAuthSessionId": device["preAuthSessionId"],
        "deviceId": device["deviceId"],
        "userInputCode": code.expose_secret(),
        "shouldTryLinkingWithSessionUser": true,
    });
    let answer = thief.post("/auth/signinup/code/consume", &proof).await;
    assert_eq!(answer["status"], "SIGN_IN_UP_NOT_ALLOWED", "{answer}");
    let contact = Contact::Email(EMAIL.to_owned());
    let input = SignInUpInput::new(contact).session(thief.session().await);
    let passwordless = test.app.0.passwordless().expect("in the list");
    let refused = passwordless.sign_in_up(input).await.expect_err("refused");
    assert!(refused.to_string().contains("can't be linked"), "{refused}");
    assert_eq!(test.passwordless_user(EMAIL).await, victim);
}

#[tokio::test]
async fn an_account_without_factors_is_linked_though_everybody_must_have_one() {
    let test =
        in_sessions_only(MultiFactorAuthRecipe::new().required_secondary_factors([FactorId::TOTP]))
            .await;
    test.sign_up("second@example.com").await;
    let mut ada = test.sign_up(EMAIL).await;
    let user_id = ada.session().await.get_user_id().clone();
    ada.set_up_totp().await;
    let answer = ada.post("/auth/signin", &into_session("second@example.com")).await;
    assert_eq!((&answer["status"], &answer["user"]["id"]), (&json!("OK"), &json!(user_id)));
    // Whoever signs in by it is asked for the user's second factor.
    let second = test.sign_in("second@example.com").await;
    assert_eq!(second.claim().await["v"], false);
    assert_eq!(second.session().await.get_user_id(), &user_id);
}

/// Accounts are linked in sessions only, so that others aren't primary.
async fn in_sessions_only(mfa: MultiFactorAuthRecipe) -> Test {
    let recipe =
        AccountLinkingRecipe::new().should_do_automatic_account_linking(|_, question| async move {
            Ok(match question.session {
                Some(_) => LINK_ALL,
                None => AutomaticLinking::No,
            })
        });
    Test::with(|builder| {
        builder
            .recipe(recipe)
            .recipe(mfa)
            .recipe(TotpRecipe::new())
            .recipe(RecoveryCodeRecipe::new())
    })
    .await
}

#[tokio::test]
async fn a_common_address_links_no_account_that_has_a_second_factor() {
    let is_on = Arc::new(AtomicBool::new(false));
    for is_primary_there in [true, false] {
        is_on.store(false, Ordering::Relaxed);
        let test = with_switch(Arc::clone(&is_on)).await;
        let other = test.passwordless_user(EMAIL).await;
        test.clock.advance(std::time::Duration::from_secs(1));
        let mut ada = test.sign_up(EMAIL).await;
        let user_id = ada.session().await.get_user_id().clone();
        ada.set_up_totp().await;
        if is_primary_there {
            let linking = test.app.0.accountlinking().expect("always there");
            let id = RecipeUserId::from(other.to_string());
            linking.create_primary_user(&id).await.expect("answered");
        }
        is_on.store(true, Ordering::Relaxed);
        assert_ne!(user_id, other);
        assert_eq!(test.user_id(EMAIL).await, user_id, "{is_primary_there}");
        let devices = test.app.0.totp().expect("in the list").list_devices(&user_id).await;
        assert_eq!(devices.expect("listed").len(), 1);
    }
}

async fn with_switch(is_on: Arc<AtomicBool>) -> Test {
    let recipe = AccountLinkingRecipe::new().should_do_automatic_account_linking(move |_, _| {
        let answer = if is_on.load(Ordering::Relaxed) { LINK_ALL } else { AutomaticLinking::No };
        async move { Ok(answer) }
    });
    Test::with(|builder| {
        builder.recipe(recipe).recipe(MultiFactorAuthRecipe::new()).recipe(TotpRecipe::new())
    })
    .await
}

#[tokio::test]
async fn a_contact_that_the_application_knows_is_added_to_the_user_of_a_session() {
    let test = in_sessions_only(MultiFactorAuthRecipe::new()).await;
    let ada = test.sign_up(EMAIL).await;
    let session = ada.session().await;
    let contact = || Contact::PhoneNumber("+12025550100".to_owned());
    let passwordless = test.app.0.passwordless().expect("in the list");
    let input = SignInUpInput::new(contact()).session(session.clone());
    let added = passwordless.sign_in_up(input).await.expect("added");
    assert_eq!((&added.user.id, added.user.login_methods.len()), (session.get_user_id(), 2));
    // By itself it is that user's from now on.
    let found = passwordless.sign_in_up(contact()).await.expect("found");
    assert_eq!(found.user.id, added.user.id);
    assert_eq!(test.app.0.get_user_count(GetUserCountInput::new()).await.expect("a count"), 1);
}
