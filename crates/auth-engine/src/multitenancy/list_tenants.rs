//! `GET /recipe/multitenancy/tenant/list/v2`

use auth_protocol::{
    TenantScope,
    multitenancy::{ListTenants, ListTenantsResponse},
};

use super::{
    stored::{self, Complete},
    write::source,
};
use crate::{Engine, EngineError, Handle, storage::in_tx};

const ONLY_PUBLIC: &str =
    "Only the public tenantId is allowed to list all tenants associated with this app";

impl Handle<ListTenants> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        _operation: ListTenants,
    ) -> Result<ListTenantsResponse, EngineError> {
        let tenants = tenants(self, scope, Complete::into).await?;
        Ok(ListTenantsResponse::Ok { tenants })
    }
}

/// Every tenant of the app, for who asks its tenant `public`.
pub(super) async fn tenants<T: Send + 'static>(
    engine: &Engine,
    scope: &TenantScope,
    form: impl Fn(Complete) -> T,
) -> Result<Vec<T>, EngineError> {
    let body = in_tx!(scope, |tx| {
        source(tx, &scope).await?.must_be_app(ONLY_PUBLIC)?;
        stored::all(tx, &scope.app).await
    });
    Ok(engine.store().read(body).await?.into_iter().map(form).collect())
}
