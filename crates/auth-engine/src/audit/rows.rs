//! Entries as they are stored.

use std::collections::BTreeMap;

use auth_protocol::{
    TenantScope,
    audit::{AuditEntry, AuditOutcome, AuditPayload},
};

use crate::{
    EngineError,
    storage::{Row, Tx, params},
};

/// What [`entry`] reads.
macro_rules! columns {
    () => {
        "position, created_at, kind, outcome, facts, user_id, acting_user_id, address, user_agent, \
         api, session_handle, details, salt, payload_digest, previous_hash, hash"
    };
}
pub(super) use columns;

/// The page's size where none is said, and the largest.
const USUAL_LIMIT: u32 = 100;
const LARGEST_LIMIT: u32 = 500;

const AFTER: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM audit_log_entries WHERE app_id = $1 AND tenant_id = $2 AND position > $3 \
     ORDER BY position ASC LIMIT $4"
);

/// The size of a page that was asked for.
pub(super) fn checked_limit(limit: Option<u32>) -> Result<i64, EngineError> {
    match limit.unwrap_or(USUAL_LIMIT) {
        limit @ 1..=LARGEST_LIMIT => Ok(i64::from(limit)),
        _ => Err(EngineError::BadRequest(format!("limit must be from 1 to {LARGEST_LIMIT}"))),
    }
}

/// The entries after a position, in their order.
pub(super) async fn after(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    position: i64,
    limit: i64,
) -> Result<Vec<AuditEntry>, EngineError> {
    let rows = tx.query(AFTER, params![scope.app, scope.tenant, position, limit]).await?;
    rows.iter().map(entry).collect()
}

pub(super) fn entry(row: &Row) -> Result<AuditEntry, EngineError> {
    let outcome: String = row.get("outcome")?;
    let outcome = AuditOutcome::from_name(&outcome).ok_or_else(unreadable)?;
    let payload = match row.get::<Option<String>>("salt")? {
        None => None,
        Some(salt) => Some(AuditPayload {
            salt,
            user_id: row.get("user_id")?,
            acting_user_id: row.get("acting_user_id")?,
            address: row.get("address")?,
            user_agent: row.get("user_agent")?,
            api: row.get("api")?,
            session_handle: row.get("session_handle")?,
            details: map(row.get("details")?)?,
        }),
    };
    Ok(AuditEntry {
        position: row.get("position")?,
        time_ms: row.get("created_at")?,
        kind: row.get("kind")?,
        outcome,
        facts: map(row.get("facts")?)?,
        payload,
        payload_digest: row.get("payload_digest")?,
        previous_hash: row.get("previous_hash")?,
        hash: row.get("hash")?,
    })
}

/// A map as it is stored: nothing where it is empty.
pub(super) fn json(map: &BTreeMap<String, String>) -> Result<Option<String>, EngineError> {
    if map.is_empty() {
        return Ok(None);
    }
    let text = serde_json::to_string(map);
    text.map(Some).map_err(|error| EngineError::Internal(error.to_string()))
}

fn map(text: Option<String>) -> Result<BTreeMap<String, String>, EngineError> {
    let Some(text) = text else { return Ok(BTreeMap::new()) };
    serde_json::from_str(&text).map_err(|_| unreadable())
}

fn unreadable() -> EngineError {
    EngineError::Internal("an entry of the audit log can't be read; verify its export".to_owned())
}
