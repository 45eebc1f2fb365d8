//! `GET /recipe/multitenancy/tenant/list/v2`

use auth_protocol::{
    TenantScope,
    multitenancy::{ListTenants, ListTenantsResponse},
};

use super::unconfigured;
use crate::{
    Engine, EngineError, Handle,
    storage::{in_tx, params},
    tenancy::require_app,
};

const SQL: &str = "SELECT tenant_id FROM tenants WHERE app_id = $1 ORDER BY tenant_id";

impl Handle<ListTenants> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        _operation: ListTenants,
    ) -> Result<ListTenantsResponse, EngineError> {
        let app = scope.app.clone();
        let body = in_tx!(app, |tx| {
            require_app(tx, &app).await?;
            let rows = tx.query(SQL, params![app]).await?;
            rows.iter().map(|row| row.get("tenant_id").map(unconfigured)).collect()
        });
        Ok(ListTenantsResponse::Ok { tenants: self.store().read(body).await? })
    }
}
