//! Tokens against another implementation, against published vectors, and against forgers.

#![allow(clippy::unwrap_used)]

use auth_jwt::{
    Algorithm, Header, JwtError, KeySet, MAX_TOKEN_BYTES, SigningKey, UnverifiedJwt, VerifyingKey,
    verify_signature,
};
use auth_protocol::jwt::{Jwk, JwkKey};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::{Value, json};

const ALGORITHMS: [Algorithm; 3] = [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa];

fn encode(value: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
}

fn signed(algorithm: Algorithm, claims: &Value) -> (String, KeySet, SigningKey) {
    let key = SigningKey::generate(algorithm).unwrap();
    let token = key.sign(&Header::new(algorithm, "d-1").with_version("5"), claims).unwrap();
    let keys = KeySet::new(&[key.public_jwk("d-1")]).unwrap();
    (token, keys, key)
}

/// Verifies a token that can be read in both ways, which must agree.
fn verify(token: &str, keys: &KeySet) -> Result<Value, JwtError> {
    let claims = UnverifiedJwt::parse(token)?.verify(keys);
    assert_eq!(verify_signature(token, keys), claims.as_ref().map(drop).map_err(|error| *error));
    claims.map(Value::Object)
}

#[test]
fn what_is_signed_verifies_and_carries_its_claims() {
    for algorithm in ALGORITHMS {
        let (token, keys, _) = signed(algorithm, &json!({ "sub": "ada", "n": 1 }));
        let jwt = UnverifiedJwt::parse(&token).unwrap();
        assert_eq!(jwt.header().kid(), "d-1");
        assert_eq!(jwt.header().version(), Some(5));
        assert_eq!(verify(&token, &keys).unwrap(), json!({ "sub": "ada", "n": 1 }));
        let claims = jwt.into_unverified_payload();
        assert_eq!(Value::Object(claims), json!({ "sub": "ada", "n": 1 }));
    }
}

#[test]
fn a_key_survives_pkcs8() {
    for algorithm in ALGORITHMS {
        let key = SigningKey::generate(algorithm).unwrap();
        let again = SigningKey::from_pkcs8(&key.to_pkcs8().unwrap(), algorithm).unwrap();
        assert_eq!(again.public_jwk("k"), key.public_jwk("k"));
    }
}

#[test]
fn another_implementation_accepts_our_tokens() {
    for algorithm in ALGORITHMS {
        let (token, _, key) = signed(algorithm, &json!({ "sub": "ada", "exp": 4_102_444_800_u64 }));
        let jwk: jsonwebtoken::jwk::Jwk =
            serde_json::from_value(serde_json::to_value(key.public_jwk("d-1")).unwrap()).unwrap();
        let decoding = jsonwebtoken::DecodingKey::from_jwk(&jwk).unwrap();
        let theirs = match algorithm {
            Algorithm::Rs256 => jsonwebtoken::Algorithm::RS256,
            Algorithm::Es256 => jsonwebtoken::Algorithm::ES256,
            Algorithm::EdDsa => jsonwebtoken::Algorithm::EdDSA,
        };
        let validation = jsonwebtoken::Validation::new(theirs);
        let decoded = jsonwebtoken::decode::<Value>(&token, &decoding, &validation).unwrap();
        assert_eq!(decoded.claims["sub"], "ada");
    }
}

#[test]
fn tokens_of_another_key_are_refused() {
    for algorithm in ALGORITHMS {
        let (token, _, _) = signed(algorithm, &json!({}));
        let (_, others, _) = signed(algorithm, &json!({}));
        let refused = verify(&token, &others);
        assert_eq!(refused, Err(JwtError::BadSignature));
    }
}

#[test]
fn an_unknown_kid_is_told_apart() {
    let (token, _, _) = signed(Algorithm::EdDsa, &json!({}));
    let refused = verify(&token, &KeySet::default());
    assert_eq!(refused, Err(JwtError::UnknownKey));
}

#[test]
fn the_key_pins_the_algorithm() {
    let (token, keys, key) = signed(Algorithm::Rs256, &json!({ "sub": "ada" }));
    let (_, payload_and_signature) = token.split_once('.').unwrap();
    let (payload, signature) = payload_and_signature.split_once('.').unwrap();
    for alg in ["none", "HS256", "PS256", "RS512", "rs256", ""] {
        let header = encode(&json!({ "alg": alg, "typ": "JWT", "version": "5", "kid": "d-1" }));
        for signature in [signature, ""] {
            let forged = format!("{header}.{payload}.{signature}");
            let refused = verify(&forged, &keys);
            assert_eq!(refused, Err(JwtError::UnsupportedAlgorithm), "{alg}");
        }
    }
    let header = encode(&json!({ "alg": "ES256", "typ": "JWT", "kid": "d-1" }));
    let forged = format!("{header}.{payload}.{signature}");
    let refused = verify(&forged, &keys);
    assert_eq!(refused, Err(JwtError::AlgorithmMismatch));
    let wrong = key.sign(&Header::new(Algorithm::Es256, "d-1"), &json!({}));
    assert_eq!(wrong, Err(JwtError::AlgorithmMismatch));
}

