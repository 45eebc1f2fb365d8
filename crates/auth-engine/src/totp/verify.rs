//! `POST /recipe/totp/verify`

use auth_protocol::{
    TenantScope,
    totp::{VerifyTotp, VerifyTotpResponse as Response},
};

use super::{
    check::{Verdict, check},
    device::{Device, list, not_empty},
};
use crate::{
    Engine, EngineError, Handle, attempts::AttemptLimit, storage::in_tx, tenancy::require_tenant,
};

impl Handle<VerifyTotp> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: VerifyTotp,
    ) -> Result<Response, EngineError> {
        not_empty("userId", operation.user_id.as_str())?;
        let limit = AttemptLimit::of(self);
        let audit = self.audit();
        let body = in_tx!(scope, operation, audit, |tx| {
            require_tenant(tx, &scope).await?;
            let user = &operation.user_id;
            let devices = list(tx, &scope.app, user).await?;
            if devices.is_empty() {
                return Ok(None);
            }
            let verified: Vec<&Device> = devices.iter().filter(|device| device.verified).collect();
            let verdict = check(tx, &scope, user, &verified, &operation.totp, &limit).await?;
            if let Some(event) = verdict.event(&limit) {
                audit.append(tx, &scope, event.user(user)).await?;
            }
            Ok(Some(verdict))
        });
        let most = limit.most();
        Ok(match self.store().write(body).await? {
            None => Response::UnknownUserIdError,
            Some(Verdict::Accepted) => Response::Ok,
            Some(Verdict::Wrong { failed }) => Response::InvalidTotpError {
                current_number_of_failed_attempts: failed,
                max_number_of_failed_attempts: most,
            },
            Some(Verdict::LimitReached { retry_after_ms }) => Response::LimitReachedError {
                retry_after_ms,
                current_number_of_failed_attempts: most,
                max_number_of_failed_attempts: most,
            },
        })
    }
}
