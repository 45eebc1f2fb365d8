//! Signed JSON Web Tokens and the keys to verify them.

mod create;
mod jwks;
mod list_keys;
mod retire_key;
mod revoke_key;

pub use create::{CreateJwt, CreateJwtResponse};
pub use jwks::{GetJwks, GetJwksResponse, Jwk, JwkKey};
pub use list_keys::{ListSigningKeys, ListSigningKeysResponse, SigningKeyInfo, SigningKeyState};
pub use retire_key::{RetireSigningKey, RetireSigningKeyResponse};
pub use revoke_key::{RevokeSigningKey, RevokeSigningKeyResponse};
