//! `POST /recipe/user/email/verify`

use auth_protocol::{
    TenantScope, UserId,
    audit::AuditKind,
    emailverification::{VerifyEmail, VerifyEmailResponse as Response},
};

use super::set_verified;
use crate::{
    Engine, EngineError, Handle,
    audit::Event,
    digest::sha256_hex,
    storage::{in_tx, params},
    tenancy::require_tenant,
    user_id_mapping::shown,
};

const FIND: &str = "SELECT user_id, email, token_expiry FROM emailverification_tokens \
    WHERE app_id = $1 AND tenant_id = $2 AND token = $3 FOR UPDATE";

/// With the others of the same user and address: one of them has served.
const DELETE: &str = "DELETE FROM emailverification_tokens \
    WHERE app_id = $1 AND tenant_id = $2 AND user_id = $3 AND email = $4";

impl Handle<VerifyEmail> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: VerifyEmail,
    ) -> Result<Response, EngineError> {
        if operation.method != "token" {
            let text = "Unsupported method for email verification";
            return Err(EngineError::BadRequest(text.to_owned()));
        }
        let digest = sha256_hex(operation.token.expose_secret());
        let now_ms = self.clock().now_ms();
        let audit = self.audit();
        let body = in_tx!(scope, digest, audit, |tx| {
            require_tenant(tx, &scope).await?;
            let TenantScope { app, tenant } = &scope;
            let Some(row) = tx.query_opt(FIND, params![app, tenant, digest]).await? else {
                return Ok(Response::EmailVerificationInvalidTokenError);
            };
            let (user_id, email): (UserId, String) = (row.get("user_id")?, row.get("email")?);
            // Who deletes the tokens has used them, an expired one as well.
            let deleted = tx.execute(DELETE, params![app, tenant, user_id, email]).await?;
            if deleted == 0 || row.get::<i64>("token_expiry")? < now_ms {
                return Ok(Response::EmailVerificationInvalidTokenError);
            }
            set_verified(tx, app, &user_id.clone().into(), &email).await?;
            let event = Event::succeeded(AuditKind::EmailVerified).user(&user_id);
            let user_id = shown(tx, app, user_id).await?;
            audit.append(tx, &scope, event.detail("email", &email)).await?;
            Ok(Response::Ok { user_id, email })
        });
        self.store().write(body).await
    }
}
