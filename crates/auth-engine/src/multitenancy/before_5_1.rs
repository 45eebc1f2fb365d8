//! `GET` and `PUT /recipe/multitenancy/tenant`, `…/app` and `…/connectionuridomain`, and their lists, as
//! callers before CDI 5.1 ask: what came after them, told in the older form.

use auth_protocol::{
    CdiVersion, TenantScope,
    multitenancy::{
        CreateOrUpdateAppBefore5_1, CreateOrUpdateConnectionUriDomainBefore5_1,
        CreateOrUpdateResponse, CreateOrUpdateTenantBefore5_1, GetTenantBefore5_1,
        GetTenantBefore5_1Response, ListAppsBefore5_1, ListAppsBefore5_1Response,
        ListConnectionUriDomainsBefore5_1, ListConnectionUriDomainsBefore5_1Response,
        ListTenantsBefore5_1, ListTenantsBefore5_1Response, Switch, TenantConfigBefore5_1,
        ThirdPartySwitch,
    },
};

use super::{
    list_apps, list_tenants, names,
    stored::{self, Complete},
    switches::{Switching, told},
    target::Target,
    write::create_or_update,
};
use crate::{Engine, EngineError, Handle, storage::in_tx};

/// A tenant in the form of a version.
fn form(version: CdiVersion) -> impl list_apps::Form<TenantConfigBefore5_1> {
    move |Complete { tenant, stored, providers }| {
        let [email_password, third_party, passwordless] = told(&stored, version);
        let told_since_5_0 = |factors: Option<Vec<String>>| {
            factors.filter(|factors| version >= CdiVersion::V5_0 && !factors.is_empty())
        };
        TenantConfigBefore5_1 {
            tenant_id: tenant,
            email_password: Switch { enabled: email_password },
            third_party: ThirdPartySwitch { enabled: third_party, providers },
            passwordless: Switch { enabled: passwordless },
            first_factors: told_since_5_0(stored.first_factors),
            required_secondary_factors: told_since_5_0(stored.required_secondary_factors),
            core_config: stored.core_config,
        }
    }
}

impl Handle<GetTenantBefore5_1> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: GetTenantBefore5_1,
    ) -> Result<GetTenantBefore5_1Response, EngineError> {
        let body = in_tx!(scope, |tx| { stored::one(tx, &scope).await });
        let found = self.store().read(body).await?.map(form(operation.cdi_version));
        Ok(match found {
            Some(tenant) => GetTenantBefore5_1Response::Ok(tenant),
            None => GetTenantBefore5_1Response::TenantNotFoundError,
        })
    }
}

impl Handle<ListTenantsBefore5_1> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ListTenantsBefore5_1,
    ) -> Result<ListTenantsBefore5_1Response, EngineError> {
        let tenants = list_tenants::tenants(self, scope, form(operation.cdi_version)).await?;
        Ok(ListTenantsBefore5_1Response::Ok { tenants })
    }
}

impl Handle<ListAppsBefore5_1> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ListAppsBefore5_1,
    ) -> Result<ListAppsBefore5_1Response, EngineError> {
        let apps = list_apps::apps(self, scope, form(operation.cdi_version)).await?;
        Ok(ListAppsBefore5_1Response::Ok { apps })
    }
}

impl Handle<ListConnectionUriDomainsBefore5_1> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ListConnectionUriDomainsBefore5_1,
    ) -> Result<ListConnectionUriDomainsBefore5_1Response, EngineError> {
        let connection_uri_domains =
            list_apps::domains(self, scope, form(operation.cdi_version)).await?;
        Ok(ListConnectionUriDomainsBefore5_1Response::Ok { connection_uri_domains })
    }
}

/// What any of the three requests makes of a tenant's recipes and factors.
macro_rules! switching {
    ($operation:ident) => {
        Switching::new(
            $operation.cdi_version,
            [
                $operation.email_password_enabled,
                $operation.third_party_enabled,
                $operation.passwordless_enabled,
            ],
            $operation.first_factors,
            $operation.required_secondary_factors,
        )
    };
}

impl Handle<CreateOrUpdateTenantBefore5_1> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CreateOrUpdateTenantBefore5_1,
    ) -> Result<CreateOrUpdateResponse, EngineError> {
        let tenant = operation.tenant_id.as_ref().map(names::tenant_id).transpose()?;
        let switching = switching!(operation)?;
        let target = Target::Tenant(tenant.unwrap_or_default());
        create_or_update(self, scope, target, operation.core_config, switching).await
    }
}

impl Handle<CreateOrUpdateAppBefore5_1> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CreateOrUpdateAppBefore5_1,
    ) -> Result<CreateOrUpdateResponse, EngineError> {
        let app = operation.app_id.as_ref().map(names::app_id).transpose()?;
        let switching = switching!(operation)?;
        let target = Target::App(app.unwrap_or_default());
        create_or_update(self, scope, target, operation.core_config, switching).await
    }
}

impl Handle<CreateOrUpdateConnectionUriDomainBefore5_1> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CreateOrUpdateConnectionUriDomainBefore5_1,
    ) -> Result<CreateOrUpdateResponse, EngineError> {
        let domain = operation.connection_uri_domain.as_deref().map(names::domain).transpose()?;
        let switching = switching!(operation)?;
        let target = Target::Domain(domain.unwrap_or_default());
        create_or_update(self, scope, target, operation.core_config, switching).await
    }
}
