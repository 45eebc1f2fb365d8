//! `POST /recipe/user/email/verify/token`

use auth_protocol::{
    TenantScope,
    emailverification::{
        CreateEmailVerificationToken, CreateEmailVerificationTokenResponse as Response,
    },
};

use super::{checked_id, id_of_rows, is_verified};
use crate::{
    Engine, EngineError, Handle,
    clock::saturating_ms,
    digest::sha256_hex,
    normalise::email_to_store,
    storage::{in_tx, params},
    tenancy::require_tenant,
};

const INSERT: &str = "INSERT INTO emailverification_tokens \
    (app_id, tenant_id, user_id, email, token, token_expiry) VALUES ($1, $2, $3, $4, $5, $6)";

impl Handle<CreateEmailVerificationToken> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CreateEmailVerificationToken,
    ) -> Result<Response, EngineError> {
        let token = self.random().token()?;
        let digest = sha256_hex(token.expose_secret());
        let email = email_to_store(&operation.email)?;
        let user = checked_id(&operation.user_id)?;
        let lifetime_ms = saturating_ms(self.config().email_verification_token_lifetime);
        let expiry = self.clock().now_ms().saturating_add(lifetime_ms);
        let body = in_tx!(scope, user, digest, email, |tx| {
            require_tenant(tx, &scope).await?;
            let id = id_of_rows(tx, &scope.app, &user).await?;
            if is_verified(tx, &scope.app, &id, &email).await? {
                return Ok(false);
            }
            let row = params![scope.app, scope.tenant, id, email, digest, expiry];
            tx.execute(INSERT, row).await?;
            Ok(true)
        });
        Ok(match self.store().write(body).await? {
            true => Response::Ok { token },
            false => Response::EmailAlreadyVerifiedError,
        })
    }
}
