//! `POST /recipe/audit/checkpoint` and `GET /recipe/audit/checkpoints` (extensions): signed
//! statements about where chains end.

use auth_jwt::audit::{CHECKPOINT_TYPE, CheckpointClaims};
use auth_protocol::{
    TenantScope,
    audit::{
        AuditCheckpoint, ListAuditCheckpoints, ListAuditCheckpointsResponse, MakeAuditCheckpoint,
        MakeAuditCheckpointResponse,
    },
};
use futures_util::{FutureExt, future::BoxFuture};

use super::rows::checked_limit;
use crate::{
    Engine, EngineError, Handle,
    engine::Inner,
    storage::{Row, in_tx, params},
    tenancy::require_tenant,
};

const FIND: &str = "SELECT position, created_at, token FROM audit_log_checkpoints \
    WHERE app_id = $1 AND tenant_id = $2 AND position = $3";

const INSERT: &str = "INSERT INTO audit_log_checkpoints \
    (app_id, tenant_id, position, created_at, token) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT DO NOTHING";

/// A statement that more is said by takes the place of one without that.
const REPLACE: &str = "INSERT INTO audit_log_checkpoints \
    (app_id, tenant_id, position, created_at, token) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (app_id, tenant_id, position) DO UPDATE \
    SET created_at = excluded.created_at, token = excluded.token";

const LIST: &str = "SELECT position, created_at, token FROM audit_log_checkpoints \
    WHERE app_id = $1 AND tenant_id = $2 AND position < $3 ORDER BY position DESC LIMIT $4";

const HEAD: &str =
    "SELECT position FROM audit_log_heads WHERE app_id = $1 AND tenant_id = $2 AND position > 0";

/// How many entries there are up to one, and its hash.
const COVERED: &str = "SELECT e.hash, e.position - (SELECT MIN(f.position) FROM audit_log_entries f \
    WHERE f.app_id = $1 AND f.tenant_id = $2) + 1 AS number FROM audit_log_entries e \
    WHERE e.app_id = $1 AND e.tenant_id = $2 AND e.position = $3";

/// Chains that have grown since they were last signed.
const GROWN: &str = "SELECT h.app_id, h.tenant_id FROM audit_log_heads h \
    WHERE h.position > COALESCE((SELECT MAX(c.position) FROM audit_log_checkpoints c \
        WHERE c.app_id = h.app_id AND c.tenant_id = h.tenant_id), 0) \
    ORDER BY h.app_id, h.tenant_id";

impl Handle<MakeAuditCheckpoint> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        _operation: MakeAuditCheckpoint,
    ) -> Result<MakeAuditCheckpointResponse, EngineError> {
        let body = in_tx!(scope, |tx| { require_tenant(tx, &scope).await });
        self.store().read(body).await?;
        Ok(match sign_head(self.inner(), scope).await? {
            Some(checkpoint) => MakeAuditCheckpointResponse::Ok { checkpoint },
            None => MakeAuditCheckpointResponse::EmptyLogError,
        })
    }
}

impl Handle<ListAuditCheckpoints> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ListAuditCheckpoints,
    ) -> Result<ListAuditCheckpointsResponse, EngineError> {
        let limit = checked_limit(operation.limit)?;
        let before = operation.before.unwrap_or(i64::MAX);
        let body = in_tx!(scope, |tx| {
            require_tenant(tx, &scope).await?;
            let rows = tx.query(LIST, params![scope.app, scope.tenant, before, limit]).await?;
            rows.iter().map(read).collect::<Result<Vec<_>, _>>()
        });
        let checkpoints = self.store().read(body).await?;
        let is_full = i64::try_from(checkpoints.len()).is_ok_and(|found| found == limit);
        let next = checkpoints.last().filter(|_| is_full).map(|last| last.position);
        Ok(ListAuditCheckpointsResponse::Ok { checkpoints, next })
    }
}

/// Signs where a chain ends; gives the checkpoint that is there already.
async fn sign_head(
    engine: &Inner,
    scope: &TenantScope,
) -> Result<Option<AuditCheckpoint>, EngineError> {
    let body = in_tx!(scope, |tx| {
        let row = tx.query_opt(HEAD, params![scope.app, scope.tenant]).await?;
        row.map(|row| row.get::<i64>("position")).transpose()
    });
    match engine.store.read(body).await? {
        Some(position) => sign(engine, scope, position, false).await,
        None => Ok(None),
    }
}

/// Signs that a chain has an entry with this hash at a position; gives the checkpoint that is there
/// already, and nothing where there is no such entry. A purge is signed whatever is there.
pub(super) async fn sign(
    engine: &Inner,
    scope: &TenantScope,
    position: i64,
    is_purge: bool,
) -> Result<Option<AuditCheckpoint>, EngineError> {
    let body = in_tx!(scope, |tx| {
        if !is_purge
            && let Some(row) =
                tx.query_opt(FIND, params![scope.app, scope.tenant, position]).await?
        {
            return Ok((Some(read(&row)?), None));
        }
        let row = tx.query_opt(COVERED, params![scope.app, scope.tenant, position]).await?;
        let covered = row.map(|row| Ok::<_, EngineError>((row.get("hash")?, row.get("number")?)));
        Ok((None, covered.transpose()?))
    });
    let (found, covered): (_, Option<(String, i64)>) = engine.store.read(body).await?;
    let Some((hash, count)) = covered.filter(|_| found.is_none()) else { return Ok(found) };
    let time_ms = engine.clock.now_ms();
    let claims = CheckpointClaims {
        app: scope.app.clone(),
        tenant: scope.tenant.clone(),
        position,
        count,
        hash,
        time_ms,
        is_purge,
    };
    let claims = claims.to_json();
    let token = engine.keys.sign_statement(&scope.app, CHECKPOINT_TYPE, claims).await?;
    let body = in_tx!(scope, token, |tx| {
        let TenantScope { app, tenant } = &scope;
        let sql = if is_purge { REPLACE } else { INSERT };
        tx.execute(sql, params![app, tenant, position, time_ms, token]).await?;
        // Another process may have been quicker.
        let row = tx.query_opt(FIND, params![app, tenant, position]).await?;
        row.map(|row| read(&row)).transpose()
    });
    engine.store.write(body).await
}

/// Signs every chain that has grown; how many they were.
pub(super) fn sign_grown(engine: &Inner) -> BoxFuture<'_, Result<u64, EngineError>> {
    async move {
        let body = in_tx!(|tx| {
            let rows = tx.query(GROWN, &[]).await?;
            let scope = |row: &Row| Ok(TenantScope::new(row.get("app_id")?, row.get("tenant_id")?));
            rows.iter().map(scope).collect::<Result<Vec<_>, EngineError>>()
        });
        let mut signed = 0;
        for scope in engine.store.read(body).await? {
            sign_head(engine, &scope).await?;
            signed += 1;
        }
        Ok(signed)
    }
    .boxed()
}

fn read(row: &Row) -> Result<AuditCheckpoint, EngineError> {
    Ok(AuditCheckpoint {
        position: row.get("position")?,
        time_ms: row.get("created_at")?,
        token: row.get("token")?,
    })
}
