//! FDI §7: an address that isn't proved takes no account over, whichever recipe it is changed in.

use std::sync::{Arc, Mutex};

use auth_core::{
    protocol::{RecipeUserId, UserId},
    recipes::{
        accountlinking::{
            AccountLinkingRecipe, AutomaticLinking, EmailChange, IsEmailChangeAllowedInput,
            LinkingQuestion,
        },
        emailpassword::{
            SignUpInput, SignUpOutcome, UpdateEmailOrPasswordInput, UpdateEmailOrPasswordOutcome,
        },
        passwordless::{Contact, ContactChange, UpdateUserInput, UpdateUserOutcome},
    },
};

use super::{LINK_ALL, LINK_VERIFIED, Test, linking};
use crate::harness::{EMAIL, PASSWORD};

const OTHER: &str = "other@example.com";
const TAKEOVER: &str =
    "New email cannot be applied to existing account because of account takeover risks.";
const CONFLICT: &str = "New email cannot be applied to existing account because of there is another \
    primary user with the same email address.";

impl Test {
    async fn emailpassword_user(&self, email: &str) -> RecipeUserId {
        let functions = self.app.0.emailpassword().expect("in the list");
        match functions.sign_up(SignUpInput::new(email, PASSWORD)).await.expect("answered") {
            SignUpOutcome::Ok { recipe_user_id, .. } => recipe_user_id,
            other => panic!("{other:?}"),
        }
    }

    async fn phone_user(&self) -> RecipeUserId {
        let functions = self.app.0.passwordless().expect("in the list");
        let contact = Contact::PhoneNumber("+12025550100".to_owned());
        functions.sign_in_up(contact).await.expect("signed in").recipe_user_id
    }

    async fn is_primary(&self, id: &RecipeUserId) -> bool {
        let user = self.app.0.get_user(UserId::from(id.clone())).await.expect("answered");
        user.expect("known").is_primary_user
    }

    /// What becomes of a passwordless method's new address.
    async fn change(&self, id: &RecipeUserId, email: &str) -> UpdateUserOutcome {
        let change = UpdateUserInput::new(id.clone()).email(ContactChange::Set(email.to_owned()));
        self.app.0.passwordless().expect("in the list").update_user(change).await.expect("answered")
    }
}

fn refused(reason: &str) -> UpdateUserOutcome {
    UpdateUserOutcome::EmailChangeNotAllowed { reason: reason.to_owned() }
}

#[tokio::test]
async fn a_primary_user_does_not_get_an_address_that_somebody_else_could_be_linked_by() {
    let test = Test::with(|builder| builder.recipe(linking(LINK_VERIFIED))).await;
    let lies_in_wait = test.emailpassword_user(EMAIL).await;
    let user = test.phone_user().await;
    assert!(!test.is_primary(&lies_in_wait).await && test.is_primary(&user).await);
    assert_eq!(test.change(&user, EMAIL).await, refused(TAKEOVER));
    assert_eq!(test.change(&user, OTHER).await, UpdateUserOutcome::Ok);
}

#[tokio::test]
async fn a_primary_user_does_not_get_the_address_of_another_primary_user() {
    let test = Test::with(|builder| builder.recipe(linking(LINK_ALL))).await;
    assert!(test.is_primary(&test.emailpassword_user(EMAIL).await).await);
    let user = test.phone_user().await;
    assert_eq!(test.change(&user, EMAIL).await, refused(CONFLICT));
}

#[tokio::test]
async fn where_nothing_is_linked_an_address_may_be_shared() {
    let test = Test::with(|builder| builder.recipe(linking(AutomaticLinking::No))).await;
    test.emailpassword_user(EMAIL).await;
    let user = test.phone_user().await;
    assert_eq!(test.change(&user, EMAIL).await, UpdateUserOutcome::Ok);
}

#[tokio::test]
async fn email_password_asks_the_same() {
    let test = Test::with(|builder| builder.recipe(linking(LINK_VERIFIED))).await;
    test.passwordless_user(EMAIL).await;
    let id = test.emailpassword_user(OTHER).await;
    let functions = test.app.0.emailpassword().expect("in the list");
    let update = |email: &str| UpdateEmailOrPasswordInput::new(id.clone()).email(email);
    let outcome = functions.update_email_or_password(update(EMAIL)).await.expect("answered");
    assert_eq!(
        outcome,
        UpdateEmailOrPasswordOutcome::EmailChangeNotAllowed { reason: TAKEOVER.to_owned() }
    );
    let outcome = functions.update_email_or_password(update("new@example.com")).await;
    assert_eq!(outcome.expect("answered"), UpdateEmailOrPasswordOutcome::Ok);
    let unknown = UpdateEmailOrPasswordInput::new("unknown").email(OTHER);
    let outcome = functions.update_email_or_password(unknown).await.expect("answered");
    assert_eq!(outcome, UpdateEmailOrPasswordOutcome::UnknownUserId);
}

#[tokio::test]
async fn a_primary_user_is_asked_about_with_the_account_that_could_be_linked_to_it() {
    let asked = Arc::new(Mutex::new(None));
    let last = Arc::clone(&asked);
    let recipe = AccountLinkingRecipe::new().should_do_automatic_account_linking(
        move |_, question: LinkingQuestion| {
            let id = question.new_account.recipe_user_id.clone();
            *last.lock().expect("not poisoned") = Some((id, question.user.map(|user| user.id)));
            async { Ok(AutomaticLinking::No) }
        },
    );
    let test = Test::with(|builder| builder.recipe(recipe)).await;
    let other = test.emailpassword_user(EMAIL).await;
    let user = test.phone_user().await;
    let linking = test.app.0.accountlinking().expect("always there");
    linking.create_primary_user(&user).await.expect("answered");
    let input = IsEmailChangeAllowedInput::new(&user, EMAIL);
    let change = linking.is_email_change_allowed(input).await;
    assert_eq!(change.expect("answered"), EmailChange::Allowed);
    let question = asked.lock().expect("not poisoned").take();
    assert_eq!(question, Some((Some(other), Some(UserId::from(user)))));
}
