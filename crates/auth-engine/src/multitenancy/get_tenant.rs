//! `GET /recipe/multitenancy/tenant/v2`

use auth_protocol::{
    TenantScope,
    multitenancy::{GetTenant, GetTenantResponse},
};

use super::unconfigured;
use crate::{
    Engine, EngineError, Handle,
    storage::{in_tx, params},
};

const SQL: &str = "SELECT 1 FROM tenants WHERE app_id = $1 AND tenant_id = $2";

impl Handle<GetTenant> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        _operation: GetTenant,
    ) -> Result<GetTenantResponse, EngineError> {
        let body =
            in_tx!(scope, |tx| { tx.query_opt(SQL, params![scope.app, scope.tenant]).await });
        Ok(match self.store().read(body).await? {
            Some(_) => GetTenantResponse::Ok(unconfigured(scope.tenant.clone())),
            None => GetTenantResponse::TenantNotFoundError,
        })
    }
}
