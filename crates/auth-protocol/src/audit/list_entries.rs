//! `GET /recipe/audit/entries` (extension)

use serde::{Deserialize, Serialize};

use super::AuditEntry;
use crate::{UserId, operation::operation};

/// Lists entries of a tenant's chain, page by page, newest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListAuditEntries {
    /// Only what is about this user or was done by it, by any of its ids; of a user with linked
    /// accounts, about all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// Only this kind: the name of an [`AuditKind`](super::AuditKind).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Only from this time on, in milliseconds since the epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_ms: Option<i64>,
    /// Only before this time, in milliseconds since the epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_ms: Option<i64>,
    /// Only entries before this position: the `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<i64>,
    /// The page's size, 1 to 500; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// The answer to [`ListAuditEntries`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum ListAuditEntriesResponse {
    /// A page.
    Ok {
        /// The entries, newest first.
        entries: Vec<AuditEntry>,
        /// Where the next page starts; absent on the last page.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<i64>,
    },
}

operation!(
    ListAuditEntries => ListAuditEntriesResponse,
    "list_audit_entries", Get "/recipe/audit/entries", Tenant
);
