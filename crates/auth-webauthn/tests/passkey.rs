//! Passkeys made and used by the software authenticator of the crate `passkey`, and its client.

#![allow(clippy::unwrap_used)]

use auth_webauthn::{
    Algorithm, Attestation, AuthenticationResponse, Credential, Error, Expected,
    RegistrationResponse, verify_authentication, verify_registration,
};
use passkey::{
    authenticator::{Authenticator, CredentialIdLength, extensions::HmacSecretConfig},
    client::{Client, DefaultClientData},
    crypto::{iana, rust_crypto::RustCryptoBackend},
    types::{ctap2, webauthn},
};
use proptest::prelude::*;
use test_passkeys::User;
use url::Url;

#[derive(Clone, Debug)]
struct Case {
    algorithm: iana::Algorithm,
    verified: bool,
    counts: bool,
    id_length: u8,
    secret: bool,
    aaguid: [u8; 16],
    challenges: [Vec<u8>; 2],
    handle: Vec<u8>,
}

fn cases() -> impl Strategy<Value = Case> {
    let challenge = || prop::collection::vec(any::<u8>(), 16..64);
    (
        prop_oneof![Just(iana::Algorithm::ES256), Just(iana::Algorithm::EdDSA)],
        any::<(bool, bool, bool)>(),
        16_u8..=64,
        any::<[u8; 16]>(),
        [challenge(), challenge()],
        prop::collection::vec(any::<u8>(), 1..64),
    )
        .prop_map(
            |(algorithm, (verified, counts, secret), id_length, aaguid, challenges, handle)| Case {
                algorithm,
                verified,
                counts,
                id_length,
                secret,
                aaguid,
                challenges,
                handle,
            },
        )
}

fn run(case: &Case) {
    let user = User { is_verified: case.verified };
    let mut authenticator =
        Authenticator::new(ctap2::Aaguid::from(case.aaguid), None, user, RustCryptoBackend);
    authenticator.set_algorithms(&[case.algorithm]).unwrap();
    authenticator.set_make_credentials_with_signature_counter(case.counts);
    authenticator.set_make_credential_id_length(CredentialIdLength::from(case.id_length));
    if case.secret {
        authenticator = authenticator
            .hmac_secret(HmacSecretConfig::new_without_uv().enable_on_make_credential());
    }
    let mut client = Client::new(authenticator);
    let origin = Url::parse("https://app.example.com").unwrap();
    let made = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(client.register(&origin, creation(case), DefaultClientData));
    let made = made.unwrap();

    let expected = Expected::new(&case.challenges[0], "example.com", "https://app.example.com");
    let response = RegistrationResponse {
        credential_id: &made.raw_id,
        client_data_json: &made.response.client_data_json,
        attestation_object: &made.response.attestation_object,
    };
    let registered = verify_registration(&expected, &Algorithm::ALL, &response).unwrap();
    assert_eq!(registered.credential_id[..], made.raw_id[..]);
    assert_eq!(registered.aaguid, case.aaguid);
    assert_eq!(registered.attestation, Attestation::None);
    assert_eq!(registered.user_verified, case.verified);
    let required = expected.clone().require_user_verification();
    assert_eq!(verify_registration(&required, &Algorithm::ALL, &response).is_ok(), case.verified);

    let mut counter = registered.counter;
    for _ in 0..2 {
        let used = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
            .block_on(client.authenticate(&origin, request(case), DefaultClientData));
        let used = used.unwrap();
        let handle = used.response.user_handle.as_ref().map(|handle| &handle[..]);
        let expected = Expected::new(&case.challenges[1], "example.com", "https://app.example.com");
        let mut stored = Credential {
            id: &registered.credential_id,
            public_key: &registered.public_key,
            counter,
            backup_eligible: Some(registered.backup_eligible),
            user_handle: Some(&case.handle),
        };
        let response = AuthenticationResponse {
            credential_id: &used.raw_id,
            client_data_json: &used.response.client_data_json,
            authenticator_data: &used.response.authenticator_data,
            signature: &used.response.signature,
            user_handle: handle,
        };
        let verified = verify_authentication(&expected, &stored, &response).unwrap();
        assert_eq!(verified.counter > counter, case.counts);
        counter = verified.counter;

        // Shown again, it is refused if it counts; else that is up to who keeps the challenge.
        stored.counter = counter;
        let again = verify_authentication(&expected, &stored, &response);
        assert_eq!(again.is_err(), case.counts);
        if case.counts {
            assert!(matches!(again, Err(Error::CounterWentBack { .. })), "{again:?}");
        }
    }
}

fn creation(case: &Case) -> webauthn::CredentialCreationOptions {
    webauthn::CredentialCreationOptions {
        public_key: webauthn::PublicKeyCredentialCreationOptions {
            rp: webauthn::PublicKeyCredentialRpEntity {
                id: Some("example.com".into()),
                name: "Example".into(),
            },
            user: webauthn::PublicKeyCredentialUserEntity {
                id: case.handle.clone().into(),
                name: "ada@example.com".into(),
                display_name: "Ada".into(),
            },
            challenge: case.challenges[0].clone().into(),
            pub_key_cred_params: vec![webauthn::PublicKeyCredentialParameters {
                ty: webauthn::PublicKeyCredentialType::PublicKey,
                alg: case.algorithm,
            }],
            timeout: None,
            exclude_credentials: None,
            authenticator_selection: Some(webauthn::AuthenticatorSelectionCriteria {
                authenticator_attachment: None,
                resident_key: Some(webauthn::ResidentKeyRequirement::Required),
                require_resident_key: true,
                user_verification: verification(case),
            }),
            hints: None,
            attestation: webauthn::AttestationConveyancePreference::None,
            attestation_formats: None,
            extensions: None,
        },
    }
}

fn request(case: &Case) -> webauthn::CredentialRequestOptions {
    webauthn::CredentialRequestOptions {
        public_key: webauthn::PublicKeyCredentialRequestOptions {
            challenge: case.challenges[1].clone().into(),
            timeout: None,
            rp_id: Some("example.com".into()),
            allow_credentials: None,
            user_verification: verification(case),
            hints: None,
            attestation: webauthn::AttestationConveyancePreference::None,
            attestation_formats: None,
            extensions: None,
        },
    }
}

fn verification(case: &Case) -> webauthn::UserVerificationRequirement {
    match case.verified {
        true => webauthn::UserVerificationRequirement::Required,
        false => webauthn::UserVerificationRequirement::Discouraged,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_a_software_authenticator_makes_and_uses_is_verified(case in cases()) {
        run(&case);
    }

    /// Nothing panics, and nothing made up is taken.
    #[test]
    fn made_up_bytes_are_refused(
        client_data in prop::collection::vec(any::<u8>(), 0..64),
        object in prop::collection::vec(any::<u8>(), 0..256),
    ) {
        let expected = Expected::new(&[1; 32], "example.com", "https://example.com");
        let response = RegistrationResponse {
            credential_id: b"id",
            client_data_json: &client_data,
            attestation_object: &object,
        };
        prop_assert!(verify_registration(&expected, &Algorithm::ALL, &response).is_err());
    }
}
