//! The key of a device that a session is bound to.

use serde::{Deserialize, Serialize};

use crate::jwt::{Jwk, JwkKey};

/// A device's public key, with the one algorithm that it is for: `ES256` or `RS256`. Members of a JWK
/// that the key doesn't need are dropped when it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceKey {
    /// The key itself, told apart by `kty`.
    #[serde(flatten)]
    pub key: JwkKey,
    /// The algorithm.
    pub alg: String,
}

impl DeviceKey {
    /// The algorithms of the draft by which a key is proved; its `none` proves nothing.
    pub const ALGORITHMS: [&str; 2] = ["ES256", "RS256"];

    /// The key as a JWK without an id.
    pub fn to_jwk(&self) -> Jwk {
        Jwk {
            key: self.key.clone(),
            kid: String::new(),
            alg: self.alg.clone(),
            public_key_use: "sig".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_key_does_not_need_is_dropped() {
        let given = json!({ "kty": "EC", "crv": "P-256", "x": "eA", "y": "eQ", "alg": "ES256",
            "d": "secret", "kid": "k" });
        let key: DeviceKey = serde_json::from_value(given).unwrap();
        let kept = json!({ "kty": "EC", "crv": "P-256", "x": "eA", "y": "eQ", "alg": "ES256" });
        assert_eq!(serde_json::to_value(&key).unwrap(), kept);
        assert_eq!((key.to_jwk().kid.as_str(), key.to_jwk().alg.as_str()), ("", "ES256"));
    }
}
