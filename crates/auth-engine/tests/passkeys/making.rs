//! Sign-up, and what is refused where a passkey is made.

use std::time::Duration;

use auth_protocol::{
    RecipeId,
    audit::{AuditKind, ListAuditEntries, ListAuditEntriesResponse},
    user::*,
    webauthn::*,
};
use serde_json::json;

use crate::{
    EMAIL,
    common::{
        Test, TestStorage,
        passkey::{Device, SITE, registration},
    },
    is_ok,
};

#[tokio::test]
async fn cdi_1_9_a_sign_up_makes_a_user_with_the_passkey() {
    for device in [Device::new(), Device::new().es256()] {
        let test = Test::new().await;
        let mut device = device;
        let answer = test.passkey_sign_up(EMAIL, &mut device).await;
        let PasskeySignUpResponse::Ok {
            user,
            webauthn_credential_id,
            relying_party_id,
            relying_party_name,
            recipe_user_id,
            user_verified: Some(true),
        } = answer
        else {
            panic!("{answer:?}")
        };
        assert_eq!((relying_party_id.as_str(), relying_party_name.as_str()), (SITE, "Example"));
        assert_eq!(user.id, recipe_user_id.as_str());
        assert_eq!(user.emails, [EMAIL]);
        assert_eq!(user.webauthn.credential_ids, [webauthn_credential_id]);
        let [method] = &user.login_methods[..] else { panic!("{user:?}") };
        assert_eq!((method.recipe_id, method.verified), (RecipeId::Webauthn, false));
        assert_eq!(method.webauthn, Some(user.webauthn.clone()));
        let GetUserByIdResponse::Ok { user: read } =
            test.run(GetUserById { user_id: user.id.clone() }).await
        else {
            panic!("the user is there")
        };
        assert_eq!(read, user);
        assert!(is_ok(&test.sign_in_by(&mut device).await));
    }
}

/// An address is one user's of this recipe in a tenant; another recipe's doesn't count.
#[tokio::test]
async fn an_address_signs_up_once_in_a_tenant() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    test.sign_up(EMAIL).await;
    let first = test.passkey_sign_up(EMAIL, &mut Device::new()).await;
    assert!(matches!(first, PasskeySignUpResponse::Ok { .. }), "{first:?}");
    let again = test.passkey_sign_up(EMAIL, &mut Device::new()).await;
    assert!(matches!(again, PasskeySignUpResponse::EmailAlreadyExistsError), "{again:?}");
    let elsewhere = test.in_new_tenant(&storage, "t1");
    let there = elsewhere.passkey_sign_up(EMAIL, &mut Device::new()).await;
    assert!(matches!(there, PasskeySignUpResponse::Ok { .. }), "{there:?}");
    assert_eq!(storage.count("webauthn_credentials"), 2);
}

#[tokio::test]
async fn options_of_a_registration_are_used_up_by_it() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    let options = test.registration_options(EMAIL).await;
    let credential = Device::new().make(&options).await;
    let sign_up = || PasskeySignUp {
        webauthn_generated_options_id: options.webauthn_generated_options_id.clone(),
        credential: credential.clone(),
    };
    assert!(matches!(test.run(sign_up()).await, PasskeySignUpResponse::Ok { .. }));
    let again = test.run(sign_up()).await;
    assert!(matches!(again, PasskeySignUpResponse::OptionsNotFoundError), "{again:?}");
    assert_eq!(storage.count("webauthn_generated_options"), 0);
}

