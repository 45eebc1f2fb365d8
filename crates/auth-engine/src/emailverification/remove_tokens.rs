//! `POST /recipe/user/email/verify/token/remove`

use auth_protocol::{
    TenantScope,
    emailverification::{RemoveEmailVerificationTokens, RemoveEmailVerificationTokensResponse},
};

use super::id_of_rows;
use crate::{
    Engine, EngineError, Handle,
    normalise::email,
    storage::{in_tx, params},
    tenancy::require_tenant,
};

const SQL: &str = "DELETE FROM emailverification_tokens \
    WHERE app_id = $1 AND tenant_id = $2 AND user_id = $3 AND email = $4";

impl Handle<RemoveEmailVerificationTokens> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RemoveEmailVerificationTokens,
    ) -> Result<RemoveEmailVerificationTokensResponse, EngineError> {
        let (user, address) = (operation.user_id, email(&operation.email));
        let body = in_tx!(scope, user, address, |tx| {
            require_tenant(tx, &scope).await?;
            let id = id_of_rows(tx, &scope.app, &user).await?;
            tx.execute(SQL, params![scope.app, scope.tenant, id, address]).await?;
            Ok(RemoveEmailVerificationTokensResponse::Ok)
        });
        self.store().write(body).await
    }
}
