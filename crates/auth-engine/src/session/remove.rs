//! `POST /recipe/session/remove`

use std::collections::BTreeMap;

use auth_protocol::{
    AppId, SessionHandle, TenantScope, UserId,
    audit::AuditKind,
    session::{RemoveSessions, RemoveSessionsResponse},
};

use super::{list_handles, rows};
use crate::{
    Engine, EngineError, Handle,
    audit::Event,
    storage::{Tx, in_tx, params},
    tenancy::require_tenant,
};

impl Handle<RemoveSessions> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RemoveSessions,
    ) -> Result<RemoveSessionsResponse, EngineError> {
        let across_tenants = operation.revoke_across_all_tenants;
        let linked = operation.revoke_sessions_for_linked_accounts;
        let refuse =
            |why: &str| Err(EngineError::BadRequest(format!("Invalid JSON input - {why}")));
        let (user_id, handles) = match (operation.user_id, operation.session_handles) {
            (Some(user_id), None) => (Some(user_id), Vec::new()),
            (None, Some(_)) if across_tenants.is_some() => {
                return refuse("revokeAcrossAllTenants can only be set if userId is set");
            }
            (None, Some(_)) if linked.is_some() => {
                return refuse("revokeSessionsForLinkedAccounts can only be set if userId is set");
            }
            (None, Some(handles)) => (None, handles),
            _ => return refuse("use one of userId or sessionHandles array"),
        };
        let across_tenants = across_tenants.unwrap_or(true);
        let linked = linked.unwrap_or(true);
        let app_chain = self.app_chain();
        let audit = self.audit();
        let body = in_tx!(scope, user_id, handles, app_chain, audit, |tx| {
            let handles = match user_id {
                Some(user_id) => {
                    if !across_tenants {
                        require_tenant(tx, &scope).await?;
                    }
                    let tenant = (!across_tenants).then_some(&scope.tenant);
                    list_handles::of_user(tx, &scope.app, &user_id, tenant, linked, None).await?
                }
                None => handles,
            };
            let mut removed: Vec<SessionHandle> = Vec::new();
            let mut ended: BTreeMap<UserId, Vec<SessionHandle>> = BTreeMap::new();
            for handle in handles {
                let owner = match audit.is_on() {
                    true => rows::owner_of(tx, &scope.app, &handle).await?,
                    false => None,
                };
                if rows::delete(tx, &scope.app, &handle).await? {
                    if let Some(owner) = owner {
                        ended.entry(owner).or_default().push(handle.clone());
                    }
                    removed.push(handle);
                }
            }
            // One chain, because two transactions that hold several might wait for each other.
            let mut tenants = removed.iter().map(SessionHandle::tenant_id);
            let first = tenants.next().unwrap_or_default();
            let tenant = if tenants.all(|tenant| tenant == first) { first } else { app_chain };
            let scope = TenantScope::new(scope.app, tenant);
            let events = ended.iter().map(|(owner, handles)| revoked(owner, handles)).collect();
            audit.append_all(tx, &scope, events).await?;
            Ok(removed)
        });
        let session_handles_revoked = self.store().write(body).await?;
        Ok(RemoveSessionsResponse::Ok { session_handles_revoked })
    }
}

/// Ends all sessions of a user, by the core's own id, in every tenant and of every linked login
/// method; how many that were.
pub(crate) async fn end_all(
    tx: &mut Tx<'_>,
    app: &AppId,
    own_user_id: &UserId,
) -> Result<u64, EngineError> {
    const SQL: &str = "DELETE FROM session_info WHERE app_id = $1 AND user_id = $2";
    let mut ended: u64 = 0;
    for id in rows::linked_ids(tx, app, own_user_id).await? {
        ended = ended.saturating_add(tx.execute(SQL, params![app, id]).await?);
    }
    Ok(ended)
}

/// What is written down of a user's sessions that ended: which one, where it is one.
pub(super) fn revoked(owner: &UserId, handles: &[SessionHandle]) -> Event {
    let event = Event::succeeded(AuditKind::SessionsRevoked).user(owner);
    let event = event.fact("sessions", &handles.len());
    match handles {
        [one] => event.detail("session", one),
        _ => event,
    }
}
