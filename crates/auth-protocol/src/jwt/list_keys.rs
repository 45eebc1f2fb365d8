//! `GET /recipe/jwt/keys` (extension)

use serde::{Deserialize, Serialize};

use crate::operation::operation;

/// Lists the keys that sign or verify tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListSigningKeys {}

/// A key that signs or verifies tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SigningKeyInfo {
    /// Its id, by which tokens name it: `d-…` for one that rotates, `s-…` for one that doesn't.
    pub kid: String,
    /// Its algorithm.
    pub algorithm: String,
    /// When it was made, in milliseconds since the epoch.
    pub created_at: i64,
    /// What it is good for.
    pub state: SigningKeyState,
}

/// What a key is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SigningKeyState {
    /// It may sign, as its turn comes, and verifies.
    Active,
    /// It signs nothing any more, and still verifies.
    Retired,
    /// It neither signs nor verifies.
    Revoked,
}

/// The answer to [`ListSigningKeys`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ListSigningKeysResponse {
    /// The keys: those that rotate, newest first, then those that don't.
    Ok {
        /// The keys.
        keys: Vec<SigningKeyInfo>,
    },
}

operation!(
    ListSigningKeys => ListSigningKeysResponse,
    "list_signing_keys", Get "/recipe/jwt/keys", App
);
