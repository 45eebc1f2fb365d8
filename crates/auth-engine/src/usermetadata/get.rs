//! `GET /recipe/user/metadata`

use auth_protocol::{
    TenantScope,
    usermetadata::{GetUserMetadata, GetUserMetadataResponse},
};

use super::find;
use crate::{Engine, EngineError, Handle, storage::in_tx, tenancy::require_app};

impl Handle<GetUserMetadata> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: GetUserMetadata,
    ) -> Result<GetUserMetadataResponse, EngineError> {
        let body = in_tx!(scope, operation, |tx| {
            require_app(tx, &scope.app).await?;
            find(tx, &scope.app, &operation.user_id).await
        });
        let metadata = self.store().read(body).await?.unwrap_or_default();
        Ok(GetUserMetadataResponse::Ok { metadata })
    }
}
