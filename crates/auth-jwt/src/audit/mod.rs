//! What anybody can check of an audit log who has the public keys.

mod hash;

pub use hash::{FIRST_PREVIOUS_HASH, entry_hash, payload_digest};
