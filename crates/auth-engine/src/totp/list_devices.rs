//! `GET /recipe/totp/device/list`

use auth_protocol::{
    TenantScope,
    totp::{ListTotpDevices, ListTotpDevicesResponse, TotpDevice},
};

use super::device::{Device, list, not_empty};
use crate::{Engine, EngineError, Handle, storage::in_tx, tenancy::require_app};

impl Handle<ListTotpDevices> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ListTotpDevices,
    ) -> Result<ListTotpDevicesResponse, EngineError> {
        not_empty("userId", operation.user_id.as_str())?;
        let body = in_tx!(scope, operation, |tx| {
            require_app(tx, &scope.app).await?;
            list(tx, &scope.app, &operation.user_id).await
        });
        let devices = self.store().read(body).await?.into_iter().map(without_secret).collect();
        Ok(ListTotpDevicesResponse::Ok { devices })
    }
}

fn without_secret(device: Device) -> TotpDevice {
    TotpDevice {
        name: device.name,
        period: u32::try_from(device.period_secs).unwrap_or(u32::MAX),
        skew: u32::try_from(device.skew).unwrap_or(u32::MAX),
        verified: device.verified,
    }
}
