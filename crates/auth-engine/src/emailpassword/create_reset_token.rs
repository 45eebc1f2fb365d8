//! `POST /recipe/user/password/reset/token`

use auth_protocol::{
    TenantScope,
    emailpassword::{CreatePasswordResetToken, CreatePasswordResetTokenResponse},
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

/// The same for users that aren't there, so that the time it takes tells nothing of them.
const SQL: &str = "INSERT INTO emailpassword_pswd_reset_tokens \
    (app_id, user_id, token, email, token_expiry) \
    SELECT u.app_id, u.user_id, $3, $4, $5 FROM app_id_to_user_id u \
    WHERE u.app_id = $1 AND u.user_id = $2";

impl Handle<CreatePasswordResetToken> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CreatePasswordResetToken,
    ) -> Result<CreatePasswordResetTokenResponse, EngineError> {
        let token = self.random().token()?;
        let digest = sha256_hex(token.expose_secret());
        let email = email_to_store(&operation.email)?;
        let lifetime_ms = saturating_ms(self.config().password_reset_token_lifetime);
        let expiry = self.clock().now_ms().saturating_add(lifetime_ms);
        let user = operation.user_id;
        let body = in_tx!(scope, user, digest, email, |tx| {
            require_tenant(tx, &scope).await?;
            let id = Known::by_any_id(tx, &scope.app, &user).await?.map_or(user, |it| it.id);
            Ok(tx.execute(SQL, params![scope.app, id, digest, email, expiry]).await? > 0)
        });
        Ok(match self.store().write(body).await? {
            true => CreatePasswordResetTokenResponse::Ok { token },
            false => CreatePasswordResetTokenResponse::UnknownUserIdError,
        })
    }
}
