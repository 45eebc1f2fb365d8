//! What passkeys are called, and what else their users are told of them.

use std::time::Duration;

use auth_protocol::webauthn::*;

use crate::{Ada, common::START_MS, common::passkey::Device, is_ok};

const YUBIKEY: &str = "ee882879-721c-4913-9775-3dfcce97072a";

impl Ada {
    async fn rename(&self, name: &str) -> RenamePasskeyResponse {
        let rename = RenamePasskey {
            recipe_user_id: self.id.clone(),
            webauthn_credential_id: self.passkey.clone(),
            name: name.into(),
        };
        self.test.run(rename).await
    }

    /// The only passkey as the list has it; reading it alone says the same.
    async fn only(&self) -> Passkey {
        let recipe_user_id = self.id.clone();
        let list = ListPasskeys { recipe_user_id: recipe_user_id.clone() };
        let ListPasskeysResponse::Ok { mut credentials } = self.test.run(list).await;
        let passkey = credentials.remove(0);
        let get = GetPasskey { recipe_user_id, webauthn_credential_id: self.passkey.clone() };
        let GetPasskeyResponse::Ok { name, updated_at, .. } = self.test.run(get).await else {
            panic!("it is there")
        };
        assert_eq!((&name, Some(updated_at)), (&passkey.name, passkey.updated_at));
        passkey
    }
}

fn named(name: Option<&str>) -> RenamePasskeyResponse {
    RenamePasskeyResponse::Ok { name: name.map(str::to_owned) }
}

#[tokio::test]
async fn a_passkey_is_called_what_its_user_says_or_else_what_its_authenticator_is() {
    let ada = Ada::new(Device::new()).await;
    assert_eq!(ada.only().await.name, None, "nobody knows the authenticator");
    ada.storage.execute(&format!("UPDATE webauthn_credentials SET aaguid = '{YUBIKEY}'"));
    assert_eq!(ada.only().await.name.as_deref(), Some("YubiKey 5"));

    assert_eq!(ada.rename(" The \u{202e}blue\n one ").await, named(Some("The blue one")));
    assert_eq!(ada.only().await.name.as_deref(), Some("The blue one"));

    let too_long = ada.rename(&"x".repeat(65)).await;
    assert!(matches!(too_long, RenamePasskeyResponse::InvalidNameError { .. }), "{too_long:?}");
    assert_eq!(ada.only().await.name.as_deref(), Some("The blue one"));
    let longest = "ü".repeat(64);
    assert_eq!(ada.rename(&longest).await, named(Some(&longest)));

    assert_eq!(ada.rename("  ").await, named(Some("YubiKey 5")));
    assert_eq!(ada.only().await.name.as_deref(), Some("YubiKey 5"));
}

#[tokio::test]
async fn only_a_login_method_s_own_passkey_is_renamed() {
    let ada = Ada::new(Device::new()).await;
    let mut other = Device::new();
    let bob = ada.test.passkey_sign_up("bob@example.com", &mut other).await;
    let PasskeySignUpResponse::Ok { recipe_user_id: bob, .. } = bob else { panic!("{bob:?}") };
    for (id, passkey) in
        [(bob, ada.passkey.as_str()), (ada.id.clone(), "none"), ("nobody".into(), &ada.passkey)]
    {
        let rename = RenamePasskey {
            recipe_user_id: id,
            webauthn_credential_id: passkey.into(),
            name: "Mine".into(),
        };
        let answer = ada.test.run(rename).await;
        assert_eq!(answer, RenamePasskeyResponse::CredentialNotFoundError);
    }
    assert_eq!(ada.only().await.name, None);
}

#[tokio::test]
async fn a_new_name_is_no_use() {
    let mut ada = Ada::new(Device::new()).await;
    ada.test.clock.advance(Duration::from_secs(1));
    ada.rename("Mine").await;
    assert_eq!(ada.only().await.updated_at, Some(START_MS));
    assert!(is_ok(&ada.test.sign_in_by(&mut ada.device).await));
    let passkey = ada.only().await;
    assert_eq!(
        (passkey.updated_at, passkey.name.as_deref()),
        (Some(START_MS + 1000), Some("Mine"))
    );
}

#[tokio::test]
async fn whether_the_user_was_verified_is_told() {
    for (device, verified) in [(Device::new(), true), (Device::new().unverified(), false)] {
        let mut device = device;
        let test = crate::Test::new().await;
        let answer = test.passkey_sign_up("ada@example.com", &mut device).await;
        let PasskeySignUpResponse::Ok { user_verified, .. } = answer else { panic!("{answer:?}") };
        assert_eq!(user_verified, Some(verified));
        let answer = test.sign_in_by(&mut device).await;
        let PasskeySignInResponse::Ok { user_verified, .. } = answer else { panic!("{answer:?}") };
        assert_eq!(user_verified, Some(verified));
    }
}
