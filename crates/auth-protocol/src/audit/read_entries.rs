//! `GET /recipe/audit/entries/after` (extension)

use serde::{Deserialize, Serialize};

use super::AuditEntry;
use crate::operation::operation;

/// Reads a tenant's chain in its order.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReadAuditEntries {
    /// The position that was read last; 0 for the chain's beginning.
    #[serde(default)]
    pub after: i64,
    /// How many entries at most, 1 to 500; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// The answer to [`ReadAuditEntries`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum ReadAuditEntriesResponse {
    /// The entries.
    Ok {
        /// In their order; none where the end is reached.
        entries: Vec<AuditEntry>,
    },
}

operation!(
    ReadAuditEntries => ReadAuditEntriesResponse,
    "read_audit_entries", Get "/recipe/audit/entries/after", Tenant
);
