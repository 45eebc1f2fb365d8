//! `GET /recipe/webauthn/user/credential/list`

use auth_protocol::{
    TenantScope, UserId,
    webauthn::{ListPasskeys, ListPasskeysResponse as Response, Passkey},
};

use super::name;
use crate::{
    Engine, EngineError, Handle,
    storage::{in_tx, params},
    tenancy::require_tenant,
    user_id_mapping::Known,
};

const SQL: &str = "SELECT id, rp_id, aaguid, is_backed_up, name, created_at, updated_at \
    FROM webauthn_credentials WHERE app_id = $1 AND user_id = $2 ORDER BY created_at, id";

impl Handle<ListPasskeys> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ListPasskeys,
    ) -> Result<Response, EngineError> {
        let id = UserId::from(operation.recipe_user_id);
        let body = in_tx!(scope, id, |tx| {
            require_tenant(tx, &scope).await?;
            let Some(known) = Known::by_any_id(tx, &scope.app, &id).await? else {
                return Ok(Response::Ok { credentials: Vec::new() });
            };
            let mut credentials = Vec::new();
            for row in tx.query(SQL, params![scope.app, known.id]).await? {
                let aaguid: String = row.get("aaguid")?;
                credentials.push(Passkey {
                    webauthn_credential_id: row.get("id")?,
                    recipe_user_id: known.shown_id.clone(),
                    relying_party_id: row.get("rp_id")?,
                    created_at: row.get("created_at")?,
                    updated_at: row.get("updated_at")?,
                    is_backed_up: row.get("is_backed_up")?,
                    name: name::shown(row.get("name")?, &aaguid),
                    aaguid: Some(aaguid),
                });
            }
            Ok(Response::Ok { credentials })
        });
        self.store().read(body).await
    }
}
