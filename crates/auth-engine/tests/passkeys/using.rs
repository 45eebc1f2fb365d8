//! Sign-in.

use std::time::Duration;

use auth_protocol::{CdiVersion, user::*, webauthn::*};
use serde_json::json;

use crate::{
    Ada, EMAIL, TWICE,
    common::passkey::{Device, authentication},
    is_ok,
};

#[tokio::test]
async fn cdi_4_5_options_are_used_up_by_a_sign_in_from_5_5_on() {
    for device in [Device::new(), Device::new().counting(), Device::new().es256().counting()] {
        let mut ada = Ada::new(device).await;
        for _ in 0..2 {
            let options = ada.test.sign_in_options().await;
            let credential = ada.device.sign(&options).await;
            let answer = ada.test.show(&options, &credential, CdiVersion::V5_5).await;
            let PasskeySignInResponse::Ok { user, recipe_user_id, .. } = answer else {
                panic!("{answer:?}")
            };
            assert_eq!((user.id, recipe_user_id), (ada.user.id.clone(), ada.id.clone()));
            let again = ada.test.show(&options, &credential, CdiVersion::V5_5).await;
            assert!(matches!(again, PasskeySignInResponse::OptionsNotFoundError), "{again:?}");
        }
    }
}

/// The reference's SDKs show each answer twice (CDI §4.5); nobody else may show it, or another one.
#[tokio::test]
async fn cdi_4_5_before_5_5_the_same_answer_is_taken_twice_and_no_other() {
    for device in [Device::new(), Device::new().counting()] {
        let mut ada = Ada::new(device).await;
        let options = ada.test.sign_in_options().await;
        let credential = ada.device.sign(&options).await;
        let another = ada.device.sign(&options).await;
        assert!(is_ok(&ada.test.show(&options, &credential, TWICE).await));
        if another != credential {
            let answer = ada.test.show(&options, &another, TWICE).await;
            assert!(matches!(answer, PasskeySignInResponse::OptionsNotFoundError), "{answer:?}");
        }
        assert!(is_ok(&ada.test.show(&options, &credential, TWICE).await));
        let third = ada.test.show(&options, &credential, TWICE).await;
        assert!(matches!(third, PasskeySignInResponse::OptionsNotFoundError), "{third:?}");
    }
}

#[tokio::test]
async fn a_second_showing_ends_with_the_options() {
    let mut ada = Ada::new(Device::new()).await;
    let options = ada.test.sign_in_options().await;
    let credential = ada.device.sign(&options).await;
    assert!(is_ok(&ada.test.show(&options, &credential, TWICE).await));
    ada.test.clock.advance(Duration::from_millis(60_001));
    let late = ada.test.show(&options, &credential, TWICE).await;
    assert!(matches!(late, PasskeySignInResponse::InvalidOptionsError { .. }), "{late:?}");
}

/// A copy of the authenticator, or an answer that was held back.
#[tokio::test]
async fn a_counter_that_goes_back_is_refused() {
    let mut ada = Ada::new(Device::new().counting()).await;
    let mut copy = ada.device.clone();
    assert!(is_ok(&ada.test.sign_in_by(&mut ada.device).await));
    let answer = ada.test.sign_in_by(&mut copy).await;
    let PasskeySignInResponse::InvalidAuthenticatorError { reason } = answer else {
        panic!("{answer:?}")
    };
    assert_eq!(reason, "the counter went back");
    assert!(is_ok(&ada.test.sign_in_by(&mut ada.device).await));
}

