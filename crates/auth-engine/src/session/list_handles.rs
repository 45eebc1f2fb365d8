//! `GET /recipe/session/user`

use auth_protocol::{
    AppId, SessionHandle, TenantId, TenantScope, UserId,
    session::{ListSessionHandles, ListSessionHandlesResponse},
};

use super::{
    lifetime::Moment,
    rows::{self, Owner},
};
use crate::{
    Engine, EngineError, Handle,
    storage::{Tx, in_tx, params},
    tenancy::require_tenant,
};

impl Handle<ListSessionHandles> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ListSessionHandles,
    ) -> Result<ListSessionHandlesResponse, EngineError> {
        let at = Moment::now(self);
        let body = in_tx!(scope, operation, |tx| {
            if !operation.fetch_across_all_tenants {
                require_tenant(tx, &scope).await?;
            }
            let tenant = (!operation.fetch_across_all_tenants).then_some(&scope.tenant);
            let linked = operation.fetch_sessions_for_all_linked_accounts;
            of_user(tx, &scope.app, &operation.user_id, tenant, linked, Some(at)).await
        });
        let session_handles = self.store().read(body).await?;
        Ok(ListSessionHandlesResponse::Ok { session_handles })
    }
}

/// The user's sessions, oldest first, without those that have ended by a time; of one tenant or of
/// all, and of every linked login method or of this id alone.
pub(super) async fn of_user(
    tx: &mut Tx<'_>,
    app: &AppId,
    user_id: &UserId,
    tenant: Option<&TenantId>,
    linked: bool,
    alive_at: Option<Moment>,
) -> Result<Vec<SessionHandle>, EngineError> {
    const SQL: &str = "SELECT session_handle, tenant_id FROM session_info \
        WHERE app_id = $1 AND user_id = $2 AND expires_at >= $3 \
        AND created_at_time >= $4 \
        ORDER BY created_at_time ASC, session_handle ASC";
    let owner = Owner::of_caller(tx, app, user_id).await?;
    let ids = match linked {
        true => rows::linked_ids(tx, app, &owner.own_user).await?,
        false => vec![owner.own_method],
    };
    let not_expired_at_ms = alive_at.map_or(i64::MIN, |at| at.now_ms);
    let oldest_ms = alive_at.map_or(i64::MIN, Moment::oldest_start_ms);
    let mut handles = Vec::new();
    for id in ids {
        for row in tx.query(SQL, params![app, id, not_expired_at_ms, oldest_ms]).await? {
            let row_tenant: String = row.get("tenant_id")?;
            if tenant.is_none_or(|tenant| *tenant == row_tenant.as_str()) {
                handles.push(row.get("session_handle")?);
            }
        }
    }
    Ok(handles)
}
