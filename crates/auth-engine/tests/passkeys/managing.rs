//! Further passkeys, their removal, and addresses.

use auth_protocol::{UserId, accountlinking::*, user::*, user_id_mapping::*, webauthn::*};
use test_passkeys::AAGUID;

use crate::{
    Ada, EMAIL,
    common::{START_MS, passkey::Device},
    is_ok,
};

impl Ada {
    async fn register(&self, email: &str, device: &mut Device) -> RegisterPasskeyResponse {
        let options = self.test.registration_options(email).await;
        let credential = device.make(&options).await;
        let register = RegisterPasskey {
            recipe_user_id: self.id.clone(),
            webauthn_generated_options_id: options.webauthn_generated_options_id,
            credential,
        };
        self.test.run(register).await
    }

    async fn passkeys(&self) -> Vec<Passkey> {
        let list = ListPasskeys { recipe_user_id: self.id.clone() };
        let ListPasskeysResponse::Ok { credentials } = self.test.run(list).await;
        credentials
    }

    async fn remove(&self, passkey: &str) -> RemovePasskeyResponse {
        let remove = RemovePasskey {
            recipe_user_id: self.id.clone(),
            webauthn_credential_id: passkey.into(),
            keep_last: None,
        };
        self.test.run(remove).await
    }
}

#[tokio::test]
async fn cdi_1_9_a_login_method_has_several_passkeys_each_removable() {
    let mut ada = Ada::new(Device::new()).await;
    ada.test.clock.advance(std::time::Duration::from_secs(1));
    let mut second = Device::new().es256();
    let answer = ada.register(EMAIL, &mut second).await;
    let RegisterPasskeyResponse::Ok { webauthn_credential_id, recipe_user_id, email, .. } = answer
    else {
        panic!("{answer:?}")
    };
    assert_eq!((recipe_user_id, email.as_str()), (ada.id.clone(), EMAIL));

    let [first, other] = &ada.passkeys().await[..] else { panic!("two") };
    assert_eq!((&first.webauthn_credential_id, first.created_at), (&ada.passkey, START_MS));
    assert_eq!(first.aaguid.as_deref(), Some(AAGUID));
    assert_eq!(other.webauthn_credential_id, webauthn_credential_id);
    assert!(is_ok(&ada.test.sign_in_by(&mut second).await));
    assert!(is_ok(&ada.test.sign_in_by(&mut ada.device).await));

    let get =
        GetPasskey { recipe_user_id: ada.id.clone(), webauthn_credential_id: ada.passkey.clone() };
    let GetPasskeyResponse::Ok { created_at, updated_at, .. } = ada.test.run(get).await else {
        panic!("it is there")
    };
    assert_eq!((created_at, updated_at), (START_MS, START_MS + 1000));

    assert_eq!(ada.remove(&ada.passkey).await, RemovePasskeyResponse::Ok);
    let not_found = RemovePasskeyResponse::CredentialNotFoundError;
    assert_eq!(ada.remove(&ada.passkey).await, not_found);
    let gone = ada.test.sign_in_by(&mut ada.device).await;
    assert!(matches!(gone, PasskeySignInResponse::CredentialNotFoundError), "{gone:?}");
    assert!(is_ok(&ada.test.sign_in_by(&mut second).await));
    let GetUserByIdResponse::Ok { user } =
        ada.test.run(GetUserById { user_id: ada.user.id.clone() }).await
    else {
        panic!("the user is there")
    };
    assert_eq!(user.webauthn.credential_ids, [webauthn_credential_id]);
}

/// Another login method's counts as well, and another user's doesn't.
#[tokio::test]
async fn the_last_passkey_of_a_user_stays_where_that_is_asked_for() {
    let ada = Ada::new(Device::new()).await;
    let bob = ada.test.passkey_sign_up("bob@example.com", &mut Device::new()).await;
    let PasskeySignUpResponse::Ok { recipe_user_id: bob, .. } = bob else { panic!("{bob:?}") };
    let remove = || RemovePasskey {
        recipe_user_id: ada.id.clone(),
        webauthn_credential_id: ada.passkey.clone(),
        keep_last: Some(true),
    };
    assert_eq!(ada.test.run(remove()).await, RemovePasskeyResponse::LastCredentialError);
    let unknown = RemovePasskey { webauthn_credential_id: "none".into(), ..remove() };
    let not_found = RemovePasskeyResponse::CredentialNotFoundError;
    assert_eq!(ada.test.run(unknown).await, not_found);
    assert_eq!(ada.passkeys().await.len(), 1);

    ada.test.run(CreatePrimaryUser { recipe_user_id: ada.id.clone() }).await;
    let link = LinkAccounts { recipe_user_id: bob, primary_user_id: ada.user.id.clone() };
    let linked = ada.test.run(link).await;
    assert!(matches!(linked, LinkAccountsResponse::Ok { .. }), "{linked:?}");
    assert_eq!(ada.test.run(remove()).await, RemovePasskeyResponse::Ok);
    assert_eq!(ada.passkeys().await.len(), 0);
}

