//! The keys of a JWK set.

use std::collections::HashMap;

use auth_protocol::jwt::Jwk;

use crate::{JwtError, VerifyingKey};

/// Parsed public keys by their `kid`.
#[derive(Debug, Default)]
pub struct KeySet(HashMap<String, VerifyingKey>);

impl KeySet {
    /// Parses the keys of a JWK set (RFC 7517 section 5).
    ///
    /// # Errors
    /// [`JwtError::InvalidKey`] where one of them can't be read.
    pub fn new(keys: &[Jwk]) -> Result<Self, JwtError> {
        keys.iter()
            .map(|jwk| Ok((jwk.kid.clone(), VerifyingKey::from_jwk(jwk)?)))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The key with this id.
    pub fn get(&self, kid: &str) -> Option<&VerifyingKey> {
        self.0.get(kid)
    }

    /// Whether both sets have the same key ids.
    pub fn has_same_ids_as(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.0.keys().all(|kid| other.0.contains_key(kid))
    }
}
