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

/// As where it is used: where its user isn't in the tenant, a token isn't known there.
const FIND: &str = "SELECT t.user_id, t.email \
    FROM emailpassword_pswd_reset_tokens t WHERE t.app_id = $1 AND t.token = $2 \
        AND t.token_expiry >= $4 AND EXISTS (SELECT 1 FROM app_id_to_user_id u \
            JOIN recipe_user_tenants r ON r.app_id = u.app_id AND r.recipe_user_id = u.user_id \
            WHERE u.app_id = t.app_id AND r.tenant_id = $3 \
                AND (u.user_id = t.user_id OR u.primary_or_recipe_user_id = t.user_id))";

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
            let found =
                tx.query_opt(FIND, params![scope.app, digest, scope.tenant, now_ms]).await?;
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
