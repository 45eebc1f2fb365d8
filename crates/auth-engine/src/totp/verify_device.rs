//! `POST /recipe/totp/device/verify`

use auth_protocol::{
    TenantScope,
    totp::{VerifyTotpDevice, VerifyTotpDeviceResponse as Response},
};

use super::{
    check::{Verdict, check},
    device::{list, not_empty},
};
use crate::{
    Engine, EngineError, Handle,
    attempts::AttemptLimit,
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
        let body = in_tx!(scope, operation, |tx| {
            require_tenant(tx, &scope).await?;
            let VerifyTotpDevice { user_id, device_name, totp } = &operation;
            let devices = list(tx, &scope.app, user_id).await?;
            let Some(device) = devices.iter().find(|device| device.name == *device_name) else {
                return Ok(Response::UnknownDeviceError);
            };
            if device.verified {
                return Ok(Response::Ok { was_already_verified: true });
            }
            Ok(match check(tx, &scope, user_id, &[device], totp, &limit).await? {
                Verdict::Accepted => {
                    let row = params![scope.app, user_id, device_name, device.secret];
                    match tx.execute(SET_VERIFIED, row).await? {
                        0 => Response::UnknownDeviceError,
                        _ => Response::Ok { was_already_verified: false },
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
            })
        });
        self.store().write(body).await
    }
}