#[tokio::test]
async fn a_passkey_goes_only_to_whom_the_options_are_for() {
    let ada = Ada::new(Device::new()).await;
    let answer = ada.register("bob@example.com", &mut Device::new()).await;
    assert!(matches!(answer, RegisterPasskeyResponse::InvalidOptionsError { .. }), "{answer:?}");
    let (_, by_password) = ada.test.sign_up("bob@example.com").await;
    for id in [by_password, "nobody".into()] {
        let options = ada.test.registration_options("bob@example.com").await;
        let credential = Device::new().make(&options).await;
        let register = RegisterPasskey {
            recipe_user_id: id,
            webauthn_generated_options_id: options.webauthn_generated_options_id,
            credential,
        };
        let answer = ada.test.run(register).await;
        assert!(matches!(answer, RegisterPasskeyResponse::UnknownUserIdError), "{answer:?}");
    }
    assert_eq!(ada.passkeys().await.len(), 1);
}

#[tokio::test]
async fn a_passkey_that_the_site_has_is_not_registered_again() {
    let ada = Ada::new(Device::new()).await;
    let options = ada.test.registration_options(EMAIL).await;
    let credential = Device::new().make(&options).await;
    let second = ada.test.registration_options(EMAIL).await;
    ada.storage.execute(&format!(
        "UPDATE webauthn_generated_options SET challenge = '{}'",
        options.challenge
    ));
    let register = |id: &str| RegisterPasskey {
        recipe_user_id: ada.id.clone(),
        webauthn_generated_options_id: id.into(),
        credential: credential.clone(),
    };
    let first = ada.test.run(register(&options.webauthn_generated_options_id)).await;
    assert!(matches!(first, RegisterPasskeyResponse::Ok { .. }), "{first:?}");
    let again = ada.test.run(register(&second.webauthn_generated_options_id)).await;
    let exists = matches!(again, RegisterPasskeyResponse::CredentialAlreadyExistsError);
    assert!(exists, "{again:?}");
}

/// Another user's passkey is no passkey of this one.
#[tokio::test]
async fn passkeys_of_others_are_neither_read_nor_removed() {
    let ada = Ada::new(Device::new()).await;
    let PasskeySignUpResponse::Ok { webauthn_credential_id, .. } =
        ada.test.passkey_sign_up("bob@example.com", &mut Device::new()).await
    else {
        panic!("Bob signs up")
    };
    let not_found = RemovePasskeyResponse::CredentialNotFoundError;
    assert_eq!(ada.remove(&webauthn_credential_id).await, not_found);
    let get = GetPasskey { recipe_user_id: ada.id.clone(), webauthn_credential_id };
    assert_eq!(ada.test.run(get).await, GetPasskeyResponse::CredentialNotFoundError);
    let list = ListPasskeys { recipe_user_id: "nobody".into() };
    let ListPasskeysResponse::Ok { credentials } = ada.test.run(list).await;
    assert!(credentials.is_empty());
}

/// The same user by the id of another system.
#[tokio::test]
async fn cdi_5_5_an_id_that_is_mapped_is_told_and_taken() {
    let mut ada = Ada::new(Device::new()).await;
    let map = CreateUserIdMapping::new(ada.user.id.clone(), "customer-7".into());
    assert_eq!(ada.test.run(map).await, CreateUserIdMappingResponse::Ok);
    let answer = ada.test.sign_in_by(&mut ada.device).await;
    let PasskeySignInResponse::Ok { user, recipe_user_id, .. } = answer else {
        panic!("{answer:?}")
    };
    assert_eq!((user.id.as_str(), recipe_user_id.as_str()), ("customer-7", "customer-7"));
    assert_eq!(user.webauthn.credential_ids, [ada.passkey.clone()]);
    for id in ["customer-7", ada.id.as_str()] {
        let list = ListPasskeys { recipe_user_id: id.into() };
        let ListPasskeysResponse::Ok { credentials } = ada.test.run(list).await;
        assert_eq!(credentials[0].recipe_user_id.as_str(), "customer-7");
    }
}

