//! A user whose id is mapped: what an application may do by either id.

use std::sync::{Arc, Mutex};

use auth_core::{
    Auth, CreateUserIdMappingInput,
    protocol::{
        RecipeUserId, UserId, accountlinking::LinkAccountsResponse,
        user_id_mapping::CreateUserIdMappingResponse,
    },
    recipes::{
        accountlinking::{AccountLinkingRecipe, AutomaticLinking, LinkAccountsInput},
        emailpassword::{
            EmailPasswordRecipe, UpdateEmailOrPasswordInput, UpdateEmailOrPasswordOutcome,
        },
    },
};

use crate::harness::{EMAIL, builder, sign_up};

const OLD: &str = "legacy-7";

async fn app(linking: AccountLinkingRecipe) -> Auth {
    let builder = builder().recipe(EmailPasswordRecipe::new()).recipe(linking);
    builder.build().await.expect("a valid configuration")
}

async fn mapped(auth: &Auth, email: &str) -> UserId {
    let own = sign_up(auth, email).await;
    let mapping = CreateUserIdMappingInput::new(&own, OLD);
    let made = auth.create_user_id_mapping(mapping).await.expect("answered");
    assert_eq!(made, CreateUserIdMappingResponse::Ok);
    own
}

#[tokio::test]
async fn an_address_that_could_take_an_account_over_is_refused_by_either_id() {
    let linking =
        AccountLinkingRecipe::new().should_do_automatic_account_linking(|_, _| async move {
            Ok(AutomaticLinking::Yes { should_require_verification: true })
        });
    let auth = app(linking).await;
    let primary = sign_up(&auth, "primary@example.com").await;
    let functions = auth.accountlinking().expect("always there");
    functions.create_primary_user(RecipeUserId::from(primary)).await.expect("answered");
    let own = mapped(&auth, EMAIL).await;
    for id in [own, OLD.into()] {
        let update = UpdateEmailOrPasswordInput::new(id.clone()).email("primary@example.com");
        let functions = auth.emailpassword().expect("in the list");
        let outcome = functions.update_email_or_password(update).await.expect("answered");
        assert!(
            matches!(outcome, UpdateEmailOrPasswordOutcome::EmailChangeNotAllowed { .. }),
            "{id}: {outcome:?}"
        );
    }
}

#[tokio::test]
async fn an_application_is_told_of_an_account_that_was_linked_by_the_core_s_own_id() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let linking = AccountLinkingRecipe::new().on_account_linked(move |_, user, method| {
        tell.lock().expect("no panic").push((user.id, method.recipe_user_id));
        async { Ok(()) }
    });
    let auth = app(linking).await;
    let primary = sign_up(&auth, "primary@example.com").await;
    let functions = auth.accountlinking().expect("always there");
    functions.create_primary_user(RecipeUserId::from(primary.clone())).await.expect("answered");
    let own = mapped(&auth, EMAIL).await;
    let linked =
        functions.link_accounts(LinkAccountsInput::new(own, &primary)).await.expect("answered");
    assert!(matches!(linked, LinkAccountsResponse::Ok { accounts_already_linked: false, .. }));
    assert_eq!(*told.lock().expect("no panic"), [(primary, OLD.into())]);
}
