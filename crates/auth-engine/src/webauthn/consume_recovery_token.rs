//! `POST /recipe/webauthn/user/recover/token/consume`

use auth_protocol::{
    TenantScope,
    audit::AuditKind,
    webauthn::{ConsumePasskeyRecoveryToken, ConsumePasskeyRecoveryTokenResponse as Response},
};

use super::tokens::RecoveryToken;
use crate::{
    Engine, EngineError, Handle, audit::Event, digest::sha256_hex, storage::in_tx,
    tenancy::require_tenant, user_id_mapping::Known,
};

impl Handle<ConsumePasskeyRecoveryToken> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ConsumePasskeyRecoveryToken,
    ) -> Result<Response, EngineError> {
        let digest = sha256_hex(operation.token.expose_secret());
        let now_ms = self.clock().now_ms();
        let audit = self.audit();
        let body = in_tx!(scope, digest, audit, |tx| {
            require_tenant(tx, &scope).await?;
            let Some(token) = RecoveryToken::find(tx, &scope, &digest).await? else {
                return Ok(Response::RecoverAccountTokenInvalidError);
            };
            // Even an expired token ends the others, and an answer keeps that.
            let is_ended = token.end(tx, &scope, &digest).await?;
            if !is_ended || token.expires_at < now_ms {
                return Ok(Response::RecoverAccountTokenInvalidError);
            }
            let Some(known) = Known::by_own_id(tx, &scope.app, &token.user_id).await? else {
                return Ok(Response::RecoverAccountTokenInvalidError);
            };
            let event = Event::succeeded(AuditKind::PasskeyRecovery).user(&known.primary);
            audit.append(tx, &scope, event).await?;
            Ok(Response::Ok { user_id: known.shown_id.into(), email: token.email })
        });
        self.store().write(body).await
    }
}
