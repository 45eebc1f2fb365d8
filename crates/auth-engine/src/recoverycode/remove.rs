//! `POST /recipe/recoverycode/remove` (extension)

use auth_protocol::{
    TenantScope,
    recoverycode::{RemoveRecoveryCodes, RemoveRecoveryCodesResponse},
};

use super::code;
use crate::{Engine, EngineError, Handle, storage::in_tx, tenancy::require_app};

impl Handle<RemoveRecoveryCodes> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RemoveRecoveryCodes,
    ) -> Result<RemoveRecoveryCodesResponse, EngineError> {
        let body = in_tx!(scope, operation, |tx| {
            require_app(tx, &scope.app).await?;
            code::clear(tx, &scope.app, &operation.user_id).await
        });
        let did_codes_exist = self.store().write(body).await? > 0;
        Ok(RemoveRecoveryCodesResponse::Ok { did_codes_exist })
    }
}
