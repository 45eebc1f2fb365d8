//! The functions that an application calls.

use auth_core::recipes::passwordless::{
    CheckCodeOutcome, CodeProof, ConsumeCodeOutcome, Contact, ContactChange,
    CreateNewCodeForDeviceOutcome, RevokedCode, UpdateUserInput, UpdateUserOutcome,
};

use super::{E164, PHONE, Test};
use crate::harness::EMAIL;

fn email() -> Contact {
    Contact::Email(EMAIL.to_owned())
}

#[tokio::test]
async fn codes_are_created_checked_and_used_without_being_sent() {
    let mut test = Test::any().await;
    let passwordless = test.app.0.passwordless().unwrap();
    let first = passwordless.create_code(email()).await.unwrap();
    let again = first.device_id.clone();
    let outcome = passwordless.create_new_code_for_device(again).await.unwrap();
    assert!(matches!(outcome, CreateNewCodeForDeviceOutcome::Ok(_)), "{outcome:?}");
    let device = passwordless.list_codes_by_device_id(first.device_id.clone()).await;
    assert_eq!(device.unwrap().unwrap().codes.len(), 2);
    let proof = CodeProof::link_code(&first.pre_auth_session_id, first.link_code);
    let outcome = passwordless.check_code(proof.clone()).await.unwrap();
    assert!(matches!(outcome, CheckCodeOutcome::Ok(_)), "{outcome:?}");
    let outcome = passwordless.consume_code(proof.clone()).await.unwrap();
    assert!(matches!(outcome, ConsumeCodeOutcome::Ok { created_new_recipe_user: true, .. }));
    let outcome = passwordless.consume_code(proof).await.unwrap();
    assert!(matches!(outcome, ConsumeCodeOutcome::RestartFlow), "{outcome:?}");
    assert!(test.mails.try_recv().is_err(), "nothing was sent");
}

#[tokio::test]
async fn a_user_is_found_or_created_by_a_contact_that_the_application_knows() {
    let test = Test::any().await;
    let passwordless = test.app.0.passwordless().unwrap();
    let contact = || Contact::PhoneNumber(PHONE.to_owned());
    let first = passwordless.sign_in_up(contact()).await.unwrap();
    assert!(first.created_new_recipe_user);
    assert_eq!(first.user.phone_numbers, [E164]);
    let second = passwordless.sign_in_up(contact()).await.unwrap();
    assert!(!second.created_new_recipe_user);
    assert_eq!(first.recipe_user_id, second.recipe_user_id);
}

#[tokio::test]
async fn a_magic_link_is_made_for_the_application_to_send() {
    let test = Test::any().await;
    let passwordless = test.app.0.passwordless().unwrap();
    let link = passwordless.create_magic_link(email()).await.unwrap();
    let link = link.expose_secret();
    assert!(link.starts_with("https://example.com/auth/verify?preAuthSessionId="), "{link}");
    assert!(link.contains("&tenantId=public#"), "{link}");
}

#[tokio::test]
async fn codes_are_listed_and_revoked() {
    let test = Test::any().await;
    let passwordless = test.app.0.passwordless().unwrap();
    let create = || passwordless.create_code(email());
    let (first, second) = (create().await.unwrap(), create().await.unwrap());
    create().await.unwrap();
    assert_eq!(passwordless.list_codes_by_email(EMAIL).await.unwrap().len(), 3);
    assert!(passwordless.list_codes_by_phone_number(PHONE).await.unwrap().is_empty());
    let id = &first.pre_auth_session_id;
    let find = || passwordless.list_codes_by_pre_auth_session_id(&**id);
    assert_eq!(find().await.unwrap().unwrap().codes[0].code_id, first.code_id);
    passwordless.revoke_code(RevokedCode::CodeId(first.code_id)).await.unwrap();
    assert_eq!(find().await.unwrap(), None);
    let device = RevokedCode::PreAuthSessionId(second.pre_auth_session_id);
    passwordless.revoke_code(device).await.unwrap();
    assert_eq!(passwordless.list_codes_by_email(EMAIL).await.unwrap().len(), 1);
    passwordless.revoke_all_codes(email()).await.unwrap();
    assert!(passwordless.list_codes_by_email(EMAIL).await.unwrap().is_empty());
}

#[tokio::test]
async fn contacts_are_changed() {
    let test = Test::any().await;
    let passwordless = test.app.0.passwordless().unwrap();
    let user = passwordless.sign_in_up(email()).await.unwrap();
    let other = Contact::PhoneNumber(PHONE.to_owned());
    passwordless.sign_in_up(other).await.unwrap();
    let update = || UpdateUserInput::new(user.recipe_user_id.clone());
    for (input, outcome) in [
        (update().email(ContactChange::Set("new@example.com".into())), UpdateUserOutcome::Ok),
        (
            update().phone_number(ContactChange::Set(PHONE.into())),
            UpdateUserOutcome::PhoneNumberAlreadyExists,
        ),
        (UpdateUserInput::new("unknown"), UpdateUserOutcome::UnknownUserId),
    ] {
        assert_eq!(passwordless.update_user(input).await.unwrap(), outcome);
    }
    let nothing_left = update().email(ContactChange::Clear);
    assert!(passwordless.update_user(nothing_left).await.is_err());
}

#[tokio::test]
async fn without_the_recipe_its_functions_are_missing() {
    let app = crate::harness::App::new().await;
    let error = app.0.passwordless().unwrap_err();
    assert_eq!(error.to_string(), "the passwordless recipe is not in the recipe list");
}
