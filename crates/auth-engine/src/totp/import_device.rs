//! `POST /recipe/totp/device/import`

use auth_protocol::{
    Secret, TenantScope,
    totp::{ImportTotpDevice, ImportTotpDeviceResponse},
};

use super::device::NewDevice;
use crate::{Engine, EngineError, Handle};

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
        Ok(match device.add(self, scope, user_id).await? {
            Some(device_name) => ImportTotpDeviceResponse::Ok { device_name },
            None => ImportTotpDeviceResponse::DeviceAlreadyExistsError,
        })
    }
}
