//! Proofs of a key (W3C Device Bound Session Credentials, "DBSC Proof JWT Syntax").

use auth_protocol::{jwt::JwkKey, session::DeviceKey};
use serde::Deserialize;

use crate::{JwtError, VerifyingKey, compact::decode};

/// What a proof says that it is (RFC 8725 section 3.11).
const KIND: &str = "dbsc+jwt";

/// The longest proof that is looked at: enough for a key of RSA with 4096 bits and a challenge that is
/// a token itself.
const MAX_PROOF_BYTES: usize = 4096;

/// A proof by which a browser shows that it has a key, by its signature of a challenge. The signature
/// isn't checked yet.
#[derive(Clone, Debug)]
pub struct KeyProof<'t> {
    alg: String,
    key: Option<JwkKey>,
    challenge: String,
    signing_input: &'t str,
    signature: Vec<u8>,
}

#[derive(Deserialize)]
struct ProofHeader {
    alg: String,
    typ: String,
    #[serde(default)]
    jwk: Option<JwkKey>,
}

#[derive(Deserialize)]
struct ProofPayload {
    jti: String,
}

impl<'t> KeyProof<'t> {
    /// Reads a proof in compact form: its kind (`typ`) is `dbsc+jwt`, and it answers a challenge (`jti`).
    ///
    /// # Errors
    /// [`JwtError::Malformed`] where it has another form or is too long, [`JwtError::HeaderMismatch`],
    /// [`JwtError::UnsupportedAlgorithm`] for any but those of [`DeviceKey::ALGORITHMS`], and
    /// [`JwtError::PayloadMismatch`] where there is no challenge.
    pub fn parse(token: &'t str) -> Result<Self, JwtError> {
        if token.len() > MAX_PROOF_BYTES {
            return Err(JwtError::Malformed);
        }
        let (signing_input, signature) = token.rsplit_once('.').ok_or(JwtError::Malformed)?;
        let (header, payload) = signing_input.split_once('.').ok_or(JwtError::Malformed)?;
        if payload.contains('.') {
            return Err(JwtError::Malformed);
        }
        let header: ProofHeader =
            serde_json::from_slice(&decode(header)?).map_err(|_| JwtError::HeaderMismatch)?;
        if header.typ != KIND {
            return Err(JwtError::HeaderMismatch);
        }
        if !DeviceKey::ALGORITHMS.contains(&header.alg.as_str()) {
            return Err(JwtError::UnsupportedAlgorithm);
        }
        let payload: ProofPayload =
            serde_json::from_slice(&decode(payload)?).map_err(|_| JwtError::PayloadMismatch)?;
        Ok(Self {
            alg: header.alg,
            key: header.jwk,
            challenge: payload.jti,
            signing_input,
            signature: decode(signature)?,
        })
    }

    /// The challenge that it answers.
    pub fn challenge(&self) -> &str {
        &self.challenge
    }

    /// Checks the signature with the key that the proof itself brings along, as the first one of a key
    /// does, and gives that key.
    ///
    /// # Errors
    /// [`JwtError::UnknownKey`] where it brings none; otherwise as [`Self::verify`].
    pub fn verify_with_own_key(&self) -> Result<DeviceKey, JwtError> {
        let key = self.key.clone().ok_or(JwtError::UnknownKey)?;
        let key = DeviceKey { key, alg: self.alg.clone() };
        self.verify(&key)?;
        Ok(key)
    }

    /// Checks the signature with a key that was shown before. What the proof brings along is of no
    /// account.
    ///
    /// # Errors
    /// [`JwtError::InvalidKey`], [`JwtError::AlgorithmMismatch`], [`JwtError::BadSignature`].
    pub fn verify(&self, key: &DeviceKey) -> Result<(), JwtError> {
        if self.alg != key.alg {
            return Err(JwtError::AlgorithmMismatch);
        }
        let key = VerifyingKey::from_jwk(&key.to_jwk())?;
        key.verify(self.signing_input.as_bytes(), &self.signature)
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::{Algorithm, SigningKey};

    fn part(value: &Value) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
    }

