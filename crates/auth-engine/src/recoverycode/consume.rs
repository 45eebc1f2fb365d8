//! `POST /recipe/recoverycode/consume` (extension)

use auth_protocol::{
    TenantScope,
    audit::AuditKind,
    recoverycode::{ConsumeRecoveryCode, ConsumeRecoveryCodeResponse as Response},
};

use super::code;
use crate::{
    Engine, EngineError, Handle,
    attempts::{Attempt, AttemptLimit, Standing},
    audit::Event,
    storage::{in_tx, params},
    tenancy::require_tenant,
};

const FIND: &str = "SELECT 1 FROM recovery_codes \
    WHERE app_id = $1 AND user_id = $2 AND code_hash = $3 FOR UPDATE";

const USE_UP: &str =
    "DELETE FROM recovery_codes WHERE app_id = $1 AND user_id = $2 AND code_hash = $3";

impl Handle<ConsumeRecoveryCode> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ConsumeRecoveryCode,
    ) -> Result<Response, EngineError> {
        let limit = AttemptLimit::of(self);
        let digest = code::digest(&operation.user_id, &operation.code);
        let user = operation.user_id;
        let audit = self.audit();
        let body = in_tx!(scope, user, digest, audit, |tx| {
            require_tenant(tx, &scope).await?;
            if code::count(tx, &scope.app, &user).await? == 0 {
                return Ok(Response::UnknownUserIdError);
            }
            let most = limit.most();
            // Locked until the end: of two at once, the other then finds nothing.
            let is_valid = match &digest {
                Some(digest) => {
                    tx.query_opt(FIND, params![scope.app, user, digest]).await?.is_some()
                }
                None => false,
            };
            loop {
                let (number, failed) = match limit.standing(tx, &scope, &user).await? {
                    Standing::Open { attempt, failed } => (attempt, failed),
                    Standing::Closed { retry_after_ms } => {
                        return Ok(Response::LimitReachedError {
                            retry_after_ms,
                            current_number_of_failed_attempts: most,
                            max_number_of_failed_attempts: most,
                        });
                    }
                };
                let expires_at_ms = limit.now_ms();
                let attempt = Attempt { number, is_valid, used_step: None, expires_at_ms };
                if !limit.record(tx, &scope, &user, attempt).await? {
                    continue;
                }
                if !is_valid {
                    let event = limit.wrong(AuditKind::RecoveryCode, failed + 1);
                    audit.append(tx, &scope, event.user(&user)).await?;
                    return Ok(Response::InvalidRecoveryCodeError {
                        current_number_of_failed_attempts: failed + 1,
                        max_number_of_failed_attempts: most,
                    });
                }
                tx.execute(USE_UP, params![scope.app, user, digest]).await?;
                let codes_left = code::count(tx, &scope.app, &user).await?;
                let event = Event::succeeded(AuditKind::RecoveryCode).user(&user);
                let event = event.fact("codes_left", &codes_left);
                audit.append(tx, &scope, event).await?;
                return Ok(Response::Ok { codes_left });
            }
        });
        self.store().write(body).await
    }
}