#[tokio::test]
async fn an_answer_that_is_not_the_passkey_s_is_refused() {
    let mut ada = Ada::new(Device::new()).await;
    let options = ada.test.sign_in_options().await;
    let good = json!(ada.device.sign(&options).await);
    let with = |path: &str, value: serde_json::Value| {
        let mut credential = good.clone();
        *credential.pointer_mut(path).unwrap() = value;
        credential
    };
    let show = async |credential: serde_json::Value| {
        let credential = credential.as_object().unwrap();
        ada.test.show(&options, credential, CdiVersion::default()).await
    };

    // Of another challenge, page, handle or signature.
    let other = ada.test.sign_in_options().await;
    let mut elsewhere = ada.device.clone().on("https://shop.example.com");
    for credential in [
        json!(ada.device.clone().sign(&other).await),
        json!(elsewhere.sign(&options).await),
        with("/response/userHandle", json!("AAAA")),
        with("/response/signature", json!("AAAA")),
    ] {
        let answer = show(credential).await;
        let is_refused = matches!(answer, PasskeySignInResponse::InvalidAuthenticatorError { .. });
        assert!(is_refused, "{answer:?}");
    }

    for credential in [
        json!({}),
        with("/type", json!("password")),
        with("/response/authenticatorData", json!("AAAA")),
        with("/response/clientDataJSON", json!("AAAA")),
        with("/response/signature", json!("!")),
    ] {
        let answer = show(credential).await;
        let is_refused = matches!(answer, PasskeySignInResponse::InvalidCredentialsError { .. });
        assert!(is_refused, "{answer:?}");
    }

    let mut unknown = with("/id", json!("AAAA"));
    unknown["rawId"] = json!("AAAA");
    let answer = show(unknown).await;
    assert!(matches!(answer, PasskeySignInResponse::CredentialNotFoundError), "{answer:?}");

    // Options by which a passkey is made.
    let made = ada.test.registration_options(EMAIL).await;
    let for_making = SignInOptions {
        webauthn_generated_options_id: made.webauthn_generated_options_id,
        ..options.clone()
    };
    let credential = good.as_object().unwrap();
    let answer = ada.test.show(&for_making, credential, CdiVersion::default()).await;
    assert!(matches!(answer, PasskeySignInResponse::InvalidOptionsError { .. }), "{answer:?}");

    // None of that has used the options up.
    assert!(is_ok(&show(good.clone()).await));
}

/// A passkey is good on its site alone.
#[tokio::test]
async fn another_site_s_passkey_is_not_found() {
    let mut ada = Ada::new(Device::new()).await;
    let asked = CreatePasskeySignInOptions {
        relying_party_id: "app.example.com".into(),
        ..authentication()
    };
    let CreatePasskeySignInOptionsResponse::Ok(mut options) = ada.test.run(asked).await else {
        panic!("they are possible")
    };
    options.relying_party_id = "example.com".into();
    let credential = ada.device.sign(&options).await;
    let answer = ada.test.show(&options, &credential, CdiVersion::default()).await;
    assert!(matches!(answer, PasskeySignInResponse::CredentialNotFoundError), "{answer:?}");
}

#[tokio::test]
async fn a_user_of_another_tenant_is_unknown() {
    let mut ada = Ada::new(Device::new()).await;
    let elsewhere = ada.test.in_new_tenant(&ada.storage, "t1");
    let answer = elsewhere.sign_in_by(&mut ada.device).await;
    assert!(matches!(answer, PasskeySignInResponse::UnknownUserIdError), "{answer:?}");
    // Nor do options of one tenant work in another.
    let options = ada.test.sign_in_options().await;
    let credential = ada.device.sign(&options).await;
    let answer = elsewhere.show(&options, &credential, CdiVersion::default()).await;
    assert!(matches!(answer, PasskeySignInResponse::OptionsNotFoundError), "{answer:?}");
}

#[tokio::test]
async fn cdi_1_1_a_user_is_found_by_a_passkey() {
    let ada = Ada::new(Device::new()).await;
    ada.test.sign_up("bob@example.com").await;
    let by = async |passkey: &str, email: Option<&str>, any: bool| {
        let operation = ListUsersByAccountInfo {
            webauthn_credential_id: Some(passkey.into()),
            email: email.map(str::to_owned),
            do_union_of_account_info: any,
            ..ListUsersByAccountInfo::default()
        };
        let ListUsersByAccountInfoResponse::Ok { users } = ada.test.run(operation).await;
        users.into_iter().map(|user| user.emails.concat()).collect::<Vec<_>>()
    };
    assert_eq!(by(&ada.passkey, None, false).await, [EMAIL]);
    assert_eq!(by(&ada.passkey, Some(EMAIL), false).await, [EMAIL]);
    assert!(by(&ada.passkey, Some("bob@example.com"), false).await.is_empty());
    assert_eq!(by(&ada.passkey, Some("bob@example.com"), true).await.len(), 2);
    assert!(by("AAAA", None, false).await.is_empty());
}
