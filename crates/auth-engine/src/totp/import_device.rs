//! `POST /recipe/totp/device/import`

use auth_protocol::{
    Secret, TenantScope, read_typed,
    totp::{ImportTotpDevice, ImportTotpDeviceResponse},
};

use super::device::{LONGEST_SECRET, NewDevice};
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
            secret: as_base32(&secret_key),
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

/// The secret in the alphabet of RFC 4648, as authenticators and other systems write it: in small
/// letters, in groups, with padding. What is longer than any is left to be refused.
fn as_base32(written: &Secret) -> Secret {
    let written = written.expose_secret();
    if written.len() > 8 * LONGEST_SECRET {
        return written.into();
    }
    let mut read = read_typed(written);
    read.truncate(read.trim_end_matches('=').len());
    read.make_ascii_uppercase();
    read.into()
}
