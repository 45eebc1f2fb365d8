//! `POST /recipe/recoverycode/remove` (extension)

use auth_protocol::{
    TenantScope,
    audit::AuditKind,
    recoverycode::{RemoveRecoveryCodes, RemoveRecoveryCodesResponse},
};

use super::code;
use crate::{Engine, EngineError, Handle, audit::Event, storage::in_tx, tenancy::require_app};

impl Handle<RemoveRecoveryCodes> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RemoveRecoveryCodes,
    ) -> Result<RemoveRecoveryCodesResponse, EngineError> {
        let audit = self.audit();
        let body = in_tx!(scope, operation, audit, |tx| {
            require_app(tx, &scope.app).await?;
            let ended = code::clear(tx, &scope.app, &operation.user_id).await?;
            if ended > 0 {
                let event = Event::succeeded(AuditKind::RecoveryCodesRemoved);
                let event = event.user(&operation.user_id).fact("ended", &ended);
                audit.append_to_app(tx, &scope.app, event).await?;
            }
            Ok(ended)
        });
        let did_codes_exist = self.store().write(body).await? > 0;
        Ok(RemoveRecoveryCodesResponse::Ok { did_codes_exist })
    }
}
