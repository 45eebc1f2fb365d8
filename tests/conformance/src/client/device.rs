//! A device's key, as a browser has one.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// A key by which a browser proves that it is on its device.
pub struct Device(EcdsaKeyPair);

impl Device {
    /// A device with a new key.
    pub fn new() -> Self {
        Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("randomness"))
    }

    /// The header of a proof that brings the key along.
    pub fn first_header(&self) -> Value {
        let point = self.0.public_key().as_ref();
        let (x, y) = point[1..].split_at(32);
        let [x, y] = [x, y].map(|it| URL_SAFE_NO_PAD.encode(it));
        let jwk = json!({ "crv": "P-256", "kty": "EC", "x": x, "y": y });
        json!({ "alg": "ES256", "jwk": jwk, "typ": "dbsc+jwt" })
    }

    /// The proof by which the key is registered.
    pub fn first_proof(&self, challenge: &str) -> String {
        self.signed(&self.first_header(), &json!({ "jti": challenge }))
    }

    /// Any later one.
    pub fn proof(&self, challenge: &str) -> String {
        let header = json!({ "alg": "ES256", "typ": "dbsc+jwt" });
        self.signed(&header, &json!({ "jti": challenge }))
    }

    /// A token with this header and payload, signed by this key whatever they say.
    pub fn signed(&self, header: &Value, payload: &Value) -> String {
        let [header, payload] = [header, payload].map(|it| URL_SAFE_NO_PAD.encode(it.to_string()));
        let input = format!("{header}.{payload}");
        let signature = self.0.sign(&SystemRandom::new(), input.as_bytes()).expect("signed");
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

impl Default for Device {
    fn default() -> Self {
        Self::new()
    }
}
