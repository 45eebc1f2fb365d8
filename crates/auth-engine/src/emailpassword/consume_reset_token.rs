//! `POST /recipe/user/password/reset/token/consume`

use auth_protocol::{
    TenantScope, UserId,
    emailpassword::{ConsumePasswordResetToken, ConsumePasswordResetTokenResponse},
};

use crate::{
    Engine, EngineError, Handle,
    digest::sha256_hex,
    storage::{in_tx, params},
    tenancy::require_tenant,
};

const FIND: &str = "SELECT user_id, email, token_expiry FROM emailpassword_pswd_reset_tokens \
    WHERE app_id = $1 AND token = $2 FOR UPDATE";

const DELETE_ALL: &str =
    "DELETE FROM emailpassword_pswd_reset_tokens WHERE app_id = $1 AND user_id = $2";

impl Handle<ConsumePasswordResetToken> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ConsumePasswordResetToken,
    ) -> Result<ConsumePasswordResetTokenResponse, EngineError> {
        let digest = sha256_hex(operation.token.expose_secret());
        let now_ms = self.clock().now_ms();
        let body = in_tx!(scope, digest, |tx| {
            require_tenant(tx, &scope).await?;
            let Some(row) = tx.query_opt(FIND, params![scope.app, digest]).await? else {
                return Ok(ConsumePasswordResetTokenResponse::ResetPasswordInvalidTokenError);
            };
            let user_id: UserId = row.get(0)?;
            // Even an expired token ends the others, and an answer keeps that.
            tx.execute(DELETE_ALL, params![scope.app, user_id]).await?;
            if row.get::<i64>(2)? < now_ms {
                return Ok(ConsumePasswordResetTokenResponse::ResetPasswordInvalidTokenError);
            }
            Ok(ConsumePasswordResetTokenResponse::Ok { user_id, email: row.get(1)? })
        });
        self.store().write(body).await
    }
}
