//! The addresses and numbers of users.

use auth_protocol::{
    RecipeId,
    passwordless::*,
    user::{DeleteUser, GetUserById, GetUserByIdResponse, ListUsers, ListUsersResponse},
};

use crate::{E164, PHONE, common::Test, linked, set, typed};

#[tokio::test]
async fn contacts_are_changed_added_and_removed_but_one_remains() {
    use UpdatePasswordlessUserResponse as Response;
    let test = Test::new().await;
    let id = test.new_user("ada@example.com").await;
    let keep = || ContactChange::Keep;
    assert_eq!(test.update(&id, set("Countess@example.com"), set(PHONE)).await, Response::Ok);
    let found = test.run(GetUserById { user_id: id.clone().into() }).await;
    let GetUserByIdResponse::Ok { user } = found else { panic!("known") };
    assert_eq!(
        (&user.emails[..], &user.phone_numbers[..]),
        (&["countess@example.com".to_owned()][..], &[E164.to_owned()][..])
    );
    let code = test.code(CreateCode::for_phone_number(E164)).await;
    assert_eq!(test.sign_in_by(typed(&code)).await.2, id);
    assert_eq!(test.update(&id, ContactChange::Clear, keep()).await, Response::Ok);
    let update = UpdatePasswordlessUser {
        recipe_user_id: id.clone(),
        email: keep(),
        phone_number: ContactChange::Clear,
    };
    let text = test.refused(update).await;
    assert_eq!(text, "You cannot clear both email and phone number of a user");
    // The old addresses are free.
    for address in ["ada@example.com", "countess@example.com"] {
        assert_ne!(test.new_user(address).await, id);
    }
    assert_eq!(
        test.update(&"unknown".into(), set("a@b.c"), keep()).await,
        Response::UnknownUserIdError
    );
    let (_, password_user) = test.sign_up("eve@example.com").await;
    let response = test.update(&password_user, set("a@b.c"), keep()).await;
    assert_eq!(response, Response::UnknownUserIdError, "a login method of another recipe");
}

#[tokio::test]
async fn a_change_to_a_taken_contact_changes_nothing() {
    use UpdatePasswordlessUserResponse as Response;
    let test = Test::new().await;
    let ada = test.new_user("ada@example.com").await;
    test.new_user("eve@example.com").await;
    let code = test.code(CreateCode::for_phone_number(PHONE)).await;
    test.sign_in_by(typed(&code)).await;
    let response = test.update(&ada, set("eve@example.com"), ContactChange::Keep).await;
    assert_eq!(response, Response::EmailAlreadyExistsError);
    let response = test.update(&ada, set("new@example.com"), set(PHONE)).await;
    assert_eq!(response, Response::PhoneNumberAlreadyExistsError);
    let found = test.run(GetUserById { user_id: ada.into() }).await;
    let GetUserByIdResponse::Ok { user } = found else { panic!("known") };
    assert_eq!(user.emails, ["ada@example.com"]);
    assert!(user.phone_numbers.is_empty());
    // The address that was given up on is free.
    test.new_user("new@example.com").await;
}

#[tokio::test]
async fn a_change_ends_the_codes_of_the_old_and_the_new_contact() {
    let test = Test::new().await;
    let id = test.new_user("old@example.com").await;
    let codes =
        [test.email_code("old@example.com").await, test.email_code("new@example.com").await];
    test.update(&id, set("new@example.com"), ContactChange::Keep).await;
    for code in codes {
        assert_eq!(test.run(CheckCode(linked(&code))).await, CheckCodeResponse::RestartFlowError);
    }
}

#[tokio::test]
async fn a_deleted_users_codes_are_gone_and_its_contact_is_free() {
    let test = Test::new().await;
    let id = test.new_user("ada@example.com").await;
    let code = test.email_code("ada@example.com").await;
    let user_id = id.clone().into();
    test.run(DeleteUser { user_id, remove_all_linked_accounts: true }).await;
    assert_eq!(test.run(CheckCode(linked(&code))).await, CheckCodeResponse::RestartFlowError);
    assert_ne!(test.new_user("ada@example.com").await, id);
}

#[tokio::test]
async fn users_are_listed_by_recipe_and_searched_by_number() {
    let test = Test::new().await;
    test.sign_up("ada@example.com").await;
    let code = test.code(CreateCode::for_phone_number(PHONE)).await;
    let user = test.sign_in_by(typed(&code)).await.1;
    let only = ListUsers {
        include_recipe_ids: Some(vec![RecipeId::Passwordless]),
        ..ListUsers::default()
    };
    let search = ListUsers { phone: Some("+49170".into()), ..ListUsers::default() };
    for list in [only, search] {
        let ListUsersResponse::Ok { users, .. } = test.run(list).await;
        assert_eq!(users, std::slice::from_ref(&user));
    }
}

#[tokio::test]
async fn an_address_of_another_recipe_is_another_user_and_stays_unverified() {
    let test = Test::new().await;
    let (password_user, _) = test.sign_up("ada@example.com").await;
    let id = test.new_user("ada@example.com").await;
    assert_ne!(id.as_str(), password_user.id.as_str());
    let found = test.run(GetUserById { user_id: password_user.id }).await;
    let GetUserByIdResponse::Ok { user } = found else { panic!("known") };
    assert!(!user.login_methods[0].verified);
}
