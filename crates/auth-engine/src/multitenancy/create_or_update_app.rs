//! `PUT /recipe/multitenancy/app/v2`, `PUT /recipe/multitenancy/connectionuridomain/v2`

use auth_protocol::{
    TenantScope,
    multitenancy::{CreateOrUpdateApp, CreateOrUpdateConnectionUriDomain, CreateOrUpdateResponse},
};

use super::{factors::Factors, names, target::Target, write::create_or_update};
use crate::{Engine, EngineError, Handle};

impl Handle<CreateOrUpdateApp> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CreateOrUpdateApp,
    ) -> Result<CreateOrUpdateResponse, EngineError> {
        let CreateOrUpdateApp { app_id, first_factors, required_secondary_factors, core_config } =
            operation;
        let app = app_id.as_ref().map(names::app_id).transpose()?.unwrap_or_default();
        let factors = Factors::new(first_factors, required_secondary_factors)?;
        create_or_update(self, scope, Target::App(app), core_config, factors).await
    }
}

impl Handle<CreateOrUpdateConnectionUriDomain> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CreateOrUpdateConnectionUriDomain,
    ) -> Result<CreateOrUpdateResponse, EngineError> {
        let CreateOrUpdateConnectionUriDomain {
            connection_uri_domain,
            first_factors,
            required_secondary_factors,
            core_config,
        } = operation;
        let domain = connection_uri_domain.as_deref().map(names::domain).transpose()?;
        let factors = Factors::new(first_factors, required_secondary_factors)?;
        let target = Target::Domain(domain.unwrap_or_default());
        create_or_update(self, scope, target, core_config, factors).await
    }
}
