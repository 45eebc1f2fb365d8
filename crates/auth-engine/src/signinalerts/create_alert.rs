//! `POST /recipe/signinalerts/alert` (extension)

use auth_protocol::{
    TenantScope,
    audit::AuditKind,
    signinalerts::{CreateSignInAlert, CreateSignInAlertResponse as Response},
};

use super::{login, networks::Network};
use crate::{
    Engine, EngineError, Handle,
    audit::Event,
    digest::sha256_hex,
    storage::{in_tx, params},
    tenancy::require_tenant,
};

/// How many tokens of a login method may work at once. Of more, the one that expires first goes.
const MOST: i64 = 32;

const LONGEST_LIFETIME_MS: i64 = 7 * 24 * 60 * 60 * 1000;

const INSERT: &str = "INSERT INTO sign_in_alerts \
    (app_id, tenant_id, token, user_id, network, expires_at) VALUES ($1, $2, $3, $4, $5, $6)";

const PRUNE: &str = "DELETE FROM sign_in_alerts WHERE app_id = $1 AND user_id = $2 \
    AND token NOT IN (SELECT token FROM sign_in_alerts \
    WHERE app_id = $1 AND user_id = $2 ORDER BY expires_at DESC, token LIMIT $3)";

impl Handle<CreateSignInAlert> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CreateSignInAlert,
    ) -> Result<Response, EngineError> {
        let CreateSignInAlert { lifetime_ms, recipe_user_id, session_handle, .. } = operation;
        let (is_new_device, is_new_network) = (operation.is_new_device, operation.is_new_network);
        if lifetime_ms.is_some_and(|it| !(1..=LONGEST_LIFETIME_MS).contains(&it)) {
            let text = format!("lifetimeMs is 1 to {LONGEST_LIFETIME_MS}");
            return Err(EngineError::BadRequest(text));
        }
        let network = match operation.network.filter(|_| is_new_network) {
            Some(network) => Some(Network::new(self, &scope.app, network).await?),
            None => None,
        };
        let now_ms = self.clock().now_ms();
        let token = match lifetime_ms {
            Some(lifetime_ms) => {
                let token = self.random().token()?;
                let digest = sha256_hex(token.expose_secret());
                Some((token, digest, now_ms.saturating_add(lifetime_ms)))
            }
            None => None,
        };
        let audit = self.audit();
        let body = in_tx!(scope, recipe_user_id, session_handle, network, token, audit, |tx| {
            require_tenant(tx, &scope).await?;
            let TenantScope { app, tenant } = &scope;
            let Some(known) = login::hold(tx, app, &recipe_user_id).await? else {
                return Ok(Response::UnknownUserIdError);
            };
            if let Some((_, digest, expires_at_ms)) = &token {
                let network = network.as_ref().map(|it| it.digest(&known.id)).transpose()?;
                let row = params![app, tenant, digest, known.id, network, *expires_at_ms];
                tx.execute(INSERT, row).await?;
                tx.execute(PRUNE, params![app, known.id, MOST]).await?;
            }
            let event = Event::succeeded(AuditKind::SuspiciousSignIn).user(&known.primary);
            let event = event.fact("new_device", &is_new_device);
            let event = event.fact("new_network", &is_new_network);
            let event = match &session_handle {
                Some(handle) => event.session(handle),
                None => event,
            };
            audit.append(tx, &scope, event).await?;
            Ok(Response::Ok { token: token.map(|(token, ..)| token) })
        });
        self.store().write(body).await
    }
}
