//! `PUT /recipe/userid/external-user-id-info`

use auth_protocol::{
    TenantScope,
    user_id_mapping::{UpdateExternalUserIdInfo, UpdateExternalUserIdInfoResponse as Response},
};

use super::rows::{checked_id, checked_info, find};
use crate::{
    Engine, EngineError, Handle,
    storage::{in_tx, params},
    tenancy::require_app,
};

const UPDATE: &str = "UPDATE userid_mapping SET external_user_id_info = $3 \
    WHERE app_id = $1 AND supertokens_user_id = $2";

impl Handle<UpdateExternalUserIdInfo> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: UpdateExternalUserIdInfo,
    ) -> Result<Response, EngineError> {
        let id = checked_id("userId", &operation.user_id)?;
        let info = checked_info(operation.external_user_id_info.as_deref())?;
        let id_type = operation.user_id_type.unwrap_or_default();
        let body = in_tx!(scope, id, info, |tx| {
            require_app(tx, &scope.app).await?;
            let Some(mapping) = find(tx, &scope.app, &id, id_type).await? else {
                return Ok(Response::UnknownMappingError);
            };
            let own = &mapping.super_tokens_user_id;
            Ok(match tx.execute(UPDATE, params![scope.app, own, info]).await? {
                0 => Response::UnknownMappingError,
                _ => Response::Ok,
            })
        });
        self.store().write(body).await
    }
}
