//! JSON Web Tokens (RFC 7515, RFC 7519) with keys that are parsed once and kept.
//!
//! A general JWT library parses its key at every use, which costs more than the RSA verification
//! itself. Here a [`SigningKey`] and a [`VerifyingKey`] hold the parsed key, and a key is good for
//! exactly one algorithm (RFC 8725 section 3.1), so that a token can't choose another.
//!
//! ```
//! use auth_jwt::{Algorithm, Header, KeySet, SigningKey, UnverifiedJwt};
//! use serde_json::json;
//!
//! # fn main() -> Result<(), auth_jwt::JwtError> {
//! let key = SigningKey::generate(Algorithm::EdDsa)?;
//! let header = Header::new(Algorithm::EdDsa, "d-1").with_version("5");
//! let token = key.sign(&header, &json!({ "sub": "ada" }))?;
//!
//! let keys = KeySet::new(&[key.public_jwk("d-1")])?;
//! let claims = UnverifiedJwt::parse(&token)?.verify(&keys)?;
//! assert_eq!(claims["sub"], "ada");
//! # Ok(())
//! # }
//! ```

mod algorithm;
pub mod audit;
mod compact;
mod error;
mod expected;
mod header;
mod key_proof;
mod key_set;
mod signing;
#[cfg(test)]
mod vectors;
mod verifying;

pub use algorithm::Algorithm;
pub use compact::{MAX_TOKEN_BYTES, UnverifiedJwt, verify_signature};
pub use error::JwtError;
pub use expected::{Expected, names_audience};
pub use header::Header;
pub use key_proof::KeyProof;
pub use key_set::KeySet;
pub use signing::SigningKey;
pub use verifying::VerifyingKey;
