//! `POST /recipe/signinup/code/check`

use auth_protocol::{
    TenantScope,
    audit::AuditKind,
    passwordless::{CheckCode, CheckCodeResponse as Response},
};

use super::verify::{Limits, Proof, Verdict, verify};
use crate::{Engine, EngineError, Handle, audit::Event, storage::in_tx, tenancy::require_tenant};

impl Handle<CheckCode> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CheckCode,
    ) -> Result<Response, EngineError> {
        let proof = Proof::read(operation.0)?;
        let limits = Limits::of(self);
        let audit = self.audit();
        let body = in_tx!(scope, proof, audit, |tx| {
            require_tenant(tx, &scope).await?;
            let mut wrong = None;
            let response = match verify(tx, &scope, &proof, &limits, &mut wrong).await? {
                Verdict::Right { device, .. } => Response::Ok { consumed_device: device.into() },
                Verdict::Restart => Response::RestartFlowError,
                Verdict::LimitReached { retry_after_ms } => {
                    Response::LimitReachedError { retry_after_ms }
                }
                Verdict::Expired(attempts) => Response::ExpiredUserInputCodeError {
                    failed_code_input_attempt_count: attempts.failed,
                    maximum_code_input_attempts: attempts.max,
                },
                Verdict::Incorrect(attempts) => Response::IncorrectUserInputCodeError {
                    failed_code_input_attempt_count: attempts.failed,
                    maximum_code_input_attempts: attempts.max,
                },
            };
            if let Some(wrong) = wrong {
                let event = wrong.event(tx, &scope).await?;
                audit.append(tx, &scope, event).await?;
            } else if let Response::Ok { .. } = &response {
                let event = Event::succeeded(AuditKind::OneTimeCode);
                audit.append(tx, &scope, event).await?;
            }
            Ok(response)
        });
        self.store().write(body).await
    }
}
