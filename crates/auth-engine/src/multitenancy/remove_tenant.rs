//! `POST /recipe/multitenancy/tenant/remove`

use auth_protocol::{
    TenantScope,
    multitenancy::{RemoveResponse, RemoveTenant},
};

use super::{
    database::{self, removed},
    names,
    target::{Target, forbidden},
    write::{lock, source, tell},
};
use crate::{
    Engine, EngineError, Handle,
    storage::{in_tx, params},
};

const ONLY_PUBLIC: &str = "Only the public tenantId is allowed to delete a tenant";

/// Whatever is a tenant's goes with this row.
const DELETE: &str = "DELETE FROM tenants WHERE app_id = $1 AND tenant_id = $2";

impl Handle<RemoveTenant> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RemoveTenant,
    ) -> Result<RemoveResponse, EngineError> {
        let tenant = names::tenant_id(&operation.tenant_id)?;
        if tenant.is_public() {
            return Err(forbidden("Cannot delete public tenant, use remove app API instead"));
        }
        let body = in_tx!(scope, |tx| { source(tx, &scope).await?.must_be_app(ONLY_PUBLIC) });
        self.store().read(body).await?;
        let there = TenantScope::new(scope.app.clone(), tenant.clone());
        let left_behind = database::clear(self, &there, operation.abandon_database).await?;
        let audit = self.audit();
        let body = in_tx!(scope, tenant, left_behind, audit, |tx| {
            lock(tx).await?;
            let source = source(tx, &scope).await?;
            source.must_be_app(ONLY_PUBLIC)?;
            let deleted = tx.execute(DELETE, params![scope.app, tenant]).await?;
            if deleted > 0 {
                tell(tx).await?;
                let place = Target::Tenant(tenant).place(&source);
                audit.append(tx, &scope, removed(&place, left_behind.as_deref())).await?;
            }
            Ok(RemoveResponse::Ok { did_exist: deleted > 0, left_behind })
        });
        self.changing(body).await
    }
}