/// Whatever is wrong, nothing is written, and the options can still be used.
#[tokio::test]
async fn an_answer_that_is_not_the_options_is_refused() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    let options = test.registration_options(EMAIL).await;
    let other = test.registration_options("bob@example.com").await;
    let sign_up = async |id: &str, credential: &serde_json::Value| {
        let credential = credential.as_object().unwrap().clone();
        let operation = PasskeySignUp { webauthn_generated_options_id: id.to_owned(), credential };
        test.run(operation).await
    };
    let id = options.webauthn_generated_options_id.as_str();
    let good = json!(Device::new().make(&options).await);

    // Those of other options, and of another page, which is a page of the site, too.
    let of_others = json!(Device::new().make(&other).await);
    let elsewhere = json!(Device::new().on("https://shop.example.com").make(&options).await);
    for credential in [&of_others, &elsewhere] {
        let answer = sign_up(id, credential).await;
        let is_refused = matches!(answer, PasskeySignUpResponse::InvalidAuthenticatorError { .. });
        assert!(is_refused, "{answer:?}");
    }

    // What can't be read.
    let with = |path: &str, value: serde_json::Value| {
        let mut credential = good.clone();
        *credential.pointer_mut(path).unwrap() = value;
        credential
    };
    for credential in [
        json!({}),
        with("/id", json!("")),
        with("/id", json!("not base64!")),
        with("/rawId", json!("AAAA")),
        with("/type", json!("password")),
        with("/response", json!(null)),
        with("/response/attestationObject", json!("AAAA")),
        with("/response/attestationObject", json!(7)),
        with("/response/clientDataJSON", json!("")),
        with("/response/clientDataJSON", json!("a".repeat(1 << 16))),
    ] {
        let answer = sign_up(id, &credential).await;
        let is_refused = matches!(answer, PasskeySignUpResponse::InvalidCredentialsError { .. });
        assert!(is_refused, "{credential} {answer:?}");
    }

    // Options for something else, or of nobody.
    let for_sign_in = test.sign_in_options().await.webauthn_generated_options_id;
    let answer = sign_up(&for_sign_in, &good).await;
    assert!(matches!(answer, PasskeySignUpResponse::InvalidOptionsError { .. }), "{answer:?}");
    let answer = sign_up("unknown", &good).await;
    assert!(matches!(answer, PasskeySignUpResponse::OptionsNotFoundError), "{answer:?}");

    for table in ["app_id_to_user_id", "webauthn_users", "webauthn_credentials"] {
        assert_eq!(storage.count(table), 0, "{table}");
    }
    let answer = sign_up(id, &good).await;
    assert!(matches!(answer, PasskeySignUpResponse::Ok { .. }), "{answer:?}");
}

#[tokio::test]
async fn expired_options_and_an_unverified_user_are_refused() {
    let test = Test::new().await;
    let options = test.registration_options(EMAIL).await;
    let credential = Device::new().make(&options).await;
    let id = options.webauthn_generated_options_id;
    test.clock.advance(Duration::from_millis(60_001));
    let answer = test.run(PasskeySignUp { webauthn_generated_options_id: id, credential }).await;
    assert!(matches!(answer, PasskeySignUpResponse::InvalidOptionsError { .. }), "{answer:?}");

    for (verification, is_taken) in [("required", false), ("preferred", true)] {
        let asked = CreatePasskeyRegistrationOptions {
            user_verification: Some(verification.into()),
            ..registration(EMAIL)
        };
        let CreatePasskeyRegistrationOptionsResponse::Ok(options) = test.run(asked).await else {
            panic!("they are possible")
        };
        let credential = Device::new().unverified().make(&options).await;
        let id = options.webauthn_generated_options_id;
        let answer =
            test.run(PasskeySignUp { webauthn_generated_options_id: id, credential }).await;
        match answer {
            PasskeySignUpResponse::Ok { .. } => assert!(is_taken, "{verification}"),
            PasskeySignUpResponse::InvalidAuthenticatorError { .. } => {
                assert!(!is_taken, "{verification}");
            }
            other => panic!("{other:?}"),
        }
    }
}

/// The constraint decides: no two users have one passkey.
#[tokio::test]
async fn a_passkey_is_one_user_s_alone() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    let first = test.registration_options(EMAIL).await;
    let second = test.registration_options("eve@example.com").await;
    // As if both had got one challenge, as nothing else would let an answer be shown for both.
    storage.execute(&format!(
        "UPDATE webauthn_generated_options SET challenge = '{}'",
        first.challenge
    ));
    let credential = Device::new().make(&first).await;
    let sign_up = |options: &RegistrationOptions| PasskeySignUp {
        webauthn_generated_options_id: options.webauthn_generated_options_id.clone(),
        credential: credential.clone(),
    };
    assert!(matches!(test.run(sign_up(&first)).await, PasskeySignUpResponse::Ok { .. }));
    let answer = test.run(sign_up(&second)).await;
    let is_refused = matches!(answer, PasskeySignUpResponse::InvalidCredentialsError { .. });
    assert!(is_refused, "{answer:?}");
    assert_eq!(storage.count("app_id_to_user_id"), 1);
}

#[tokio::test]
async fn a_sign_up_is_written_down() {
    let test = Test::new().await;
    test.passkey_sign_up(EMAIL, &mut Device::new()).await;
    let ListAuditEntriesResponse::Ok { entries, .. } = test.run(ListAuditEntries::default()).await;
    let entry = entries.iter().find(|entry| entry.kind == AuditKind::SignUp.as_str()).unwrap();
    assert_eq!(entry.facts.get("recipe").map(String::as_str), Some("webauthn"));
}
