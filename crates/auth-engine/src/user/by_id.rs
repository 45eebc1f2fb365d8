//! `GET /user/id`

use auth_protocol::{
    TenantScope,
    user::{GetUserById, GetUserByIdResponse},
};

use super::find_by_any_id;
use crate::{Engine, EngineError, Handle, storage::in_tx, tenancy::require_app};

impl Handle<GetUserById> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: GetUserById,
    ) -> Result<GetUserByIdResponse, EngineError> {
        let body = in_tx!(scope, operation, |tx| {
            require_app(tx, &scope.app).await?;
            find_by_any_id(tx, &scope.app, &operation.user_id).await
        });
        Ok(match self.store().read(body).await? {
            Some((_, user)) => GetUserByIdResponse::Ok { user },
            None => GetUserByIdResponse::UnknownUserIdError,
        })
    }
}
