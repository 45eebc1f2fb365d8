//! `POST /recipe/audit/consumer/claim` and `POST /recipe/audit/consumer/acknowledge` (extensions)

use serde::{Deserialize, Serialize};

use super::AuditEntry;
use crate::operation::operation;

/// Takes a consumer's next entries for some time in which nobody else gets them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClaimAuditEntries {
    /// The consumer's name, of 1 to 128 bytes; a new one begins after the entries that are there now.
    pub consumer: String,
    /// For how long they are taken, in milliseconds: from 1 s to 1 hour.
    pub lease_ms: i64,
    /// How many entries at most, 1 to 500; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Where a new consumer begins: after this position. 0 is the chain's beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
}

/// The answer to [`ClaimAuditEntries`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum ClaimAuditEntriesResponse {
    /// The entries after the acknowledged position, in their order; maybe none.
    Ok {
        /// By which they are acknowledged.
        lease: String,
        /// The position up to which all is done.
        acknowledged: i64,
        /// The entries.
        entries: Vec<AuditEntry>,
    },
    /// Somebody else has taken them.
    LeasedError {
        /// For how long still, in milliseconds from now, unless they are acknowledged before.
        retry_after_ms: i64,
    },
}

operation!(
    ClaimAuditEntries => ClaimAuditEntriesResponse,
    "claim_audit_entries", Post "/recipe/audit/consumer/claim", Tenant
);

/// Says that a consumer is done with the entries up to a position, and ends its lease.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AcknowledgeAuditEntries {
    /// The consumer's name.
    pub consumer: String,
    /// The lease under which it got them.
    pub lease: String,
    /// The last position that is done. A smaller one than before changes nothing.
    pub position: i64,
}

/// The answer to [`AcknowledgeAuditEntries`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum AcknowledgeAuditEntriesResponse {
    /// It is written down.
    Ok,
    /// The lease is over, and somebody else may have taken the entries.
    LeaseLostError,
}

operation!(
    AcknowledgeAuditEntries => AcknowledgeAuditEntriesResponse,
    "acknowledge_audit_entries", Post "/recipe/audit/consumer/acknowledge", Tenant
);
