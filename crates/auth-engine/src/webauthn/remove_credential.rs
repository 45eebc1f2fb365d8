//! `DELETE /recipe/webauthn/user/credential/remove`

use auth_protocol::{
    TenantScope, UserId,
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

/// The user's own row is held, so that of two who remove passkeys of one user the second sees what the
/// first has left.
const LOCK: &str =
    "SELECT user_id FROM app_id_to_user_id WHERE app_id = $1 AND user_id = $2 FOR UPDATE";

/// The passkeys of a user, whichever of its login methods has them.
const OF_USER: &str = "SELECT c.user_id, c.id FROM webauthn_credentials c \
    JOIN app_id_to_user_id u ON u.app_id = c.app_id AND u.user_id = c.user_id \
    WHERE u.app_id = $1 AND u.primary_or_recipe_user_id = $2";

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
            let passkey = operation.webauthn_credential_id;
            if operation.keep_last == Some(true) {
                tx.query_opt(LOCK, params![scope.app, known.primary]).await?;
                let all = tx.query(OF_USER, params![scope.app, known.primary]).await?;
                if let [only] = &all[..]
                    && only.get::<String>("id")? == passkey
                    && only.get::<UserId>("user_id")? == known.id
                {
                    return Ok(Response::LastCredentialError);
                }
            }
            let parameters = params![scope.app, known.id, passkey];
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
