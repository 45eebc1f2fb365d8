//! `PUT /recipe/totp/device`

use auth_protocol::{
    TenantScope,
    audit::AuditKind,
    totp::{UpdateTotpDevice, UpdateTotpDeviceResponse as Response},
};

use super::device::{check_name, not_empty};
use crate::{
    Engine, EngineError, Handle,
    audit::Event,
    storage::{in_tx, params},
    tenancy::require_app,
};

const RENAME: &str = "UPDATE totp_user_devices SET device_name = $4 \
    WHERE app_id = $1 AND user_id = $2 AND device_name = $3";

/// Its codes that were used stay used.
const MOVE_STEPS: &str = "UPDATE second_factor_attempts SET device_name = $4 \
    WHERE app_id = $1 AND user_id = $2 AND device_name = $3";

impl Handle<UpdateTotpDevice> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: UpdateTotpDevice,
    ) -> Result<Response, EngineError> {
        not_empty("userId", operation.user_id.as_str())?;
        not_empty("existingDeviceName", &operation.existing_device_name)?;
        check_name("newDeviceName", &operation.new_device_name)?;
        let audit = self.audit();
        let body = in_tx!(scope, operation, audit, |tx| {
            require_app(tx, &scope.app).await?;
            let UpdateTotpDevice { user_id, existing_device_name, new_device_name } = &operation;
            let names = params![scope.app, user_id, existing_device_name, new_device_name];
            if tx.execute(RENAME, names).await? == 0 {
                return Ok(Response::UnknownDeviceError);
            }
            tx.execute(MOVE_STEPS, names).await?;
            let event = Event::succeeded(AuditKind::TotpDeviceRenamed).user(user_id);
            let event = event.detail("from", existing_device_name).detail("to", new_device_name);
            audit.append_to_app(tx, &scope.app, event).await?;
            Ok(Response::Ok)
        });
        match self.store().write(body).await {
            Err(error) if error.is_unique_violation() => Ok(Response::DeviceAlreadyExistsError),
            result => result,
        }
    }
}
