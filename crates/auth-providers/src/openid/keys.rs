//! The keys that a provider publishes (RFC 7517).

use auth_protocol::JsonObject;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;

/// RFC 7518 section 3.3 demands 2048 bits.
const MIN_RSA_MODULUS_BYTES: usize = 2048 / 8;

/// More aren't read: nobody needs them.
const MAX_KEYS: usize = 100;

const RSA: &[Algorithm] = &[
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
];

/// Public keys. Those of other kinds and for other uses aren't in it.
pub(crate) struct KeySet(Vec<Key>);

/// A key, and the algorithms that it is for (RFC 8725 section 3.1).
pub(crate) struct Key {
    kid: Option<String>,
    algorithms: Vec<Algorithm>,
    decoding: DecodingKey,
    /// Microsoft says for each key whose tokens it signs.
    pub(crate) issuer: Option<String>,
}

impl KeySet {
    pub(crate) fn parse(document: &JsonObject) -> Option<Self> {
        let keys = document.get("keys")?.as_array()?.iter().take(MAX_KEYS);
        Some(Self(keys.filter_map(|key| Key::parse(key.as_object()?)).collect()))
    }

    /// The key that a token names; where it names none, the only one that is for its algorithm
    /// (OpenID Connect Core section 10.1). Which of several it is nobody tries out.
    pub(crate) fn find(&self, kid: Option<&str>, algorithm: Algorithm) -> Option<&Key> {
        if kid.is_some() {
            return self.0.iter().find(|key| key.kid.as_deref() == kid);
        }
        let mut fitting = self.0.iter().filter(|key| key.is_for(algorithm));
        fitting.next().filter(|_| fitting.next().is_none())
    }
}

impl Key {
    /// A secret that both sides know, for HS256 alone.
    pub(crate) fn shared(secret: &str) -> Self {
        Self {
            kid: None,
            algorithms: vec![Algorithm::HS256],
            decoding: DecodingKey::from_secret(secret.as_bytes()),
            issuer: None,
        }
    }

    fn parse(jwk: &JsonObject) -> Option<Self> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        if text("use").is_some_and(|it| it != "sig") {
            return None;
        }
        if let Some(operations) = jwk.get("key_ops").and_then(Value::as_array)
            && !operations.iter().any(|operation| operation == "verify")
        {
            return None;
        }
        let (decoding, mut algorithms) = match (text("kty")?, text("crv")) {
            ("RSA", _) => {
                let modulus = BASE64_URL_SAFE_NO_PAD.decode(text("n")?).ok()?;
                let leading_zeros = modulus.iter().take_while(|byte| **byte == 0).count();
                if modulus.len() - leading_zeros < MIN_RSA_MODULUS_BYTES {
                    return None;
                }
                (DecodingKey::from_rsa_components(text("n")?, text("e")?).ok()?, RSA.to_vec())
            }
            ("EC", Some("P-256")) => (
                DecodingKey::from_ec_components(text("x")?, text("y")?).ok()?,
                vec![Algorithm::ES256],
            ),
            ("EC", Some("P-384")) => (
                DecodingKey::from_ec_components(text("x")?, text("y")?).ok()?,
                vec![Algorithm::ES384],
            ),
            ("OKP", Some("Ed25519")) => {
                (DecodingKey::from_ed_components(text("x")?).ok()?, vec![Algorithm::EdDSA])
            }
            // Among them `oct`: a secret that is published is none.
            _ => return None,
        };
        if let Some(alg) = text("alg") {
            let alg: Algorithm = alg.parse().ok()?;
            algorithms.retain(|it| *it == alg);
        }
        let kid = text("kid").map(ToOwned::to_owned);
        Some(Self { kid, algorithms, decoding, issuer: text("issuer").map(ToOwned::to_owned) })
    }

    pub(crate) fn is_for(&self, algorithm: Algorithm) -> bool {
        self.algorithms.contains(&algorithm)
    }

    pub(crate) fn verifies(&self, message: &str, signature: &str, algorithm: Algorithm) -> bool {
        self.is_for(algorithm)
            && jsonwebtoken::crypto::verify(
                signature,
                message.as_bytes(),
                &self.decoding,
                algorithm,
            )
            .unwrap_or(false)
    }
}
