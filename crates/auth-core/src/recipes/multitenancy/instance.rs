//! The recipe in use.

use std::{collections::HashSet, sync::Arc};

use async_trait::async_trait;
use auth_protocol::{TenantId, multitenancy::TenantConfig};
use futures_util::future::BoxFuture;
use http::Method;

use super::{
    ALLOWED_DOMAINS_CLAIM, GetTenantInput, ID, MultitenancyApi, MultitenancyApis,
    MultitenancyFunctions, api,
};
use crate::{
    Context, Error, Recipe, Result, Route,
    factors::{FactorId, TenantFactors},
    recipes::session::claims::AnyClaim,
};

/// Tells the domains of a tenant.
pub(super) type AllowedDomains =
    Box<dyn Fn(Context, TenantId) -> BoxFuture<'static, Result<Vec<String>>> + Send + Sync>;

/// The recipe in use, made of [`super::MultitenancyRecipe`].
pub struct MultitenancyInstance {
    pub(super) allowed_domains: Option<AllowedDomains>,
    functions: MultitenancyFunctions,
    pub(super) apis: MultitenancyApis,
    disabled: HashSet<MultitenancyApi>,
}

impl MultitenancyInstance {
    pub(super) fn new(
        allowed_domains: Option<AllowedDomains>,
        functions: MultitenancyFunctions,
        apis: MultitenancyApis,
        disabled: HashSet<MultitenancyApi>,
    ) -> Self {
        Self { allowed_domains, functions, apis, disabled }
    }

    pub(super) fn of(cx: &Context) -> Result<&Self> {
        cx.auth().recipe(ID)
    }

    /// The outermost layer of the functions.
    pub(super) fn functions(&self) -> &MultitenancyFunctions {
        &self.functions
    }

    /// What is set for a tenant.
    async fn tenant(&self, cx: &Context, tenant_id: &TenantId) -> Result<TenantConfig> {
        let found = self.functions.get_tenant(cx, GetTenantInput::new(tenant_id)).await?;
        found.ok_or(Error::TenantNotFound)
    }
}

#[async_trait]
impl Recipe for MultitenancyInstance {
    fn id(&self) -> &'static str {
        ID
    }

    fn routes(&self) -> Vec<Route> {
        if self.disabled.contains(&MultitenancyApi::LoginMethodsGet) {
            return Vec::new();
        }
        vec![Route::new("loginMethodsGET", Method::GET, "/loginmethods", api::login_methods)]
    }

    fn session_claims(&self) -> Vec<Arc<dyn AnyClaim>> {
        match self.allowed_domains {
            Some(_) => vec![Arc::new(ALLOWED_DOMAINS_CLAIM.clone())],
            None => Vec::new(),
        }
    }

    async fn tenant_factors(
        &self,
        cx: &Context,
        tenant_id: &TenantId,
    ) -> Result<Option<TenantFactors>> {
        let tenant = self.tenant(cx, tenant_id).await?;
        let ids = |names: Vec<String>| names.into_iter().map(FactorId::from).collect();
        let mut factors = TenantFactors::new();
        factors.first_factors = tenant.first_factors.map(ids);
        factors.required_secondary_factors = tenant.required_secondary_factors.map(ids);
        Ok(Some(factors))
    }

    #[cfg(feature = "thirdparty")]
    async fn third_party_providers(
        &self,
        cx: &Context,
        tenant_id: &TenantId,
    ) -> Result<Vec<auth_providers::ProviderConfig>> {
        let tenant = self.tenant(cx, tenant_id).await?;
        Ok(tenant.third_party.providers.into_iter().map(Into::into).collect())
    }
}
