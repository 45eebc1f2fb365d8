//! `GET /recipe/webauthn/user/recover`

use auth_protocol::{
    RecipeId, TenantScope,
    webauthn::{GetUserOfPasskeyRecoveryToken, GetUserOfPasskeyRecoveryTokenResponse as Response},
};

use super::tokens::RecoveryToken;
use crate::{
    Engine, EngineError, Handle, digest::sha256_hex, storage::in_tx, tenancy::require_tenant, user,
};

impl Handle<GetUserOfPasskeyRecoveryToken> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: GetUserOfPasskeyRecoveryToken,
    ) -> Result<Response, EngineError> {
        let digest = sha256_hex(operation.token.expose_secret());
        let now_ms = self.clock().now_ms();
        let body = in_tx!(scope, digest, |tx| {
            require_tenant(tx, &scope).await?;
            let token = RecoveryToken::find(tx, &scope, &digest).await?;
            let Some(token) = token.filter(|token| token.expires_at >= now_ms) else {
                return Ok(Response::RecoverAccountTokenInvalidError);
            };
            let Some((known, user)) = user::find(tx, &scope.app, &token.user_id).await? else {
                return Ok(Response::RecoverAccountTokenInvalidError);
            };
            let method = user.login_methods.iter().find(|method| {
                method.recipe_id == RecipeId::Webauthn
                    && method.email.as_ref() == Some(&token.email)
            });
            let id = method.map_or(known.shown_id, |method| method.recipe_user_id.clone());
            Ok(Response::Ok { user, recipe_user_id: id, email: Some(token.email) })
        });
        self.store().read(body).await
    }
}
