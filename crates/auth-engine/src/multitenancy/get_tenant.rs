//! `GET /recipe/multitenancy/tenant/v2`

use auth_protocol::{
    TenantScope,
    multitenancy::{GetTenant, GetTenantResponse},
};

use super::stored;
use crate::{Engine, EngineError, Handle, storage::in_tx};

impl Handle<GetTenant> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        _operation: GetTenant,
    ) -> Result<GetTenantResponse, EngineError> {
        let body = in_tx!(scope, |tx| { stored::one(tx, &scope).await });
        Ok(match self.store().read(body).await? {
            Some(complete) => GetTenantResponse::Ok(complete.into()),
            None => GetTenantResponse::TenantNotFoundError,
        })
    }
}
