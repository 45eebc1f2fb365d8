//! What anybody can check of an audit log who has the public keys.
//!
//! An exported log is a file of [lines](Line), each a JSON object. A [`Verifier`] reads them and
//! names what was altered, dropped, reordered, cut or written anew, entry by entry:
//!
//! ```
//! use auth_jwt::{KeySet, audit::Verifier};
//!
//! let mut verifier = Verifier::new(KeySet::default());
//! verifier.read_line("{ no line }");
//! assert_eq!(verifier.finish().problems[0].to_string(), "line 1 can't be read");
//! ```

mod checkpoint;
mod hash;
mod line;
mod problem;
#[cfg(test)]
mod tests;
mod verify;

pub use checkpoint::{CHECKPOINT_TYPE, CheckpointClaims};
pub use hash::{FIRST_PREVIOUS_HASH, entry_hash, payload_digest};
pub use line::{Content, Line};
pub use problem::{Problem, Wrong};
pub use verify::{ChainReport, Report, Verifier};
