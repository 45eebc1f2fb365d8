//! The use of a passkey, against the check of its signature alone.

use std::{hint::black_box, time::Instant};

use auth_webauthn::{AuthenticationResponse, Credential, Expected, verify_authentication};
use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, ED25519, EcdsaKeyPair,
        Ed25519KeyPair, KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
        UnparsedPublicKey, VerificationAlgorithm,
    },
};

use super::median;
use crate::{Outcome, report::Row};

/// Of each turn; some ten milliseconds.
const CHECKS: u32 = 300;
/// So many that the median of their ratios is the same on a busy machine.
const TURNS: usize = 51;

const CLIENT_DATA: &str = r#"{"type":"webauthn.get","challenge":"CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk","origin":"https://example.com","crossOrigin":false,"other_keys_can_be_added_here":"do not compare clientDataJSON against a template. See https://goo.gl/yabPex"}"#;

/// A response, signed.
struct Signed {
    algorithm: &'static dyn VerificationAlgorithm,
    key: Vec<u8>,
    cose: Vec<u8>,
    data: Vec<u8>,
    message: Vec<u8>,
    signature: Vec<u8>,
}

pub(crate) fn passkeys(is_wanted: impl Fn(&str) -> bool) -> Outcome<Vec<Row>> {
    type Sign = fn(&[u8]) -> Outcome<Signed>;
    let algorithms: [(&str, Sign); 3] = [("ES256", es256), ("EdDSA", ed_dsa), ("RS256", rs256)];
    let mut rows = Vec::new();
    for (algorithm, sign) in algorithms {
        let name = format!("use of a passkey, {algorithm}");
        if is_wanted(&name) {
            rows.push(row(name, sign)?);
        }
    }
    Ok(rows)
}

fn row(name: String, sign: fn(&[u8]) -> Outcome<Signed>) -> Outcome<Row> {
    let mut data = digest(&SHA256, b"example.com").as_ref().to_vec();
    data.extend([5, 0, 0, 0, 1]);
    let signed = Signed { data: data.clone(), ..sign(&data)? };
    let (mut bare, mut whole) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        bare.push(time(|| {
            let key = UnparsedPublicKey::new(signed.algorithm, black_box(&signed.key));
            Ok(key.verify(&signed.message, &signed.signature).map_err(|_| "a bad signature")?)
        })?);
        whole.push(time(|| verify(black_box(&signed)))?);
    }
    let note = format!(
        "{:.1} µs against {:.1} µs, both with the key's parsing",
        median(whole.iter().copied()) * 1e6,
        median(bare.iter().copied()) * 1e6,
    );
    Ok(Row {
        name,
        unit: "bare signature checks",
        measured: median(whole.iter().zip(&bare).map(|(whole, bare)| whole / bare)),
        budget: Some(1.2),
        at_least: false,
        note,
    })
}

fn time(check: impl Fn() -> Outcome<()>) -> Outcome<f64> {
    let start = Instant::now();
    for _ in 0..CHECKS {
        check()?;
    }
    Ok(start.elapsed().as_secs_f64() / f64::from(CHECKS))
}

fn verify(signed: &Signed) -> Outcome<()> {
    let expected = Expected::new(&[9; 32], "example.com", "https://example.com");
    verify_authentication(
        &expected,
        &Credential {
            id: b"an id of sixteen",
            public_key: &signed.cose,
            counter: 0,
            backup_eligible: Some(false),
            user_handle: Some(b"ada"),
        },
        &AuthenticationResponse {
            credential_id: b"an id of sixteen",
            client_data_json: CLIENT_DATA.as_bytes(),
            authenticator_data: &signed.data,
            signature: &signed.signature,
            user_handle: Some(b"ada"),
        },
    )?;
    Ok(())
}

fn message(data: &[u8]) -> Vec<u8> {
    [data, digest(&SHA256, CLIENT_DATA.as_bytes()).as_ref()].concat()
}

fn es256(data: &[u8]) -> Outcome<Signed> {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING)?;
    let key = pair.public_key().as_ref().to_vec();
    let mut cose = b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20".to_vec();
    cose.extend(key.iter().skip(1).take(32));
    cose.extend(b"\x22\x58\x20");
    cose.extend(key.iter().skip(33));
    let message = message(data);
    let signature = pair.sign(&SystemRandom::new(), &message)?.as_ref().to_vec();
    Ok(Signed {
        algorithm: &ECDSA_P256_SHA256_ASN1,
        key,
        cose,
        data: Vec::new(),
        message,
        signature,
    })
}

fn ed_dsa(data: &[u8]) -> Outcome<Signed> {
    let pair = Ed25519KeyPair::generate()?;
    let key = pair.public_key().as_ref().to_vec();
    let cose = [&b"\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20"[..], &key].concat();
    let message = message(data);
    let signature = pair.sign(&message).as_ref().to_vec();
    Ok(Signed { algorithm: &ED25519, key, cose, data: Vec::new(), message, signature })
}

fn rs256(data: &[u8]) -> Outcome<Signed> {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048)?;
    let public = pair.public_key();
    let key = public.as_ref().to_vec();
    let mut cose = b"\xa4\x01\x03\x03\x39\x01\x00\x20\x59\x01\x00".to_vec();
    cose.extend(public.modulus().big_endian_without_leading_zero());
    cose.extend(b"\x21\x43\x01\x00\x01");
    let message = message(data);
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &message, &mut signature)?;
    Ok(Signed {
        algorithm: &RSA_PKCS1_2048_8192_SHA256,
        key,
        cose,
        data: Vec::new(),
        message,
        signature,
    })
}
