//! `POST /recipe/audit/purge` (extension)

use serde::{Deserialize, Serialize};

use super::AuditCheckpoint;
use crate::operation::operation;

/// Deletes the oldest entries of a tenant's chain, up to a checkpoint, which stays as the proof of
/// where the rest begins.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PurgeAuditLog {
    /// Entries that were written before this time go, in milliseconds since the epoch; later ones,
    /// and those that come after a later one, stay.
    pub before_ms: i64,
}

/// The answer to [`PurgeAuditLog`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum PurgeAuditLogResponse {
    /// They are gone.
    Ok {
        /// How many they were.
        purged: u64,
        /// Where the rest begins; absent where nothing was purged.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        checkpoint: Option<AuditCheckpoint>,
    },
}

operation!(
    PurgeAuditLog => PurgeAuditLogResponse,
    "purge_audit_log", Post "/recipe/audit/purge", Tenant
);
