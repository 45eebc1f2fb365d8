//! `GET /recipe/webauthn/options`

use auth_protocol::{
    TenantScope,
    webauthn::{GetPasskeyOptions, GetPasskeyOptionsResponse as Response},
};

use super::options::Options;
use crate::{Engine, EngineError, Handle, storage::in_tx, tenancy::require_tenant};

impl Handle<GetPasskeyOptions> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: GetPasskeyOptions,
    ) -> Result<Response, EngineError> {
        let id = operation.webauthn_generated_options_id;
        let body = in_tx!(scope, id, |tx| {
            require_tenant(tx, &scope).await?;
            Options::find(tx, &scope, &id).await
        });
        Ok(match self.store().read(body).await? {
            Some(options) => Response::Ok(options.into()),
            None => Response::OptionsNotFoundError,
        })
    }
}