    fn jwk(key: &SigningKey) -> Value {
        let mut jwk = serde_json::to_value(key.public_jwk("k")).unwrap();
        for own in ["kid", "alg", "use"] {
            jwk.as_object_mut().unwrap().shift_remove(own);
        }
        jwk
    }

    fn proof(key: &SigningKey, header: &Value, payload: &Value) -> String {
        let input = format!("{}.{}", part(header), part(payload));
        let signature = BASE64_URL_SAFE_NO_PAD.encode(key.sign_bytes(input.as_bytes()).unwrap());
        format!("{input}.{signature}")
    }

    fn refused(token: &str) -> JwtError {
        KeyProof::parse(token).and_then(|proof| proof.verify_with_own_key()).unwrap_err()
    }

    #[test]
    fn a_key_is_proved_by_its_own_signature_and_from_then_on_by_no_other() {
        for algorithm in [Algorithm::Es256, Algorithm::Rs256] {
            let key = SigningKey::generate(algorithm).unwrap();
            let header = json!({ "alg": algorithm.as_str(), "typ": KIND, "jwk": jwk(&key) });
            let first = proof(&key, &header, &json!({ "jti": "c1" }));
            let first = KeyProof::parse(&first).unwrap();
            assert_eq!(first.challenge(), "c1");
            let kept = first.verify_with_own_key().unwrap();

            let bare = json!({ "alg": algorithm.as_str(), "typ": KIND });
            let later = proof(&key, &bare, &json!({ "jti": "c2" }));
            assert!(KeyProof::parse(&later).unwrap().verify(&kept).is_ok());
            assert_eq!(refused(&later), JwtError::UnknownKey);

            let other = SigningKey::generate(algorithm).unwrap();
            let foreign = json!({ "alg": algorithm.as_str(), "typ": KIND, "jwk": jwk(&other) });
            let foreign = proof(&other, &foreign, &json!({ "jti": "c3" }));
            let foreign = KeyProof::parse(&foreign).unwrap();
            assert_eq!(foreign.verify(&kept), Err(JwtError::BadSignature));
        }
    }

    #[test]
    fn what_is_no_proof_is_refused() {
        let key = SigningKey::generate(Algorithm::Es256).unwrap();
        let good = json!({ "alg": "ES256", "typ": KIND, "jwk": jwk(&key) });
        let with = |name: &str, value: Value| {
            let mut header = good.clone();
            header[name] = value;
            proof(&key, &header, &json!({ "jti": "c" }))
        };
        for algorithm in ["none", "None", "HS256", "EdDSA", "es256", ""] {
            let error = refused(&with("alg", json!(algorithm)));
            assert_eq!(error, JwtError::UnsupportedAlgorithm, "{algorithm}");
        }
        assert_eq!(refused(&with("typ", json!("JWT"))), JwtError::HeaderMismatch);
        assert_eq!(refused(&with("alg", json!("RS256"))), JwtError::InvalidKey);
        assert_eq!(refused(&with("jwk", json!(null))), JwtError::UnknownKey);
        let symmetric = json!({ "kty": "oct", "k": "c2VjcmV0" });
        assert_eq!(refused(&with("jwk", symmetric)), JwtError::HeaderMismatch);
        for payload in [json!({}), json!({ "jti": 1 }), json!([]), json!("c")] {
            assert_eq!(refused(&proof(&key, &good, &payload)), JwtError::PayloadMismatch);
        }
        let whole = with("typ", json!(KIND));
        for text in ["", "a.b", "a.b.c.d", &format!("{whole}.e"), &"a".repeat(5000)] {
            assert_eq!(refused(text), JwtError::Malformed, "{text}");
        }
        let long = proof(&key, &good, &json!({ "jti": "c".repeat(MAX_PROOF_BYTES) }));
        assert_eq!(refused(&long), JwtError::Malformed);
        let (input, _) = whole.rsplit_once('.').unwrap();
        assert_eq!(refused(&format!("{input}.")), JwtError::BadSignature);
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in ".*", parts in prop::array::uniform3(".*")) {
            let _ = KeyProof::parse(&text);
            let [header, payload, signature] = parts.map(|it| BASE64_URL_SAFE_NO_PAD.encode(it));
            let _ = KeyProof::parse(&format!("{header}.{payload}.{signature}"));
        }
    }
}
