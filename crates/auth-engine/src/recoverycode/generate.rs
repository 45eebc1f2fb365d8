//! `POST /recipe/recoverycode/generate` (extension)

use auth_protocol::{
    Secret, TenantScope,
    recoverycode::{GenerateRecoveryCodes, GenerateRecoveryCodesResponse},
};

use super::code::{self, CODES};
use crate::{
    Engine, EngineError, Handle,
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
        let body = in_tx!(scope, user, digests, |tx| {
            require_app(tx, &scope.app).await?;
            code::clear(tx, &scope.app, &user).await?;
            for digest in &digests {
                tx.execute(INSERT, params![scope.app, user, digest, now_ms]).await?;
            }
            Ok(())
        });
        self.store().write(body).await?;
        Ok(GenerateRecoveryCodesResponse::Ok { codes })
    }
}
