//! `PUT /recipe/webauthn/user/credential/name` (extension)

use auth_protocol::{
    TenantScope,
    webauthn::{RenamePasskey, RenamePasskeyResponse as Response},
};

use super::name;
use crate::{
    Engine, EngineError, Handle,
    storage::{in_tx, params},
    tenancy::require_tenant,
    user_id_mapping::Known,
};

/// When it was last used stays as it is.
const SQL: &str = "UPDATE webauthn_credentials SET name = $4 \
    WHERE app_id = $1 AND user_id = $2 AND id = $3 RETURNING aaguid";

impl Handle<RenamePasskey> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RenamePasskey,
    ) -> Result<Response, EngineError> {
        let name = match name::clean(&operation.name) {
            Ok(name) => name,
            Err(reason) => return Ok(Response::InvalidNameError { reason }),
        };
        let body = in_tx!(scope, operation, name, |tx| {
            require_tenant(tx, &scope).await?;
            let id = operation.recipe_user_id.into();
            let Some(known) = Known::by_any_id(tx, &scope.app, &id).await? else {
                return Ok(Response::CredentialNotFoundError);
            };
            let id = operation.webauthn_credential_id;
            let Some(row) = tx.query_opt(SQL, params![scope.app, known.id, id, name]).await? else {
                return Ok(Response::CredentialNotFoundError);
            };
            let aaguid: String = row.get("aaguid")?;
            Ok(Response::Ok { name: name::shown(name, &aaguid) })
        });
        self.store().write(body).await
    }
}
