//! `POST /recipe/audit/consumer/claim` and `POST /recipe/audit/consumer/acknowledge` (extensions):
//! who reads a chain in its order, whichever process does it.

use auth_protocol::{
    TenantScope,
    audit::{
        AcknowledgeAuditEntries, AcknowledgeAuditEntriesResponse as Acknowledged,
        ClaimAuditEntries, ClaimAuditEntriesResponse as Claimed,
    },
};

use super::rows::{after, checked_limit};
use crate::{
    Engine, EngineError, Handle,
    storage::{in_tx, params},
    tenancy::require_tenant,
};

const LONGEST_NAME: usize = 128;
const SHORTEST_LEASE_MS: i64 = 1000;
const LONGEST_LEASE_MS: i64 = 60 * 60 * 1000;

/// A new consumer begins at a position, or at the chain's end.
const ADD: &str = "INSERT INTO audit_log_consumers \
    (app_id, tenant_id, consumer, acknowledged, leased_until) \
    SELECT $1, $2, $3, COALESCE($4, (SELECT h.position FROM audit_log_heads h \
        WHERE h.app_id = $1 AND h.tenant_id = $2), 0), 0 WHERE TRUE ON CONFLICT DO NOTHING";

/// A time that is further away than any lease was written before a clock was set back.
const CLAIM: &str = "UPDATE audit_log_consumers SET lease = $4, leased_until = $5 \
    WHERE app_id = $1 AND tenant_id = $2 AND consumer = $3 \
    AND (leased_until <= $6 OR leased_until > $7)";

const FIND: &str = "SELECT acknowledged, leased_until FROM audit_log_consumers \
    WHERE app_id = $1 AND tenant_id = $2 AND consumer = $3";

/// The end of the chain bounds what can be done.
const ACKNOWLEDGE: &str = "UPDATE audit_log_consumers SET lease = NULL, leased_until = 0, \
    acknowledged = CASE WHEN acknowledged < $5 AND $5 <= COALESCE((SELECT h.position \
        FROM audit_log_heads h WHERE h.app_id = $1 AND h.tenant_id = $2), 0) \
        THEN $5 ELSE acknowledged END \
    WHERE app_id = $1 AND tenant_id = $2 AND consumer = $3 AND lease = $4 AND leased_until > $6";

impl Handle<ClaimAuditEntries> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ClaimAuditEntries,
    ) -> Result<Claimed, EngineError> {
        let limit = checked_limit(operation.limit)?;
        let consumer = operation.consumer;
        if consumer.is_empty() || consumer.len() > LONGEST_NAME {
            let text = format!("consumer must have from 1 to {LONGEST_NAME} bytes");
            return Err(EngineError::BadRequest(text));
        }
        let lease_ms = operation.lease_ms;
        if !(SHORTEST_LEASE_MS..=LONGEST_LEASE_MS).contains(&lease_ms) {
            let text = format!("leaseMs must be from {SHORTEST_LEASE_MS} to {LONGEST_LEASE_MS}");
            return Err(EngineError::BadRequest(text));
        }
        let from = operation.from.map(|from| from.max(0));
        let lease = self.random().uuid()?.to_string();
        let now_ms = self.clock().now_ms();
        let until_ms = now_ms.saturating_add(lease_ms);
        let latest_ms = now_ms.saturating_add(LONGEST_LEASE_MS);
        let body = in_tx!(scope, consumer, lease, |tx| {
            require_tenant(tx, &scope).await?;
            let TenantScope { app, tenant } = &scope;
            tx.execute(ADD, params![app, tenant, consumer, from]).await?;
            let taken = params![app, tenant, consumer, lease, until_ms, now_ms, latest_ms];
            let is_taken = tx.execute(CLAIM, taken).await? > 0;
            let row = tx.query_opt(FIND, params![app, tenant, consumer]).await?;
            let row =
                row.ok_or_else(|| EngineError::overtaken("a consumer was removed meanwhile"))?;
            if !is_taken {
                let until_ms: i64 = row.get("leased_until")?;
                let retry_after_ms = until_ms.saturating_sub(now_ms).max(1);
                return Ok(Claimed::LeasedError { retry_after_ms });
            }
            let acknowledged = row.get("acknowledged")?;
            let entries = after(tx, &scope, acknowledged, limit).await?;
            Ok(Claimed::Ok { lease, acknowledged, entries })
        });
        self.store().write(body).await
    }
}

impl Handle<AcknowledgeAuditEntries> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: AcknowledgeAuditEntries,
    ) -> Result<Acknowledged, EngineError> {
        let now_ms = self.clock().now_ms();
        let body = in_tx!(scope, operation, |tx| {
            require_tenant(tx, &scope).await?;
            let AcknowledgeAuditEntries { consumer, lease, position } = &operation;
            let TenantScope { app, tenant } = &scope;
            let done = params![app, tenant, consumer, lease, position, now_ms];
            Ok(match tx.execute(ACKNOWLEDGE, done).await? {
                0 => Acknowledged::LeaseLostError,
                _ => Acknowledged::Ok,
            })
        });
        self.store().write(body).await
    }
}