#[tokio::test]
async fn an_address_is_changed_and_the_passkeys_stay() {
    let mut ada = Ada::new(Device::new()).await;
    let change =
        |email: &str| UpdatePasskeyEmail { recipe_user_id: ada.id.clone(), email: email.into() };
    assert_eq!(ada.test.run(change(" Ada@New.example ")).await, UpdatePasskeyEmailResponse::Ok);
    ada.test.passkey_sign_up("bob@example.com", &mut Device::new()).await;
    let taken = UpdatePasskeyEmailResponse::EmailAlreadyExistsError;
    assert_eq!(ada.test.run(change("bob@example.com")).await, taken);
    let nobody = UpdatePasskeyEmail { recipe_user_id: "x".into(), email: EMAIL.into() };
    let unknown = UpdatePasskeyEmailResponse::UnknownUserIdError;
    assert_eq!(ada.test.run(nobody).await, unknown);
    // The old one is free again.
    ada.test.passkey_sign_up(EMAIL, &mut Device::new()).await;

    // As a primary user it can't take another primary user's.
    let (carol, recipe_user_id) = ada.test.sign_up("carol@example.com").await;
    ada.test.run(CreatePrimaryUser { recipe_user_id }).await;
    ada.test.run(CreatePrimaryUser { recipe_user_id: ada.id.clone() }).await;
    let of_primary = UpdatePasskeyEmailResponse::UserWithEmailAlreadyExistsError;
    assert_eq!(ada.test.run(change("carol@example.com")).await, of_primary, "{carol:?}");

    let answer = ada.test.sign_in_by(&mut ada.device).await;
    let PasskeySignInResponse::Ok { user, .. } = answer else { panic!("{answer:?}") };
    assert_eq!(user.emails, ["ada@new.example"]);
}

/// Linked to a user with a password, it signs that one in.
#[tokio::test]
async fn cdi_5_3_a_linked_passkey_signs_its_user_in() {
    let mut ada = Ada::new(Device::new()).await;
    let (user, recipe_user_id) = ada.test.sign_up(EMAIL).await;
    ada.test.run(CreatePrimaryUser { recipe_user_id }).await;
    let link = LinkAccounts { recipe_user_id: ada.id.clone(), primary_user_id: user.id.clone() };
    assert!(matches!(ada.test.run(link).await, LinkAccountsResponse::Ok { .. }));
    let answer = ada.test.sign_in_by(&mut ada.device).await;
    let PasskeySignInResponse::Ok { user: signed_in, recipe_user_id, .. } = answer else {
        panic!("{answer:?}")
    };
    assert_eq!((&signed_in.id, &recipe_user_id), (&user.id, &ada.id));
    assert_eq!(signed_in.emails, [EMAIL]);
    assert_eq!(signed_in.webauthn.credential_ids, [ada.passkey.clone()]);
    let with_passkeys = signed_in.login_methods.iter().filter(|method| method.webauthn.is_some());
    assert_eq!(with_passkeys.count(), 1);

    // Deleted by itself, its passkeys go, and the user stays.
    let delete =
        DeleteUser { user_id: UserId::from(ada.id.clone()), remove_all_linked_accounts: false };
    ada.test.run(delete).await;
    assert_eq!(ada.storage.count("webauthn_credentials"), 0);
    assert!(ada.test.sign_in(EMAIL, "password 1").await.is_some());
}

/// The head of a group, deleted by itself, leaves its id to the group and no passkey (CDI §4.5).
#[tokio::test]
async fn cdi_5_4_a_deleted_head_leaves_no_passkey() {
    let ada = Ada::new(Device::new()).await;
    ada.test.run(CreatePrimaryUser { recipe_user_id: ada.id.clone() }).await;
    let (_, by_password) = ada.test.sign_up(EMAIL).await;
    let link = LinkAccounts { recipe_user_id: by_password, primary_user_id: ada.user.id.clone() };
    assert!(matches!(ada.test.run(link).await, LinkAccountsResponse::Ok { .. }));
    let delete = DeleteUser { user_id: ada.user.id.clone(), remove_all_linked_accounts: false };
    ada.test.run(delete).await;
    assert_eq!(ada.storage.count("webauthn_credentials"), 0);
    let GetUserByIdResponse::Ok { user } =
        ada.test.run(GetUserById { user_id: ada.user.id.clone() }).await
    else {
        panic!("the group is there")
    };
    assert!(user.webauthn.credential_ids.is_empty());
    assert_eq!(user.login_methods.len(), 1);
}
