//! `PUT /recipe/multitenancy/tenant/v2`

use auth_protocol::{
    TenantScope,
    multitenancy::{CreateOrUpdateResponse, CreateOrUpdateTenant},
};

use super::{
    factors::Factors,
    names,
    stored::Stored,
    target::Target,
    write::{Edit, create_or_update},
};
use crate::{Engine, EngineError, Handle};

impl Edit for Factors {
    /// The application decides about an app, until it says which factors a tenant has.
    fn new_tenant(&self, is_public: bool) -> Stored {
        let first_factors = (!is_public).then(Vec::new);
        Stored { first_factors, ..Stored::default() }
    }

    fn edit(&self, stored: Stored) -> Result<Stored, EngineError> {
        Ok(self.clone().apply(stored))
    }
}

impl Handle<CreateOrUpdateTenant> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CreateOrUpdateTenant,
    ) -> Result<CreateOrUpdateResponse, EngineError> {
        let CreateOrUpdateTenant {
            tenant_id,
            first_factors,
            required_secondary_factors,
            core_config,
        } = operation;
        let tenant = tenant_id.as_ref().map(names::tenant_id).transpose()?.unwrap_or_default();
        let factors = Factors::new(first_factors, required_secondary_factors)?;
        create_or_update(self, scope, Target::Tenant(tenant), core_config, factors).await
    }
}
