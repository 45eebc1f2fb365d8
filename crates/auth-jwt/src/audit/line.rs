//! The lines of an exported log.

use auth_protocol::{
    AppId, TenantId,
    audit::{AuditCheckpoint, AuditEntry},
};
use serde::{Deserialize, Serialize};

/// One line of an exported log: a JSON object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The chain's app.
    pub app: AppId,
    /// The chain's tenant.
    pub tenant: TenantId,
    /// What it holds.
    #[serde(flatten)]
    pub content: Content,
}

/// What a line holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// An entry.
    Entry(Box<AuditEntry>),
    /// A checkpoint.
    Checkpoint(AuditCheckpoint),
}
