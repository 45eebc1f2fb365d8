//! `POST /recipe/user/password/reset`

use auth_protocol::{
    TenantScope,
    audit::AuditKind,
    emailpassword::{ResetPassword, ResetPasswordResponse},
};

use super::{consume_reset_token::consume, rows::set_hash, sign_up::require_password};
use crate::{
    Engine, EngineError, Handle,
    audit::Event,
    digest::sha256_hex,
    storage::{in_tx, params},
    tenancy::require_tenant,
    user_id_mapping::shown,
};

const IS_KNOWN: &str =
    "SELECT 1 FROM emailpassword_pswd_reset_tokens WHERE app_id = $1 AND token = $2";

impl Handle<ResetPassword> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ResetPassword,
    ) -> Result<ResetPasswordResponse, EngineError> {
        if operation.method != "token" {
            let text = "Unsupported method for password reset";
            return Err(EngineError::BadRequest(text.to_owned()));
        }
        require_password(&operation.new_password)?;
        let digest = sha256_hex(operation.token.expose_secret());
        // Looked up first, so that an unknown token costs no hash.
        let known = in_tx!(scope, digest, |tx| {
            require_tenant(tx, &scope).await?;
            Ok(tx.query_opt(IS_KNOWN, params![scope.app, digest]).await?.is_some())
        });
        if !self.store().read(known).await? {
            return Ok(ResetPasswordResponse::ResetPasswordInvalidTokenError);
        }
        let hash = self.hasher().hash(operation.new_password).await?;
        let now_ms = self.clock().now_ms();
        let audit = self.audit();
        let body = in_tx!(scope, digest, hash, audit, |tx| {
            let Some((user_id, _)) = consume(tx, &scope, &digest, now_ms).await? else {
                return Ok(ResetPasswordResponse::ResetPasswordInvalidTokenError);
            };
            set_hash(tx, &scope.app, &user_id.clone().into(), &hash).await?;
            let event = Event::succeeded(AuditKind::PasswordReset).user(&user_id);
            let user_id = shown(tx, &scope.app, user_id).await?;
            audit.append(tx, &scope, event).await?;
            Ok(ResetPasswordResponse::Ok { user_id })
        });
        self.store().write(body).await
    }
}
