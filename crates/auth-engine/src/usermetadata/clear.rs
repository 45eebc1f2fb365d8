//! `POST /recipe/user/metadata/remove`

use auth_protocol::{
    TenantScope,
    usermetadata::{ClearUserMetadata, ClearUserMetadataResponse},
};

use crate::{
    Engine, EngineError, Handle,
    storage::{in_tx, params},
    tenancy::require_app,
};

const SQL: &str = "DELETE FROM user_metadata WHERE app_id = $1 AND user_id = $2";

impl Handle<ClearUserMetadata> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ClearUserMetadata,
    ) -> Result<ClearUserMetadataResponse, EngineError> {
        let body = in_tx!(scope, operation, |tx| {
            require_app(tx, &scope.app).await?;
            tx.execute(SQL, params![scope.app, operation.user_id]).await?;
            Ok(ClearUserMetadataResponse::Ok)
        });
        self.store().write(body).await
    }
}
