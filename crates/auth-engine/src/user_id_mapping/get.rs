//! `GET /recipe/userid/map`

use auth_protocol::{
    TenantScope,
    user_id_mapping::{GetUserIdMapping, GetUserIdMappingResponse as Response},
};

use super::rows::{checked_id, find};
use crate::{Engine, EngineError, Handle, storage::in_tx, tenancy::require_app};

impl Handle<GetUserIdMapping> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: GetUserIdMapping,
    ) -> Result<Response, EngineError> {
        let id = checked_id("userId", &operation.user_id)?;
        let id_type = operation.user_id_type.unwrap_or_default();
        let body = in_tx!(scope, id, |tx| {
            require_app(tx, &scope.app).await?;
            find(tx, &scope.app, &id, id_type).await
        });
        let mapping = self.store().read(body).await?;
        Ok(mapping.map_or(Response::UnknownMappingError, Response::Ok))
    }
}
