//! `GET /recipe/multitenancy/tenant`, `GET /recipe/multitenancy/tenant/list`: the same as what came
//! after them, told in the older form.

use auth_protocol::{
    TenantScope,
    multitenancy::{
        GetTenant, GetTenantBefore5_1, GetTenantBefore5_1Response, GetTenantResponse, ListTenants,
        ListTenantsBefore5_1, ListTenantsBefore5_1Response, ListTenantsResponse,
    },
};

use crate::{Engine, EngineError, Handle};

impl Handle<GetTenantBefore5_1> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        _operation: GetTenantBefore5_1,
    ) -> Result<GetTenantBefore5_1Response, EngineError> {
        Ok(match self.handle(scope, GetTenant {}).await? {
            GetTenantResponse::Ok(tenant) => GetTenantBefore5_1Response::Ok(tenant.into()),
            GetTenantResponse::TenantNotFoundError => {
                GetTenantBefore5_1Response::TenantNotFoundError
            }
        })
    }
}

impl Handle<ListTenantsBefore5_1> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        _operation: ListTenantsBefore5_1,
    ) -> Result<ListTenantsBefore5_1Response, EngineError> {
        let ListTenantsResponse::Ok { tenants } = self.handle(scope, ListTenants {}).await?;
        let tenants = tenants.into_iter().map(Into::into).collect();
        Ok(ListTenantsBefore5_1Response::Ok { tenants })
    }
}
