//! `POST /recipe/recoverycode/generate` (extension)

use auth_protocol::{
    Secret, TenantScope,
    audit::AuditKind,
    recoverycode::{GenerateRecoveryCodes, GenerateRecoveryCodesResponse},
};

use super::code::{self, CODES};
use crate::{
    Engine, EngineError, Handle,
    audit::Event,
    storage::{in_tx, params},
    tenancy::require_app,
};

const INSERT: &str = "INSERT INTO recovery_codes (app_id, user_id, code_hash, created_at) \
    VALUES ($1, $2, $3, $4)";

impl Handle<GenerateRecoveryCodes> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: GenerateRecoveryCodes,
    ) -> Result<GenerateRecoveryCodesResponse, EngineError> {
        let user = operation.user_id;
        let codes: Vec<Secret> =
            (0..CODES).map(|_| code::random(self.random())).collect::<Result<_, _>>()?;
        let digests: Vec<String> =
            codes.iter().filter_map(|code| code::digest(&user, code)).collect();
        let now_ms = self.clock().now_ms();
        let audit = self.audit();
        let body = in_tx!(scope, user, digests, audit, |tx| {
            require_app(tx, &scope.app).await?;
            code::clear(tx, &scope.app, &user).await?;
            for digest in &digests {
                tx.execute(INSERT, params![scope.app, user, digest, now_ms]).await?;
            }
            let event = Event::succeeded(AuditKind::RecoveryCodesCreated).user(&user);
            audit.append_to_app(tx, &scope.app, event).await
        });
        self.store().write(body).await?;
        Ok(GenerateRecoveryCodesResponse::Ok { codes })
    }
}
