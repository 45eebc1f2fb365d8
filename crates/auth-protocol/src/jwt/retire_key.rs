//! `POST /recipe/jwt/keys/retire` (extension)

use serde::{Deserialize, Serialize};

use crate::operation::operation;

/// Stops a key from signing. What it has signed is still accepted; a new key takes its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetireSigningKey {
    /// The key's id.
    pub kid: String,
}

/// The answer to [`RetireSigningKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RetireSigningKeyResponse {
    /// It signs nothing any more; it may have been so before.
    Ok,
    /// There is no such key.
    UnknownKeyError,
}

operation!(
    RetireSigningKey => RetireSigningKeyResponse,
    "retire_signing_key", Post "/recipe/jwt/keys/retire", App
);
