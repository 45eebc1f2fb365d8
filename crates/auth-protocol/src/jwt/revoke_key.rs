//! `POST /recipe/jwt/keys/revoke` (extension)

use serde::{Deserialize, Serialize};

use crate::operation::operation;

/// Withdraws a key: what it has signed is refused from now on, and a new key takes its place. There
/// is no way back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokeSigningKey {
    /// The key's id.
    pub kid: String,
}

/// The answer to [`RevokeSigningKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RevokeSigningKeyResponse {
    /// It neither signs nor verifies any more; it may have been so before.
    Ok,
    /// There is no such key.
    UnknownKeyError,
}

operation!(
    RevokeSigningKey => RevokeSigningKeyResponse,
    "revoke_signing_key", Post "/recipe/jwt/keys/revoke", App
);
