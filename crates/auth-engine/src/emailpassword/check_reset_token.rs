//! `POST /recipe/user/password/reset/token/check` (extension)

use auth_protocol::{
    TenantScope, UserId,
    emailpassword::{CheckPasswordResetToken, ConsumePasswordResetTokenResponse as Response},
};

use crate::{
    Engine, EngineError, Handle,
    digest::sha256_hex,
    storage::{in_tx, params},
    tenancy::require_tenant,
    user_id_mapping::shown,
};

const FIND: &str = "SELECT user_id, email FROM emailpassword_pswd_reset_tokens \
    WHERE app_id = $1 AND token = $2 AND token_expiry >= $3";

impl Handle<CheckPasswordResetToken> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CheckPasswordResetToken,
    ) -> Result<Response, EngineError> {
        let digest = sha256_hex(operation.token.expose_secret());
        let now_ms = self.clock().now_ms();
        let body = in_tx!(scope, digest, |tx| {
            require_tenant(tx, &scope).await?;
            let found = tx.query_opt(FIND, params![scope.app, digest, now_ms]).await?;
            let Some(row) = found else {
                return Ok(Response::ResetPasswordInvalidTokenError);
            };
            let user_id: UserId = row.get("user_id")?;
            let user_id = shown(tx, &scope.app, user_id).await?;
            Ok(Response::Ok { user_id, email: row.get("email")? })
        });
        self.store().read(body).await
    }
}
