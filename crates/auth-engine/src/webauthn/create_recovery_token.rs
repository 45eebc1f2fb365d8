//! `POST /recipe/webauthn/user/recover/token`

use auth_protocol::{
    TenantScope,
    webauthn::{CreatePasskeyRecoveryToken, CreatePasskeyRecoveryTokenResponse as Response},
};

use crate::{
    Engine, EngineError, Handle,
    clock::saturating_ms,
    digest::sha256_hex,
    normalise::email_to_store,
    storage::{in_tx, params},
    tenancy::require_tenant,
    user_id_mapping::Known,
};

/// The same for users that aren't there, or are in other tenants alone, so that the time it takes tells
/// nothing of them.
const SQL: &str = "INSERT INTO webauthn_account_recovery_tokens \
    (app_id, tenant_id, user_id, email, token, expires_at) \
    SELECT u.app_id, $2, u.user_id, $4, $5, $6 FROM app_id_to_user_id u \
    WHERE u.app_id = $1 AND u.user_id = $3 AND EXISTS (SELECT 1 FROM app_id_to_user_id m \
        JOIN recipe_user_tenants t ON t.app_id = m.app_id AND t.recipe_user_id = m.user_id \
        WHERE m.app_id = u.app_id AND t.tenant_id = $2 \
            AND m.primary_or_recipe_user_id = u.primary_or_recipe_user_id)";

impl Handle<CreatePasskeyRecoveryToken> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CreatePasskeyRecoveryToken,
    ) -> Result<Response, EngineError> {
        let token = self.random().token()?;
        let digest = sha256_hex(token.expose_secret());
        let email = email_to_store(&operation.email)?;
        let lifetime_ms = saturating_ms(self.config().passkey_recovery_token_lifetime);
        let expiry = self.clock().now_ms().saturating_add(lifetime_ms);
        let user = operation.user_id;
        let body = in_tx!(scope, user, digest, email, |tx| {
            require_tenant(tx, &scope).await?;
            let id = Known::by_any_id(tx, &scope.app, &user).await?.map_or(user, |it| it.id);
            let parameters = params![scope.app, scope.tenant, id, email, digest, expiry];
            Ok(tx.execute(SQL, parameters).await? > 0)
        });
        Ok(match self.store().write(body).await? {
            true => Response::Ok { token },
            false => Response::UnknownUserIdError,
        })
    }
}
