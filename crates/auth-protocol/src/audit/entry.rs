//! What the log keeps.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::AuditOutcome;
use crate::{SessionHandle, UserId};

/// One entry of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// Its number in the chain of its app and tenant: from 1, without gaps.
    pub position: i64,
    /// When it was written, in milliseconds since the epoch, by the clock of the process that did.
    pub time_ms: i64,
    /// What happened: the name of an [`AuditKind`](super::AuditKind), or of one that a newer program
    /// knows.
    pub kind: String,
    /// How it ended.
    pub outcome: AuditOutcome,
    /// What belongs to it and tells nothing of a person.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, String>,
    /// Whom it is about and who did it; `None` once that user was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<AuditPayload>,
    /// The salted SHA-256 of the payload, in base64url; it stays when the payload is erased.
    pub payload_digest: String,
    /// The hash of the entry before, in base64url.
    pub previous_hash: String,
    /// The SHA-256 of all of this but the payload, in base64url.
    pub hash: String,
}

/// What of an entry tells of a person, and is erased with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditPayload {
    /// 128 random bits in base64url, so that nobody finds the payload from its digest by trying.
    pub salt: String,
    /// Whom it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// Who did it: the user of the session that the request came with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acting_user_id: Option<UserId>,
    /// From which network address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// By which user agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// By which API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// The session that the request came with, or that the entry is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_handle: Option<SessionHandle>,
    /// What else there is to say.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, String>,
}
