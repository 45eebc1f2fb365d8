//! `POST /recipe/signinalerts/alert/use` (extension)

use auth_protocol::{
    TenantScope, UserId,
    audit::AuditKind,
    signinalerts::{UseSignInAlert, UseSignInAlertResponse as Response},
};

use super::networks;
use crate::{
    Engine, EngineError, Handle,
    audit::Event,
    digest::sha256_hex,
    session::end_all,
    storage::{in_tx, params},
    tenancy::require_tenant,
    user_id_mapping::Known,
};

const FIND: &str = "SELECT user_id, network, expires_at, used_at FROM sign_in_alerts \
    WHERE app_id = $1 AND tenant_id = $2 AND token = $3 FOR UPDATE";

const USE: &str = "UPDATE sign_in_alerts SET used_at = $4 \
    WHERE app_id = $1 AND tenant_id = $2 AND token = $3 AND used_at IS NULL";

impl Handle<UseSignInAlert> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: UseSignInAlert,
    ) -> Result<Response, EngineError> {
        let digest = sha256_hex(operation.token.expose_secret());
        let now_ms = self.clock().now_ms();
        let audit = self.audit();
        let body = in_tx!(scope, digest, audit, |tx| {
            require_tenant(tx, &scope).await?;
            let TenantScope { app, tenant } = &scope;
            let Some(row) = tx.query_opt(FIND, params![app, tenant, digest]).await? else {
                return Ok(Response::SignInAlertInvalidTokenError);
            };
            if row.get::<i64>("expires_at")? < now_ms {
                return Ok(Response::SignInAlertInvalidTokenError);
            }
            let id: UserId = row.get("user_id")?;
            let Some(known) = Known::by_own_id(tx, app, &id).await? else {
                return Ok(Response::SignInAlertInvalidTokenError);
            };
            let user_id = known.shown_primary;
            if tx.execute(USE, params![app, tenant, digest, now_ms]).await? == 0 {
                return Ok(Response::Ok { user_id, was_used: true, sessions_ended: 0 });
            }
            if let Some(network) = row.get::<Option<String>>("network")? {
                networks::forget(tx, app, &id, &network).await?;
            }
            let ended = end_all(tx, app, &known.primary).await?;
            let event = |kind| Event::succeeded(kind).user(&known.primary);
            let mut events = vec![event(AuditKind::SignInDenied)];
            if ended > 0 {
                let revoked = event(AuditKind::SessionsRevoked).fact("sessions", &ended);
                events.push(revoked.fact("reason", AuditKind::SignInDenied.as_str()));
            }
            audit.append_all(tx, &scope, events).await?;
            let sessions_ended = u32::try_from(ended).unwrap_or(u32::MAX);
            Ok(Response::Ok { user_id, was_used: false, sessions_ended })
        });
        self.store().write(body).await
    }
}
