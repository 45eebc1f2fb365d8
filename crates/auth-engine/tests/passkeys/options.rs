//! Options: what they hold, how long, and what they can't be asked for.

use std::time::Duration;

use auth_protocol::{CdiVersion, webauthn::*};

use crate::{
    EMAIL,
    common::{
        START_MS, Test, TestStorage,
        passkey::{Device, PAGE, SITE, authentication, registration},
    },
    is_ok,
};

#[tokio::test]
async fn cdi_4_5_options_of_a_registration_have_the_reference_s_defaults() {
    let test = Test::new().await;
    let asked = CreatePasskeyRegistrationOptions {
        email: " Ada@Example.com ".into(),
        timeout: None,
        user_presence: None,
        ..registration(EMAIL)
    };
    let CreatePasskeyRegistrationOptionsResponse::Ok(options) = test.run(asked).await else {
        panic!("they are possible")
    };
    assert_eq!(options.email, EMAIL);
    assert_eq!(options.user.name, EMAIL);
    assert_eq!(options.user.display_name, EMAIL);
    assert_eq!(options.rp, RelyingParty { id: SITE.into(), name: "Example".into() });
    assert_eq!(options.timeout, 6000);
    assert_eq!((options.created_at, options.expires_at), (START_MS, START_MS + 6000));
    assert_eq!(options.attestation, "none");
    assert_eq!(options.challenge.len(), 43);
    let algorithms: Vec<_> = options.pub_key_cred_params.iter().map(|one| one.alg).collect();
    assert_eq!(algorithms, [-8, -7, -257]);
    assert!(options.exclude_credentials.is_empty());
    let selection = AuthenticatorSelection {
        require_resident_key: true,
        resident_key: "required".into(),
        user_verification: "preferred".into(),
    };
    assert_eq!(options.authenticator_selection, selection);

    let kept = test.kept(&options.webauthn_generated_options_id).await.unwrap();
    assert_eq!((kept.challenge.as_str(), kept.timeout), (options.challenge.as_str(), 6000));
    assert_eq!((kept.email.as_deref(), kept.user_presence), (Some(EMAIL), false));
    assert_eq!((kept.origin.as_str(), kept.relying_party_name.as_str()), (PAGE, "Example"));
}

impl Test {
    async fn kept(&self, id: &str) -> Option<PasskeyOptions> {
        let get = GetPasskeyOptions { webauthn_generated_options_id: id.into() };
        match self.run(get).await {
            GetPasskeyOptionsResponse::Ok(options) => Some(options),
            GetPasskeyOptionsResponse::OptionsNotFoundError => None,
        }
    }
}

#[tokio::test]
async fn no_two_options_have_one_challenge() {
    let test = Test::new().await;
    let (one, other) = (test.sign_in_options().await, test.sign_in_options().await);
    assert_ne!(one.challenge, other.challenge);
    assert_ne!(one.webauthn_generated_options_id, other.webauthn_generated_options_id);
}

#[tokio::test]
async fn options_are_read_and_removed_in_their_tenant_and_expire() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    let elsewhere = test.in_new_tenant(&storage, "t1");
    let options = test.sign_in_options().await;
    let id = || options.webauthn_generated_options_id.clone();
    let kept = test.kept(&id()).await.unwrap();
    assert_eq!((kept.email, kept.user_verification.as_str()), (None, "preferred"));
    assert_eq!(elsewhere.kept(&id()).await, None);
    let remove = || RemovePasskeyOptions { webauthn_generated_options_id: id() };
    let not_found = RemovePasskeyOptionsResponse::OptionsNotFoundError;
    assert_eq!(elsewhere.run(remove()).await, not_found);
    assert_eq!(test.run(remove()).await, RemovePasskeyOptionsResponse::Ok);
    assert_eq!(test.run(remove()).await, not_found);
    assert_eq!(test.kept(&id()).await, None);

    let expired = test.sign_in_options().await.webauthn_generated_options_id;
    test.clock.advance(Duration::from_secs(3600));
    assert!(test.kept(&expired).await.is_some(), "until it is tidied up");
    test.engine.delete_expired().await.unwrap();
    assert_eq!(test.kept(&expired).await, None);
}

#[tokio::test]
async fn a_user_keeps_the_handle_of_the_first_options() {
    let test = Test::new().await;
    let before = test.registration_options(EMAIL).await.user.id;
    assert_ne!(test.registration_options(EMAIL).await.user.id, before, "nobody is there yet");
    test.passkey_sign_up(EMAIL, &mut Device::new()).await;
    let of_user = test.registration_options(EMAIL).await.user.id;
    assert_eq!(test.registration_options(EMAIL).await.user.id, of_user);
}

