//! The audit log: who did what to whom, from where, and how it ended.
//!
//! An extension: SuperTokens' cores have no such log. Each app and tenant has a chain of
//! [entries](AuditEntry), of which each holds the hash of the one before.

mod entry;
mod kind;

pub use entry::{AuditEntry, AuditPayload};
pub use kind::{AuditKind, AuditOutcome};
