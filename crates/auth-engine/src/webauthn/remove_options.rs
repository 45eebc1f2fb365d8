//! `DELETE /recipe/webauthn/options/remove`

use auth_protocol::{
    TenantScope,
    webauthn::{RemovePasskeyOptions, RemovePasskeyOptionsResponse as Response},
};

use super::options::Options;
use crate::{Engine, EngineError, Handle, storage::in_tx, tenancy::require_tenant};

impl Handle<RemovePasskeyOptions> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RemovePasskeyOptions,
    ) -> Result<Response, EngineError> {
        let id = operation.webauthn_generated_options_id;
        let body = in_tx!(scope, id, |tx| {
            require_tenant(tx, &scope).await?;
            Options::delete(tx, &scope, &id).await
        });
        Ok(match self.store().write(body).await? {
            true => Response::Ok,
            false => Response::OptionsNotFoundError,
        })
    }
}
