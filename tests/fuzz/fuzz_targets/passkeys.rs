//! Any bytes are read as the answer of a client or refused. No made-up use of a passkey verifies; a
//! made-up passkey may, as nothing need be signed where one is made, but only with the challenge.
#![no_main]

use auth_webauthn::{
    Algorithm, Attestation, AuthenticationResponse, Credential, Expected, PublicKey,
    RegistrationResponse, verify_authentication, verify_registration,
};
use libfuzzer_sys::fuzz_target;

const CREATED: &[u8] = br#"{"type":"webauthn.create","challenge":"CQkJCQkJCQkJCQkJCQkJCQ","origin":"https://example.com"}"#;
const USED: &[u8] = br#"{"type":"webauthn.get","challenge":"CQkJCQkJCQkJCQkJCQkJCQ","origin":"https://example.com"}"#;
/// The key of RFC 8032's first test.
const KEY: &[u8] = b"\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20\xd7\x5a\x98\x01\x82\xb1\x0a\xb7\xd5\x4b\
    \xfe\xd3\xc9\x64\x07\x3a\x0e\xe1\x72\xf3\xda\xa6\x23\x25\xaf\x02\x1a\x68\xf7\x07\x51\x1a";

fuzz_target!(|data: (&[u8], &[u8], bool)| {
    let (first, second, honest) = data;
    let expected = Expected::new(&[9; 16], "example.com", "https://example.com");

    // Either client data is made up, or what the authenticator says.
    let made = verify_registration(
        &expected,
        &Algorithm::ALL,
        &RegistrationResponse {
            credential_id: second,
            client_data_json: if honest { CREATED } else { first },
            attestation_object: first,
        },
    );
    if let Ok(made) = made {
        assert!(!matches!(made.attestation, Attestation::SelfSigned | Attestation::Certified { .. }));
        assert!(PublicKey::from_cose(&made.public_key).is_ok());
        assert!((1..=1023).contains(&made.credential_id.len()));
    }

    let used = verify_authentication(
        &expected,
        &Credential {
            id: b"id",
            public_key: KEY,
            counter: 0,
            backup_eligible: None,
            user_handle: None,
        },
        &AuthenticationResponse {
            credential_id: b"id",
            client_data_json: if honest { USED } else { second },
            authenticator_data: first,
            signature: second,
            user_handle: None,
        },
    );
    assert!(used.is_err());
    let _ = PublicKey::from_cose(first);
});
