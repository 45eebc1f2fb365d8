//! `POST /recipe/totp/device/import`

use auth_protocol::{
    Secret, TenantScope,
    totp::{ImportTotpDevice, ImportTotpDeviceResponse},
};

use super::device::NewDevice;
use crate::{Engine, EngineError, Handle, storage::in_tx, tenancy::require_app};

impl Handle<ImportTotpDevice> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ImportTotpDevice,
    ) -> Result<ImportTotpDeviceResponse, EngineError> {
        let ImportTotpDevice { user_id, device_name, secret_key, skew, period } = operation;
        let device = NewDevice {
            name: device_name,
            secret: Secret::from(secret_key.expose_secret().trim()),
            period_secs: period,
            skew,
            verified: true,
            created_at_ms: self.clock().now_ms(),
        };
        device.check(&user_id)?;
        let body = in_tx!(scope, user_id, device, |tx| {
            require_app(tx, &scope.app).await?;
            device.store(tx, &scope.app, &user_id).await
        });
        Ok(match self.store().write(body).await? {
            Some(device_name) => ImportTotpDeviceResponse::Ok { device_name },
            None => ImportTotpDeviceResponse::DeviceAlreadyExistsError,
        })
    }
}
