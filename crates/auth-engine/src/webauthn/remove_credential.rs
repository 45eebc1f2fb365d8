//! `DELETE /recipe/webauthn/user/credential/remove`

use auth_protocol::{
    TenantScope,
    audit::AuditKind,
    webauthn::{RemovePasskey, RemovePasskeyResponse as Response},
};

use crate::{
    Engine, EngineError, Handle,
    audit::Event,
    storage::{in_tx, params},
    tenancy::require_tenant,
    user_id_mapping::Known,
};

const SQL: &str = "DELETE FROM webauthn_credentials WHERE app_id = $1 AND user_id = $2 AND id = $3";

impl Handle<RemovePasskey> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RemovePasskey,
    ) -> Result<Response, EngineError> {
        let audit = self.audit();
        let body = in_tx!(scope, operation, audit, |tx| {
            require_tenant(tx, &scope).await?;
            let id = operation.recipe_user_id.into();
            let Some(known) = Known::by_any_id(tx, &scope.app, &id).await? else {
                return Ok(Response::CredentialNotFoundError);
            };
            let parameters = params![scope.app, known.id, operation.webauthn_credential_id];
            if tx.execute(SQL, parameters).await? == 0 {
                return Ok(Response::CredentialNotFoundError);
            }
            let event = Event::succeeded(AuditKind::PasskeyRemoved).user(&known.primary);
            audit.append(tx, &scope, event).await?;
            Ok(Response::Ok)
        });
        self.store().write(body).await
    }
}
