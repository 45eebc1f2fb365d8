//! `POST /recipe/audit/checkpoint` and `GET /recipe/audit/checkpoints` (extensions)

use serde::{Deserialize, Serialize};

use crate::operation::operation;

/// A signed statement about a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditCheckpoint {
    /// The last position that it covers.
    pub position: i64,
    /// When it was made, in milliseconds since the epoch.
    pub time_ms: i64,
    /// The statement, signed by a static key of the app: a JWS in compact form, whose claims are
    /// `app`, `tenant`, `position`, `count`, `hash` and `time_ms`.
    pub token: String,
}

/// Signs where a tenant's chain ends now.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MakeAuditCheckpoint {}

/// The answer to [`MakeAuditCheckpoint`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum MakeAuditCheckpointResponse {
    /// The statement; the one that was there where the chain has not grown since.
    Ok {
        /// The statement.
        checkpoint: AuditCheckpoint,
    },
    /// The chain has no entries.
    EmptyLogError,
}

operation!(
    MakeAuditCheckpoint => MakeAuditCheckpointResponse,
    "make_audit_checkpoint", Post "/recipe/audit/checkpoint", Tenant
);

/// Lists the checkpoints of a tenant's chain, newest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListAuditCheckpoints {
    /// Only those before this position: the `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<i64>,
    /// The page's size, 1 to 500; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// The answer to [`ListAuditCheckpoints`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum ListAuditCheckpointsResponse {
    /// A page.
    Ok {
        /// The checkpoints, newest first.
        checkpoints: Vec<AuditCheckpoint>,
        /// Where the next page starts; absent on the last page.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<i64>,
    },
}

operation!(
    ListAuditCheckpoints => ListAuditCheckpointsResponse,
    "list_audit_checkpoints", Get "/recipe/audit/checkpoints", Tenant
);
