//! `POST /recipe/totp/device/verify`

use auth_protocol::{
    TenantScope,
    audit::AuditKind,
    totp::{VerifyTotpDevice, VerifyTotpDeviceResponse as Response},
};

use super::{
    check::{Verdict, check},
    device::{list, not_empty},
};
use crate::{
    Engine, EngineError, Handle,
    attempts::AttemptLimit,
    audit::Event,
    storage::{in_tx, params},
    tenancy::require_tenant,
};

/// Only the secret that was checked: the device may have been set up anew meanwhile.
const SET_VERIFIED: &str = "UPDATE totp_user_devices SET verified = TRUE \
    WHERE app_id = $1 AND user_id = $2 AND device_name = $3 AND secret_key = $4";

impl Handle<VerifyTotpDevice> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: VerifyTotpDevice,
    ) -> Result<Response, EngineError> {
        not_empty("userId", operation.user_id.as_str())?;
        not_empty("deviceName", &operation.device_name)?;
        let limit = AttemptLimit::of(self);
        let most = limit.most();
        let audit = self.audit();
        let body = in_tx!(scope, operation, audit, |tx| {
            require_tenant(tx, &scope).await?;
            let VerifyTotpDevice { user_id, device_name, totp } = &operation;
            let devices = list(tx, &scope.app, user_id).await?;
            let Some(device) = devices.iter().find(|device| device.name == *device_name) else {
                return Ok(Response::UnknownDeviceError);
            };
            if device.verified {
                return Ok(Response::Ok { was_already_verified: true });
            }
            let verdict = check(tx, &scope, user_id, &[device], totp, &limit).await?;
            let mut event = verdict.event(&limit);
            let response = match verdict {
                Verdict::Accepted => {
                    let row = params![scope.app, user_id, device_name, device.secret];
                    if tx.execute(SET_VERIFIED, row).await? == 0 {
                        Response::UnknownDeviceError
                    } else {
                        event = Some(Event::succeeded(AuditKind::TotpDeviceVerified));
                        Response::Ok { was_already_verified: false }
                    }
                }
                Verdict::Wrong { failed } => Response::InvalidTotpError {
                    current_number_of_failed_attempts: failed,
                    max_number_of_failed_attempts: most,
                },
                Verdict::LimitReached { retry_after_ms } => Response::LimitReachedError {
                    retry_after_ms,
                    current_number_of_failed_attempts: most,
                    max_number_of_failed_attempts: most,
                },
            };
            if let Some(event) = event {
                let event = event.user(user_id).detail("device", device_name);
                audit.append(tx, &scope, event).await?;
            }
            Ok(response)
        });
        self.store().write(body).await
    }
}
