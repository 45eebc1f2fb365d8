//! `GET /recipe/recoverycode/count` (extension)

use auth_protocol::{
    TenantScope,
    recoverycode::{CountRecoveryCodes, CountRecoveryCodesResponse},
};

use super::code;
use crate::{Engine, EngineError, Handle, storage::in_tx, tenancy::require_app};

impl Handle<CountRecoveryCodes> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CountRecoveryCodes,
    ) -> Result<CountRecoveryCodesResponse, EngineError> {
        let body = in_tx!(scope, operation, |tx| {
            require_app(tx, &scope.app).await?;
            code::count(tx, &scope.app, &operation.user_id).await
        });
        let codes_left = self.store().read(body).await?;
        Ok(CountRecoveryCodesResponse::Ok { codes_left })
    }
}
