//! `POST /recipe/user/password/reset/token/consume`

use auth_protocol::{
    TenantScope, UserId,
    audit::AuditKind,
    emailpassword::{ConsumePasswordResetToken, ConsumePasswordResetTokenResponse as Response},
};

use crate::{
    Engine, EngineError, Handle,
    audit::Event,
    digest::sha256_hex,
    storage::{Tx, in_tx, params},
    tenancy::require_tenant,
    user_id_mapping::shown,
};

/// Where its user isn't in the tenant, a token isn't known there.
const FIND: &str = "SELECT t.user_id, t.email, t.token_expiry \
    FROM emailpassword_pswd_reset_tokens t WHERE t.app_id = $1 AND t.token = $2 \
        AND EXISTS (SELECT 1 FROM app_id_to_user_id u \
            JOIN recipe_user_tenants r ON r.app_id = u.app_id AND r.recipe_user_id = u.user_id \
            WHERE u.app_id = t.app_id AND r.tenant_id = $3 \
                AND (u.user_id = t.user_id OR u.primary_or_recipe_user_id = t.user_id)) \
    FOR UPDATE";

const DELETE_ALL: &str =
    "DELETE FROM emailpassword_pswd_reset_tokens WHERE app_id = $1 AND user_id = $2";

impl Handle<ConsumePasswordResetToken> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ConsumePasswordResetToken,
    ) -> Result<Response, EngineError> {
        let digest = sha256_hex(operation.token.expose_secret());
        let now_ms = self.clock().now_ms();
        let audit = self.audit();
        let body = in_tx!(scope, digest, audit, |tx| {
            require_tenant(tx, &scope).await?;
            Ok(match consume(tx, &scope, &digest, now_ms).await? {
                Some((user_id, email)) => {
                    let event = Event::succeeded(AuditKind::PasswordReset).user(&user_id);
                    let shown = shown(tx, &scope.app, user_id).await?;
                    audit.append(tx, &scope, event).await?;
                    Response::Ok { user_id: shown, email }
                }
                None => Response::ResetPasswordInvalidTokenError,
            })
        });
        self.store().write(body).await
    }
}

/// Uses a token up: whose it was, by the core's own id, and for which address, unless it is unknown in the
/// tenant or expired.
pub(super) async fn consume(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    digest: &str,
    now_ms: i64,
) -> Result<Option<(UserId, String)>, EngineError> {
    let found = tx.query_opt(FIND, params![scope.app, digest, scope.tenant]).await?;
    let Some(row) = found else { return Ok(None) };
    let user_id: UserId = row.get("user_id")?;
    // Even an expired token ends the others, and an answer keeps that.
    tx.execute(DELETE_ALL, params![scope.app, user_id]).await?;
    let is_expired = row.get::<i64>("token_expiry")? < now_ms;
    Ok(if is_expired { None } else { Some((user_id, row.get("email")?)) })
}
