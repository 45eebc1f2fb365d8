//! `POST /recipe/totp/device`

use auth_protocol::{
    Secret, TenantScope,
    totp::{CreateTotpDevice, CreateTotpDeviceResponse},
};

use super::device::NewDevice;
use crate::{Engine, EngineError, Handle};

/// The length that RFC 4226, section 4, recommends.
const SECRET_BYTES: usize = 20;

impl Handle<CreateTotpDevice> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CreateTotpDevice,
    ) -> Result<CreateTotpDeviceResponse, EngineError> {
        let mut bytes = [0; SECRET_BYTES];
        self.random().fill(&mut bytes)?;
        let secret = Secret::from(totp_rs::Secret::from(bytes).to_base32());
        let CreateTotpDevice { user_id, device_name, skew, period } = operation;
        let device = NewDevice {
            name: device_name,
            secret: secret.clone(),
            period_secs: period,
            skew,
            verified: false,
            created_at_ms: self.clock().now_ms(),
        };
        Ok(match device.add(self, scope, user_id).await? {
            Some(device_name) => CreateTotpDeviceResponse::Ok { device_name, secret },
            None => CreateTotpDeviceResponse::DeviceAlreadyExistsError,
        })
    }
}
