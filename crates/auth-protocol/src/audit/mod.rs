//! The audit log: who did what to whom, from where, and how it ended.
//!
//! An extension: SuperTokens' cores have no such log. Each app and tenant has a chain of
//! [entries](AuditEntry), of which each holds the hash of the one before.

mod checkpoint;
mod consumer;
mod entry;
mod kind;
mod list_entries;
mod purge;
mod read_entries;

pub use checkpoint::{
    AuditCheckpoint, ListAuditCheckpoints, ListAuditCheckpointsResponse, MakeAuditCheckpoint,
    MakeAuditCheckpointResponse,
};
pub use consumer::{
    AcknowledgeAuditEntries, AcknowledgeAuditEntriesResponse, ClaimAuditEntries,
    ClaimAuditEntriesResponse,
};
pub use entry::{AuditEntry, AuditPayload};
pub use kind::{AuditKind, AuditOutcome};
pub use list_entries::{ListAuditEntries, ListAuditEntriesResponse};
pub use purge::{PurgeAuditLog, PurgeAuditLogResponse};
pub use read_entries::{ReadAuditEntries, ReadAuditEntriesResponse};