#[test]
fn headers_that_are_not_ours_are_refused() {
    let good = json!({ "alg": "RS256", "typ": "JWT", "version": "3", "kid": "d-1" });
    assert!(UnverifiedJwt::parse(&format!("{}.e30.", encode(&good))).is_ok());
    for (field, value) in [
        ("typ", json!("at+jwt")),
        ("typ", json!(null)),
        ("version", json!("2")),
        ("version", json!("1")),
        ("version", json!(5)),
        ("version", json!("5.0")),
        ("version", json!("+5")),
        ("kid", json!("")),
        ("kid", json!(null)),
        ("alg", json!(1)),
    ] {
        let mut header = good.clone();
        header[field] = value;
        let token = format!("{}.e30.", encode(&header));
        let refused = UnverifiedJwt::parse(&token).unwrap_err();
        assert_eq!(refused, JwtError::HeaderMismatch, "{header}");
    }
}

#[test]
fn a_header_without_a_version_is_the_oldest_with_a_kid() {
    let header = encode(&json!({ "alg": "RS256", "typ": "JWT", "kid": "s-1" }));
    let token = format!("{header}.e30.");
    assert_eq!(UnverifiedJwt::parse(&token).unwrap().header().version(), None);
}

#[test]
fn what_is_not_three_parts_of_base64url_is_malformed() {
    let header = encode(&json!({ "alg": "RS256", "typ": "JWT", "kid": "s-1" }));
    for token in [
        String::new(),
        ".".into(),
        header.clone(),
        format!("{header}.e30"),
        format!("{header}.e30.AA.AA"),
        format!("{header}.e30=.AA"),
        format!("{header}.e30.A+"),
        format!("{header}.e30.\u{e9}"),
        format!("{header}.e30.{}", "A".repeat(MAX_TOKEN_BYTES)),
    ] {
        assert_eq!(UnverifiedJwt::parse(&token).unwrap_err(), JwtError::Malformed, "{token}");
    }
    let array = UnverifiedJwt::parse(&format!("{header}.W10.AA")).unwrap_err();
    assert_eq!(array, JwtError::PayloadNotAnObject);
}

/// RFC 8037 appendix A: the key of A.1, and the thumbprinted public key of A.2.
#[test]
fn rfc_8037_key_is_read() {
    let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    let jwk = Jwk {
        key: JwkKey::Okp { crv: "Ed25519".into(), x: x.into() },
        kid: "k".into(),
        alg: "EdDSA".into(),
        public_key_use: "sig".into(),
    };
    assert_eq!(VerifyingKey::from_jwk(&jwk).unwrap().algorithm(), Algorithm::EdDsa);
}

#[test]
fn keys_that_do_not_fit_their_algorithm_are_refused() {
    let rsa = SigningKey::generate(Algorithm::Rs256).unwrap().public_jwk("k");
    for alg in ["ES256", "EdDSA"] {
        let jwk = Jwk { alg: alg.into(), ..rsa.clone() };
        assert_eq!(VerifyingKey::from_jwk(&jwk).unwrap_err(), JwtError::InvalidKey);
    }
    let small = Jwk { key: JwkKey::Rsa { n: "AQAB".into(), e: "AQAB".into() }, ..rsa.clone() };
    assert_eq!(VerifyingKey::from_jwk(&small).unwrap_err(), JwtError::InvalidKey);
    let off_curve = Jwk {
        key: JwkKey::Ec {
            crv: "P-256".into(),
            x: BASE64_URL_SAFE_NO_PAD.encode([1; 32]),
            y: BASE64_URL_SAFE_NO_PAD.encode([1; 32]),
        },
        alg: "ES256".into(),
        ..rsa
    };
    assert_eq!(VerifyingKey::from_jwk(&off_curve).unwrap_err(), JwtError::InvalidKey);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(token in "\\PC{0,200}|[A-Za-z0-9_-]{0,60}(\\.[A-Za-z0-9_-]{0,60}){0,4}") {
        let _ = UnverifiedJwt::parse(&token);
        prop_assert!(verify_signature(&token, &KeySet::default()).is_err());
    }

    #[test]
    fn any_changed_character_is_refused(at in any::<prop::sample::Index>(), to in "[A-Za-z0-9_-]") {
        let key = SigningKey::generate(Algorithm::EdDsa).unwrap();
        let token = key.sign(&Header::new(Algorithm::EdDsa, "d-1"), &json!({ "sub": "ada" })).unwrap();
        let keys = KeySet::new(&[key.public_jwk("d-1")]).unwrap();
        let at = at.index(token.len());
        let changed = format!("{}{to}{}", &token[..at], &token[at + 1..]);
        prop_assume!(changed != token);
        prop_assert!(verify(&changed, &keys).is_err());
        prop_assert!(verify_signature(&changed, &keys).is_err());
    }
}
