//! Public keys.

use std::fmt;

use auth_protocol::jwt::{Jwk, JwkKey};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RsaPublicKeyComponents,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::{Algorithm, JwtError};

/// RFC 7518 section 3.3 demands 2048 bits; the library checks it only at the first verification.
const MIN_RSA_MODULUS_BYTES: usize = 2048 / 8;

/// A public key, parsed, for one algorithm.
pub struct VerifyingKey {
    algorithm: Algorithm,
    key: ParsedPublicKey,
}

impl VerifyingKey {
    /// Parses a JWK. Its `alg` must fit its key type; RSA keys have 2048 to 8192 bits.
    ///
    /// # Errors
    /// [`JwtError::InvalidKey`], [`JwtError::UnsupportedAlgorithm`].
    pub fn from_jwk(jwk: &Jwk) -> Result<Self, JwtError> {
        let algorithm = jwk.alg.parse()?;
        let key = match (&jwk.key, algorithm) {
            (JwkKey::Rsa { n, e }, Algorithm::Rs256) => {
                let n = decode(n)?;
                if n.len() < MIN_RSA_MODULUS_BYTES {
                    return Err(JwtError::InvalidKey);
                }
                RsaPublicKeyComponents { n, e: decode(e)? }
                    .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
            }
            (JwkKey::Ec { crv, x, y }, Algorithm::Es256) if crv == "P-256" => {
                // An uncompressed point (SEC 1 section 2.3.3).
                let point = [&[4][..], &decode(x)?, &decode(y)?].concat();
                ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
            }
            (JwkKey::Okp { crv, x }, Algorithm::EdDsa) if crv == "Ed25519" => {
                ParsedPublicKey::new(&ED25519, decode(x)?)
            }
            _ => return Err(JwtError::InvalidKey),
        }
        .map_err(|_| JwtError::InvalidKey)?;
        Ok(Self { algorithm, key })
    }

    /// The one algorithm that the key is for.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), JwtError> {
        self.key.verify_sig(message, signature).map_err(|_| JwtError::BadSignature)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

fn decode(part: &str) -> Result<Vec<u8>, JwtError> {
    BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| JwtError::InvalidKey)
}
