//! `GET /recipe/webauthn/user/credential`

use auth_protocol::{
    TenantScope,
    webauthn::{GetPasskey, GetPasskeyResponse as Response},
};

use super::name;
use crate::{
    Engine, EngineError, Handle,
    storage::{in_tx, params},
    tenancy::require_tenant,
    user_id_mapping::Known,
};

const SQL: &str = "SELECT id, rp_id, aaguid, is_backed_up, name, created_at, updated_at \
    FROM webauthn_credentials WHERE app_id = $1 AND user_id = $2 AND id = $3";

impl Handle<GetPasskey> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: GetPasskey,
    ) -> Result<Response, EngineError> {
        let body = in_tx!(scope, operation, |tx| {
            require_tenant(tx, &scope).await?;
            let id = operation.recipe_user_id.into();
            let Some(known) = Known::by_any_id(tx, &scope.app, &id).await? else {
                return Ok(Response::CredentialNotFoundError);
            };
            let parameters = params![scope.app, known.id, operation.webauthn_credential_id];
            let Some(row) = tx.query_opt(SQL, parameters).await? else {
                return Ok(Response::CredentialNotFoundError);
            };
            let aaguid: String = row.get("aaguid")?;
            Ok(Response::Ok {
                webauthn_credential_id: row.get("id")?,
                recipe_user_id: known.shown_id,
                relying_party_id: row.get("rp_id")?,
                created_at: row.get("created_at")?,
                updated_at: row.get("updated_at")?,
                is_backed_up: row.get("is_backed_up")?,
                name: name::shown(row.get("name")?, &aaguid),
                aaguid: Some(aaguid),
            })
        });
        self.store().read(body).await
    }
}
