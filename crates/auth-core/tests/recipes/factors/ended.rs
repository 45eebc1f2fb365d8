//! Which sessions end with a password, a contact or a login method, and which stay.

use auth_core::{
    protocol::{UserId, emailpassword::ImportPasswordHash},
    recipes::{
        accountlinking::DeleteUserInput,
        emailpassword::{UpdateEmailOrPasswordInput, UpdateEmailOrPasswordOutcome},
        passwordless::{ContactChange, UpdateUserInput, UpdateUserOutcome},
        session::SessionOptions,
    },
};
use serde_json::json;

use super::{Client, LINK_ALL, Test, linking};
use crate::harness::{EMAIL, PASSWORD, form};

const SECOND: &str = "second@example.com";

impl Client<'_> {
    /// Whether the session is there, as the database has it.
    async fn lives(&self) -> bool {
        let options = SessionOptions::new().without_claim_validators().check_database(true);
        self.check(&options).await.is_ok()
    }

    /// Adds a login method with a password to the session's user.
    async fn add(&mut self, email: &str) {
        let mut body = form(email, PASSWORD);
        body["shouldTryLinkingWithSessionUser"] = json!(true);
        assert_eq!(self.post("/auth/signup", &body).await["status"], "OK");
    }
}

async fn test() -> Test {
    Test::with(|builder| builder.recipe(linking(LINK_ALL))).await
}

/// A user's two sessions by its own login method, one by another that is linked, and a stranger's.
async fn four(test: &Test) -> [Client<'_>; 4] {
    let mut own = test.sign_up(EMAIL).await;
    own.add(SECOND).await;
    let own_too = test.sign_in(EMAIL).await;
    let linked = test.sign_in(SECOND).await;
    let stranger = test.sign_up("stranger@example.com").await;
    let clients = [own, own_too, linked, stranger];
    assert_eq!(living(&clients).await, [true; 4]);
    clients
}

async fn living(clients: &[Client<'_>; 4]) -> [bool; 4] {
    let mut found = [false; 4];
    for (client, lives) in clients.iter().zip(&mut found) {
        *lives = client.lives().await;
    }
    found
}

#[tokio::test]
async fn a_new_password_ends_all_of_the_user_s_sessions_but_the_one_that_is_kept() {
    let test = test().await;
    let clients = four(&test).await;
    let own = clients[0].session().await;
    let update = UpdateEmailOrPasswordInput::new(own.get_recipe_user_id().clone())
        .password("another-passphrase-7")
        .keep_session(own.get_handle().clone());
    let functions = test.app.0.emailpassword().expect("in the list");
    let outcome = functions.update_email_or_password(update).await.expect("answered");
    assert!(matches!(outcome, UpdateEmailOrPasswordOutcome::Ok), "{outcome:?}");
    assert_eq!(living(&clients).await, [true, false, false, true]);
}

#[tokio::test]
async fn a_new_address_ends_no_session() {
    let test = test().await;
    let clients = four(&test).await;
    let update =
        UpdateEmailOrPasswordInput::new(clients[0].session().await.get_recipe_user_id().clone())
            .email("new@example.com");
    let functions = test.app.0.emailpassword().expect("in the list");
    let outcome = functions.update_email_or_password(update).await.expect("answered");
    assert!(matches!(outcome, UpdateEmailOrPasswordOutcome::Ok), "{outcome:?}");
    assert_eq!(living(&clients).await, [true; 4]);
}

#[tokio::test]
async fn a_hash_that_is_imported_over_another_ends_sessions_as_a_new_password_does() {
    for ends in [true, false] {
        let test = Test::with_passwords(
            |recipe| recipe.end_sessions_on_password_change(ends),
            |builder| builder.recipe(linking(LINK_ALL)),
        )
        .await;
        let clients = four(&test).await;
        let import = async |email: &str| {
            let hash = ImportPasswordHash {
                email: email.to_owned(),
                // bcrypt of `password`, cost 4.
                password_hash: "$2a$04$uFnXkHDPcuKYyhSGOQ5zUuLh42BQOkssQPU63Wk6aMxuuP2KUDZQ."
                    .into(),
                hashing_algorithm: None,
            };
            let functions = test.app.0.emailpassword().expect("in the list");
            functions.import_password_hash(hash).await.expect("imported");
        };
        import("unknown@example.com").await;
        assert_eq!(living(&clients).await, [true; 4], "a new account ends nobody's");
        import(EMAIL).await;
        assert_eq!(living(&clients).await, [!ends, !ends, !ends, true]);
    }
}

#[tokio::test]
async fn a_login_method_that_is_deleted_ends_its_sessions_and_not_those_of_the_others() {
    // The method whose id is the user's own, then the one that is linked to it, then both.
    for (which, with_linked, expected) in [
        (0, false, [false, false, true, true]),
        (2, false, [true, true, false, true]),
        (0, true, [false, false, false, true]),
    ] {
        let test = test().await;
        let clients = four(&test).await;
        let id = clients[which].session().await.get_recipe_user_id().clone();
        let input = DeleteUserInput::new(UserId::from(id)).remove_all_linked_accounts(with_linked);
        test.app.0.delete_user(input).await.expect("deleted");
        assert_eq!(living(&clients).await, expected, "{which}, {with_linked}");
    }
}

#[tokio::test]
async fn a_login_method_that_is_unlinked_ends_its_sessions() {
    let test = test().await;
    let clients = four(&test).await;
    let id = clients[2].session().await.get_recipe_user_id().clone();
    let functions = test.app.0.accountlinking().expect("always there");
    functions.unlink_account(&id).await.expect("unlinked");
    assert_eq!(living(&clients).await, [true, true, false, true]);
}

/// A session by a code that is sent to an address.
async fn by_mail<'t>(test: &'t Test, email: &str) -> Client<'t> {
    let device = test.app.post("/auth/signinup/code", &json!({ "email": email })).await.json();
    let code = test.login_mail().await.user_input_code.expect("a code");
    let proof = json!({
        "preAuthSessionId": device["preAuthSessionId"],
        "deviceId": device["deviceId"],
        "userInputCode": code.expose_secret(),
    });
    test.client("/auth/signinup/code/consume", &proof).await
}

#[tokio::test]
async fn a_contact_that_is_removed_ends_the_sessions_of_its_login_method_but_the_one_that_is_kept()
{
    const PHONE: &str = "+12025550123";
    for removes_email in [true, false] {
        let test = test().await;
        let mut own = by_mail(&test, EMAIL).await;
        own.add(SECOND).await;
        let own_too = by_mail(&test, EMAIL).await;
        let linked = test.sign_in(SECOND).await;
        let stranger = by_mail(&test, "stranger@example.com").await;
        let session = own.session().await;
        let clients = [own, own_too, linked, stranger];
        let update = || UpdateUserInput::new(session.get_recipe_user_id().clone());
        let functions = test.app.0.passwordless().expect("in the list");
        let change = async |input: UpdateUserInput| {
            let outcome = functions.update_user(input).await.expect("answered");
            assert!(matches!(outcome, UpdateUserOutcome::Ok), "{outcome:?}");
        };
        change(update().phone_number(ContactChange::Set(PHONE.to_owned()))).await;
        change(update().email(ContactChange::Set("new@example.com".to_owned()))).await;
        assert_eq!(living(&clients).await, [true; 4], "a contact that is set ends none");
        let removed = match removes_email {
            true => update().email(ContactChange::Clear),
            false => update().phone_number(ContactChange::Clear),
        };
        change(removed.keep_session(session.get_handle().clone())).await;
        assert_eq!(living(&clients).await, [true, false, true, true], "{removes_email}");
    }
}
