//! `POST /recipe/totp/device/remove`

use auth_protocol::{
    TenantScope,
    audit::AuditKind,
    totp::{RemoveTotpDevice, RemoveTotpDeviceResponse},
};

use super::device::{forget_steps, not_empty};
use crate::{
    Engine, EngineError, Handle,
    audit::Event,
    storage::{in_tx, params},
    tenancy::require_app,
};

const SQL: &str =
    "DELETE FROM totp_user_devices WHERE app_id = $1 AND user_id = $2 AND device_name = $3";

impl Handle<RemoveTotpDevice> for Engine {
    /// Attempts that were made stay counted: who is locked out must not get in by setting up
    /// another device.
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RemoveTotpDevice,
    ) -> Result<RemoveTotpDeviceResponse, EngineError> {
        not_empty("userId", operation.user_id.as_str())?;
        not_empty("deviceName", &operation.device_name)?;
        let audit = self.audit();
        let body = in_tx!(scope, operation, audit, |tx| {
            require_app(tx, &scope.app).await?;
            let RemoveTotpDevice { user_id, device_name } = &operation;
            let removed = tx.execute(SQL, params![scope.app, user_id, device_name]).await?;
            forget_steps(tx, &scope.app, user_id, device_name).await?;
            if removed > 0 {
                let event = Event::succeeded(AuditKind::TotpDeviceRemoved).user(user_id);
                let event = event.detail("device", device_name);
                audit.append_to_app(tx, &scope.app, event).await?;
            }
            Ok(RemoveTotpDeviceResponse::Ok { did_device_exist: removed > 0 })
        });
        self.store().write(body).await
    }
}