#[tokio::test]
async fn what_is_not_possible_is_told_with_a_reason() {
    let test = Test::new().await;
    let base = || registration(EMAIL);
    let text = |text: &str| Some(text.to_owned());
    for asked in [
        CreatePasskeyRegistrationOptions { origin: "https://evil-example.com".into(), ..base() },
        CreatePasskeyRegistrationOptions { origin: "example.com".into(), ..base() },
        CreatePasskeyRegistrationOptions { relying_party_id: String::new(), ..base() },
        CreatePasskeyRegistrationOptions { relying_party_name: String::new(), ..base() },
        CreatePasskeyRegistrationOptions { timeout: Some(-1), ..base() },
        CreatePasskeyRegistrationOptions { timeout: Some(i64::MAX), ..base() },
        CreatePasskeyRegistrationOptions { attestation: text("any"), ..base() },
        CreatePasskeyRegistrationOptions { resident_key: text("maybe"), ..base() },
        CreatePasskeyRegistrationOptions { user_verification: text(""), ..base() },
        CreatePasskeyRegistrationOptions { supported_algorithm_ids: Some(vec![]), ..base() },
        CreatePasskeyRegistrationOptions { supported_algorithm_ids: Some(vec![-36]), ..base() },
        CreatePasskeyRegistrationOptions { display_name: text(&"x".repeat(257)), ..base() },
    ] {
        let answer = test.run(asked.clone()).await;
        let CreatePasskeyRegistrationOptionsResponse::InvalidOptionsError { reason } = answer
        else {
            panic!("{asked:?}")
        };
        assert!(!reason.is_empty());
    }
    let base = authentication;
    for asked in [
        CreatePasskeySignInOptions { origin: "https://example.com.evil.org".into(), ..base() },
        CreatePasskeySignInOptions { timeout: Some(-1), ..base() },
        CreatePasskeySignInOptions { user_verification: text("always"), ..base() },
    ] {
        let answer = test.run(asked).await;
        let is_invalid =
            matches!(answer, CreatePasskeySignInOptionsResponse::InvalidOptionsError { .. });
        assert!(is_invalid, "{answer:?}");
    }
    test.refused(registration("no address\0")).await;
}

/// Those that nobody here can verify aren't offered.
#[tokio::test]
async fn only_keys_that_can_be_verified_are_offered() {
    let test = Test::new().await;
    let ids = Some(vec![-36, -35, -7, -47, -7]);
    let asked =
        CreatePasskeyRegistrationOptions { supported_algorithm_ids: ids, ..registration(EMAIL) };
    let CreatePasskeyRegistrationOptionsResponse::Ok(options) = test.run(asked).await else {
        panic!("two can be")
    };
    let algorithms: Vec<_> = options.pub_key_cred_params.iter().map(|one| one.alg).collect();
    assert_eq!(algorithms, [-35, -7]);
}

/// WebAuthn Level 3, section 5.11.
#[tokio::test]
async fn a_passkey_is_made_and_used_on_a_related_origin_that_the_options_have() {
    const RELATED: &str = "https://example.org";
    let related = |origin: &str| Some(vec![origin.to_owned(), "https://example.net".to_owned()]);
    for (origin, asked) in [(PAGE, "https://Example.org:443/"), (RELATED, RELATED)] {
        let test = Test::new().await;
        let mut device = Device::new().related(RELATED);
        let asked = CreatePasskeyRegistrationOptions {
            origin: origin.into(),
            related_origins: related(asked),
            ..registration(EMAIL)
        };
        let CreatePasskeyRegistrationOptionsResponse::Ok(options) = test.run(asked.clone()).await
        else {
            panic!("they are possible")
        };
        let credential = device.make(&options).await;
        let id = options.webauthn_generated_options_id;
        let sign_up = PasskeySignUp { webauthn_generated_options_id: id, credential };
        let answer = test.run(sign_up).await;
        assert!(matches!(answer, PasskeySignUpResponse::Ok { .. }), "{answer:?}");

        for (related_origins, fits) in [(asked.related_origins, true), (None, false)] {
            let asked = CreatePasskeySignInOptions { related_origins, ..authentication() };
            let CreatePasskeySignInOptionsResponse::Ok(options) = test.run(asked).await else {
                panic!("they are possible")
            };
            let credential = device.sign(&options).await;
            let answer = test.show(&options, &credential, CdiVersion::V5_5).await;
            assert_eq!(is_ok(&answer), fits, "{answer:?}");
        }
    }
}

#[tokio::test]
async fn what_is_no_related_origin_is_refused() {
    let test = Test::new().await;
    for related in ["https://example.org/page", "example.org", "https://*.example.org"] {
        let related_origins = Some(vec![related.to_owned()]);
        let asked = CreatePasskeyRegistrationOptions {
            related_origins: related_origins.clone(),
            ..registration(EMAIL)
        };
        let answer = test.run(asked).await;
        let refused = CreatePasskeyRegistrationOptionsResponse::InvalidOptionsError {
            reason: "relatedOrigins must be origins such as https://example.org".into(),
        };
        assert_eq!(answer, refused);
        let answer =
            test.run(CreatePasskeySignInOptions { related_origins, ..authentication() }).await;
        let refused =
            matches!(answer, CreatePasskeySignInOptionsResponse::InvalidOptionsError { .. });
        assert!(refused, "{answer:?}");
    }
}
