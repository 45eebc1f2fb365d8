//! Access tokens: reading, verifying, and remembering those that were verified.

mod access_token;
mod keys;
mod payload;

pub use access_token::AccessToken;
pub(crate) use keys::KeyStore;
pub(crate) use payload::{difference, merge, remove_protected, retain_protected};
