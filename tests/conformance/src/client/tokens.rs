//! What front ends read in tokens.

use aws_lc_rs::hmac;
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::Value;

/// Decodes a `front-token` header: standard base64 with padding.
pub fn front_token(header: &str) -> Value {
    let json = STANDARD.decode(header).expect("standard base64 with padding");
    serde_json::from_slice(&json).expect("JSON")
}

/// An access token's header, unverified.
pub fn jwt_header(token: &str) -> Value {
    part(token, 0)
}

/// An access token's payload, unverified.
pub fn jwt_payload(token: &str) -> Value {
    part(token, 1)
}

fn part(token: &str, index: usize) -> Value {
    let parts: Vec<&str> = token.split('.').collect();
    assert_eq!(parts.len(), 3, "a JWT has three parts: {token}");
    let json = URL_SAFE_NO_PAD.decode(parts[index]).expect("base64url without padding");
    serde_json::from_slice(&json).expect("JSON")
}

/// The signature of a text by HMAC with SHA-256, as a JWT carries it.
pub fn hs256(secret: &[u8], text: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    URL_SAFE_NO_PAD.encode(hmac::sign(&key, text.as_bytes()))
}

/// A public key as its `SubjectPublicKeyInfo` in DER (RFC 8017 appendix A.1, RFC 8410 section 4).
pub fn public_key_der(jwk: &Value) -> Vec<u8> {
    let member = |name: &str| {
        let text = jwk[name].as_str().unwrap_or_else(|| panic!("no {name} in {jwk}"));
        URL_SAFE_NO_PAD.decode(text).expect("base64url")
    };
    let (algorithm, key): (&[u8], Vec<u8>) = match jwk["kty"].as_str() {
        Some("OKP") => (b"\x06\x03\x2b\x65\x70", member("x")),
        Some("RSA") => {
            let integers = [der_integer(member("n")), der_integer(member("e"))].concat();
            (b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00", der(0x30, &integers))
        }
        other => panic!("no key of kind {other:?} is known here"),
    };
    let bits = der(0x03, &[&[0], &*key].concat());
    der(0x30, &[der(0x30, algorithm), bits].concat())
}

fn der_integer(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.first().is_some_and(|byte| *byte >= 0x80) {
        bytes.insert(0, 0);
    }
    der(0x02, &bytes)
}

fn der(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len();
    let [.., high, low] = length.to_be_bytes();
    let mut bytes = match length {
        0..128 => vec![tag, low],
        128..256 => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    bytes.extend_from_slice(contents);
    bytes
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::{
        encoding::AsDer,
        signature::{Ed25519KeyPair, KeyPair, RsaKeyPair},
    };
    use serde_json::json;

    use super::*;

    #[test]
    fn public_keys_are_written_as_another_implementation_writes_them() {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let pair = Ed25519KeyPair::generate().expect("a key");
        let key = pair.public_key();
        let jwk = json!({ "kty": "OKP", "x": text(key.as_ref()) });
        assert_eq!(public_key_der(&jwk), key.as_der().expect("DER").as_ref());

        let pair = RsaKeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).expect("a key");
        let key = pair.public_key();
        let (n, e) = (key.modulus(), key.exponent());
        let n = text(n.big_endian_without_leading_zero());
        let e = text(e.big_endian_without_leading_zero());
        let jwk = json!({ "kty": "RSA", "n": n, "e": e });
        assert_eq!(public_key_der(&jwk), key.as_der().expect("DER").as_ref());
    }
}
