//! `POST /recipe/signinup/code/check`

use auth_protocol::{
    TenantScope,
    passwordless::{CheckCode, CheckCodeResponse as Response},
};

use super::verify::{Limits, Proof, Verdict, verify};
use crate::{Engine, EngineError, Handle, storage::in_tx, tenancy::require_tenant};

impl Handle<CheckCode> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CheckCode,
    ) -> Result<Response, EngineError> {
        let proof = Proof::read(operation.0)?;
        let limits = Limits::of(self);
        let body = in_tx!(scope, proof, |tx| {
            require_tenant(tx, &scope).await?;
            Ok(match verify(tx, &scope, &proof, &limits).await? {
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
            })
        });
        self.store().write(body).await
    }
}
