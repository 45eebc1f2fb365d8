//! `POST /recipe/session/remove`

use auth_protocol::{
    SessionHandle, TenantScope,
    session::{RemoveSessions, RemoveSessionsResponse},
};

use super::{list_handles, rows};
use crate::{Engine, EngineError, Handle, storage::in_tx, tenancy::require_tenant};

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
        let body = in_tx!(scope, user_id, handles, |tx| {
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
            let mut revoked: Vec<SessionHandle> = Vec::new();
            for handle in handles {
                if rows::delete(tx, &scope.app, &handle).await? {
                    revoked.push(handle);
                }
            }
            Ok(revoked)
        });
        let session_handles_revoked = self.store().write(body).await?;
        Ok(RemoveSessionsResponse::Ok { session_handles_revoked })
    }
}
