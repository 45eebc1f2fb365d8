//! Signed JSON Web Tokens and the keys to verify them.

mod create;
mod jwks;

pub use create::{CreateJwt, CreateJwtResponse};
pub use jwks::{GetJwks, GetJwksResponse, Jwk, JwkKey};
