//! `POST /recipe/signinup/code/remove`

use auth_protocol::{
    TenantScope,
    passwordless::{RemoveCode, RemoveCodeResponse},
};

use super::{rows, secrets::without_padding};
use crate::{
    Engine, EngineError, Handle,
    storage::{Tx, in_tx, params},
    tenancy::require_tenant,
};

const DELETE_IF_EMPTY: &str = "DELETE FROM passwordless_devices WHERE app_id = $1 \
    AND tenant_id = $2 AND device_id_hash = $3 AND NOT EXISTS \
        (SELECT 1 FROM passwordless_codes c \
         WHERE c.app_id = $1 AND c.tenant_id = $2 AND c.device_id_hash = $3)";

/// What is revoked.
#[derive(Clone)]
enum Target {
    Code(String),
    Device(String),
}

impl Handle<RemoveCode> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RemoveCode,
    ) -> Result<RemoveCodeResponse, EngineError> {
        let RemoveCode { code_id, pre_auth_session_id } = operation;
        let refuse = |text: &str| Err(EngineError::BadRequest(text.to_owned()));
        let target = match (code_id, pre_auth_session_id) {
            (Some(id), None) => Target::Code(id),
            (None, Some(id)) => Target::Device(without_padding(&id).to_owned()),
            (None, None) => return refuse("Please provide either 'codeId' or 'preAuthSessionId'"),
            (Some(_), Some(_)) => {
                return refuse("Please provide only one of 'codeId' or 'preAuthSessionId'");
            }
        };
        let body = in_tx!(scope, target, |tx| {
            require_tenant(tx, &scope).await?;
            match &target {
                Target::Code(code_id) => remove(tx, &scope, code_id).await?,
                Target::Device(hash) => rows::delete_device(tx, &scope, hash).await?,
            }
            Ok(RemoveCodeResponse::Ok)
        });
        self.store().write(body).await
    }
}

async fn remove(tx: &mut Tx<'_>, scope: &TenantScope, code_id: &str) -> Result<(), EngineError> {
    let Some(device) = rows::device_of_code(tx, scope, code_id).await? else { return Ok(()) };
    // Locked, so that no code is added while the device is found to have none.
    rows::lock_device(tx, scope, &device).await?;
    rows::delete_code(tx, scope, code_id).await?;
    tx.execute(DELETE_IF_EMPTY, params![scope.app, scope.tenant, device]).await?;
    Ok(())
}
