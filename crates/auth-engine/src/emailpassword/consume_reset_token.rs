//! `POST /recipe/user/password/reset/token/consume`

use auth_protocol::{
    AppId, TenantScope, UserId,
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

const FIND: &str = "SELECT user_id, email, token_expiry FROM emailpassword_pswd_reset_tokens \
    WHERE app_id = $1 AND token = $2 FOR UPDATE";

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
            Ok(match consume(tx, &scope.app, &digest, now_ms).await? {
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

/// Uses a token up: whose it was, by the core's own id, and for which address, unless it is unknown or expired.
pub(super) async fn consume(
    tx: &mut Tx<'_>,
    app: &AppId,
    digest: &str,
    now_ms: i64,
) -> Result<Option<(UserId, String)>, EngineError> {
    let Some(row) = tx.query_opt(FIND, params![app, digest]).await? else { return Ok(None) };
    let user_id: UserId = row.get("user_id")?;
    // Even an expired token ends the others, and an answer keeps that.
    tx.execute(DELETE_ALL, params![app, user_id]).await?;
    let is_expired = row.get::<i64>("token_expiry")? < now_ms;
    Ok(if is_expired { None } else { Some((user_id, row.get("email")?)) })
}
