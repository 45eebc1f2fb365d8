//! `GET /recipe/user/email/verify`

use auth_protocol::{
    TenantScope,
    emailverification::{IsEmailVerified, IsEmailVerifiedResponse},
};

use super::{id_of_rows, is_verified};
use crate::{Engine, EngineError, Handle, normalise::email, storage::in_tx, tenancy::require_app};

impl Handle<IsEmailVerified> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: IsEmailVerified,
    ) -> Result<IsEmailVerifiedResponse, EngineError> {
        let (user, address) = (operation.user_id, email(&operation.email));
        let body = in_tx!(scope, user, address, |tx| {
            require_app(tx, &scope.app).await?;
            let id = id_of_rows(tx, &scope.app, &user).await?;
            is_verified(tx, &scope.app, &id, &address).await
        });
        let is_verified = self.store().read(body).await?;
        Ok(IsEmailVerifiedResponse::Ok { is_verified })
    }
}
