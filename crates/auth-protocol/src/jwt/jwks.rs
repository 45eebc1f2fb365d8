//! `GET /.well-known/jwks.json`

use serde::{Deserialize, Serialize};

use crate::operation::operation;

/// Lists the public keys with which tokens of this app can be verified.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct GetJwks {}

/// A public key (RFC 7517 section 4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// The key itself, told apart by `kty`.
    #[serde(flatten)]
    pub key: JwkKey,
    /// The id that tokens name in their header; `d-` for keys that rotate, `s-` for static ones.
    pub kid: String,
    /// The one algorithm that the key may be used with.
    pub alg: String,
    /// What the key is for; always `sig`.
    #[serde(rename = "use")]
    pub public_key_use: String,
}

/// The key's parameters (RFC 7518 section 6, RFC 8037), base64url without padding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kty")]
pub enum JwkKey {
    /// An RSA key.
    #[serde(rename = "RSA")]
    Rsa {
        /// The modulus.
        n: String,
        /// The exponent.
        e: String,
    },
    /// A key on an elliptic curve.
    #[serde(rename = "EC")]
    Ec {
        /// The curve, `P-256`.
        crv: String,
        /// The x coordinate.
        x: String,
        /// The y coordinate.
        y: String,
    },
    /// An Edwards-curve key.
    #[serde(rename = "OKP")]
    Okp {
        /// The curve, `Ed25519`.
        crv: String,
        /// The public key.
        x: String,
    },
}

/// The answer to [`GetJwks`]: a JWK set (RFC 7517 section 5), without a `status`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetJwksResponse {
    /// The keys: those that rotate first, newest first, then the static ones.
    pub keys: Vec<Jwk>,
    /// How long the set may be cached, in seconds; travels as `Cache-Control: max-age`.
    #[serde(skip)]
    pub max_age_secs: u64,
}

operation!(GetJwks => GetJwksResponse, "get_jwks", Get "/.well-known/jwks.json", App);
