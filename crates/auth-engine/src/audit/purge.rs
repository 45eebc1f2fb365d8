//! `POST /recipe/audit/purge` (extension), and what goes by itself.
//!
//! A chain is only cut at its front, up to an entry that is signed before it goes: the checkpoint
//! stays, and says with which hash the rest begins.

use std::time::Duration;

use auth_protocol::{
    TenantScope,
    audit::{AuditCheckpoint, AuditKind, PurgeAuditLog, PurgeAuditLogResponse},
};
use futures_util::{FutureExt, future::BoxFuture};

use super::{checkpoint::sign, event::Event};
use crate::{
    Engine, EngineError, Handle,
    clock::saturating_ms,
    engine::Inner,
    storage::{Row, in_tx, params},
    tenancy::require_tenant,
};

/// Entries that are deleted in one transaction.
const BATCH: u64 = 1000;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The last entry before the first that is as new as that, or the chain's last; and the first.
const CUT: &str = "SELECT (SELECT MIN(e.position) FROM audit_log_entries e \
        WHERE e.app_id = $1 AND e.tenant_id = $2) AS first, \
    COALESCE((SELECT MIN(e.position) - 1 FROM audit_log_entries e \
        WHERE e.app_id = $1 AND e.tenant_id = $2 AND e.created_at >= $3), h.position) AS old, \
    h.position AS last FROM audit_log_heads h WHERE h.app_id = $1 AND h.tenant_id = $2";

const DELETE: &str = "DELETE FROM audit_log_entries WHERE app_id = $1 AND tenant_id = $2 \
    AND position <= $3 AND position < $4";

const CHAINS: &str = "SELECT app_id, tenant_id FROM audit_log_heads ORDER BY app_id, tenant_id";

/// Of each day the last checkpoint stays, and the last of all.
const THIN_OUT: &str = "DELETE FROM audit_log_checkpoints WHERE app_id = $1 AND tenant_id = $2 \
    AND created_at < $3 AND position < $4 AND EXISTS (SELECT 1 FROM audit_log_checkpoints later \
        WHERE later.app_id = audit_log_checkpoints.app_id \
            AND later.tenant_id = audit_log_checkpoints.tenant_id \
            AND later.position > audit_log_checkpoints.position \
            AND later.created_at / $5 = audit_log_checkpoints.created_at / $5)";

impl Handle<PurgeAuditLog> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: PurgeAuditLog,
    ) -> Result<PurgeAuditLogResponse, EngineError> {
        let body = in_tx!(scope, |tx| { require_tenant(tx, &scope).await });
        self.store().read(body).await?;
        let (purged, checkpoint) =
            purge(self.inner(), scope, operation.before_ms, i64::MAX).await?;
        let audit = self.audit();
        if let Some(checkpoint) = &checkpoint {
            let event = Event::succeeded(AuditKind::AuditLogPurged);
            let event = event.fact("up_to", &checkpoint.position).fact("entries", &purged);
            let body = in_tx!(scope, event, audit, |tx| { audit.append(tx, &scope, event).await });
            self.store().write(body).await?;
        }
        Ok(PurgeAuditLogResponse::Ok { purged, checkpoint })
    }
}

/// Purges what is older than the retention, or more than a chain may have.
pub(super) fn purge_old(engine: &Inner) -> BoxFuture<'_, Result<u64, EngineError>> {
    async move {
        let retention_ms = saturating_ms(engine.config.audit_log_retention);
        let before_ms = engine.clock.now_ms().saturating_sub(retention_ms);
        let most = i64::try_from(engine.config.audit_log_max_entries).unwrap_or(i64::MAX);
        let body = in_tx!(|tx| {
            let rows = tx.query(CHAINS, &[]).await?;
            let scope = |row: &Row| Ok(TenantScope::new(row.get("app_id")?, row.get("tenant_id")?));
            rows.iter().map(scope).collect::<Result<Vec<_>, EngineError>>()
        });
        let mut purged = 0;
        for scope in engine.store.read(body).await? {
            purged += purge(engine, &scope, before_ms, most).await?.0;
            thin_out(engine, &scope, before_ms).await?;
        }
        Ok(purged)
    }
    .boxed()
}

/// Signs the last entry that is to go, and deletes all up to it.
async fn purge(
    engine: &Inner,
    scope: &TenantScope,
    before_ms: i64,
    most: i64,
) -> Result<(u64, Option<AuditCheckpoint>), EngineError> {
    let body = in_tx!(scope, |tx| {
        let row = tx.query_opt(CUT, params![scope.app, scope.tenant, before_ms]).await?;
        let Some(row) = row else { return Ok(None) };
        let Some(first) = row.get::<Option<i64>>("first")? else { return Ok(None) };
        let (old, last): (i64, i64) = (row.get("old")?, row.get("last")?);
        let cut = old.max(last.saturating_sub(most));
        Ok((cut >= first).then_some((first, cut)))
    });
    let Some((first, cut)) = engine.store.read(body).await? else { return Ok((0, None)) };
    let checkpoint = sign(engine, scope, cut, true).await?;
    let Some(checkpoint) = checkpoint else { return Ok((0, None)) };
    let (mut purged, mut end) = (0, first);
    while end <= cut {
        end = end.saturating_add(BATCH.cast_signed());
        let body = in_tx!(scope, |tx| {
            tx.execute(DELETE, params![scope.app, scope.tenant, cut, end]).await
        });
        purged += engine.store.write(body).await?;
    }
    Ok((purged, Some(checkpoint)))
}

/// Deletes checkpoints that are older than the retention, but the last of each day, and the one that
/// says where the chain begins.
async fn thin_out(engine: &Inner, scope: &TenantScope, before_ms: i64) -> Result<(), EngineError> {
    const BEGINS: &str = "SELECT COALESCE((SELECT MIN(position) FROM audit_log_entries \
        WHERE app_id = $1 AND tenant_id = $2) - 1, 0) AS before FROM audit_log_heads \
        WHERE app_id = $1 AND tenant_id = $2";
    let day_ms = saturating_ms(DAY);
    let body = in_tx!(scope, |tx| {
        let TenantScope { app, tenant } = &scope;
        let Some(row) = tx.query_opt(BEGINS, params![app, tenant]).await? else { return Ok(()) };
        let begins: i64 = row.get("before")?;
        tx.execute(THIN_OUT, params![app, tenant, before_ms, begins, day_ms]).await?;
        Ok(())
    });
    engine.store.write(body).await
}
