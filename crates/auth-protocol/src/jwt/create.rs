//! `POST /recipe/jwt`

use serde::{Deserialize, Serialize};

use crate::{JsonObject, Secret, operation::operation};

/// Signs a JWT (RFC 7519) with one of the core's keys.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateJwt {
    /// The `alg` value, such as `RS256`; matched without regard to case.
    pub algorithm: String,
    /// Becomes `iss` unless the payload has one.
    pub jwks_domain: String,
    /// The claims.
    pub payload: JsonObject,
    /// How long the token is valid, in seconds; above zero.
    #[serde(rename = "validity")]
    pub validity_secs: u64,
    /// Whether to sign with the static key, which never rotates.
    #[serde(default = "yes")]
    pub use_static_signing_key: bool,
}

fn yes() -> bool {
    true
}

/// The answer to [`CreateJwt`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CreateJwtResponse {
    /// The token.
    Ok {
        /// The token in compact form.
        jwt: Secret,
    },
    /// The core doesn't sign with that algorithm.
    UnsupportedAlgorithmError,
}

operation!(CreateJwt => CreateJwtResponse, "create_jwt", Post "/recipe/jwt", AppPublicTenantOnly);
