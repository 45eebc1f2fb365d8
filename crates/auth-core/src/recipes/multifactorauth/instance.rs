//! The recipe in use.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use async_trait::async_trait;
use auth_protocol::TenantId;
use http::Method;

use super::{
    FactorId, ID, MultiFactorAuthApi, MultiFactorAuthApis, MultiFactorAuthClaim,
    MultiFactorAuthFunctions, TenantFactors, api, check::InForce, linking,
};
use crate::{
    ConfigError, Context, LoginMethodMove, Recipe, RequiredRecipe, Result, Route,
    recipes::session::claims::{AnyClaim, ClaimValidator},
};

/// The recipe in use, made of [`super::MultiFactorAuthRecipe`].
pub struct MultiFactorAuthInstance {
    application: TenantFactors,
    tenants: HashMap<TenantId, TenantFactors>,
    functions: MultiFactorAuthFunctions,
    pub(super) apis: MultiFactorAuthApis,
    disabled: HashSet<MultiFactorAuthApi>,
    validator: Arc<dyn ClaimValidator>,
}

impl MultiFactorAuthInstance {
    pub(super) fn new(
        application: TenantFactors,
        tenants: HashMap<TenantId, TenantFactors>,
        functions: MultiFactorAuthFunctions,
        apis: MultiFactorAuthApis,
        disabled: HashSet<MultiFactorAuthApi>,
    ) -> Self {
        let validator = MultiFactorAuthClaim::validators();
        let validator = validator.has_completed_mfa_requirements_for_auth();
        Self { application, tenants, functions, apis, disabled, validator }
    }

    pub(crate) fn of(cx: &Context) -> Result<&Self> {
        cx.auth().recipe(ID)
    }

    /// The recipe, where it is in the recipe list.
    pub(crate) fn find(cx: &Context) -> Option<&Self> {
        Self::of(cx).ok()
    }

    /// The outermost layer of the functions.
    pub(crate) fn functions(&self) -> &MultiFactorAuthFunctions {
        &self.functions
    }

    /// The factors that a sign-in in a tenant may start with, where they are restricted.
    pub(super) fn first_factors(&self, tenant_id: &TenantId) -> Option<&[FactorId]> {
        let of_tenant = self.tenants.get(tenant_id).and_then(|it| it.first_factors.as_ref());
        of_tenant.or(self.application.first_factors.as_ref()).map(Vec::as_slice)
    }

    /// The factors of which one must follow for every user of a tenant.
    pub(super) fn required_secondary_factors(&self, tenant_id: &TenantId) -> &[FactorId] {
        let of_tenant =
            self.tenants.get(tenant_id).and_then(|it| it.required_secondary_factors.as_ref());
        let required = of_tenant.or(self.application.required_secondary_factors.as_ref());
        required.map(Vec::as_slice).unwrap_or_default()
    }
}

#[async_trait]
impl Recipe for MultiFactorAuthInstance {
    fn id(&self) -> &'static str {
        ID
    }

    fn required_recipes(&self) -> &'static [RequiredRecipe] {
        &[RequiredRecipe::SESSION]
    }

    fn routes(&self) -> Vec<Route> {
        if self.disabled.contains(&MultiFactorAuthApi::ResyncSessionAndFetchMfaInfoPut) {
            return Vec::new();
        }
        let name = "resyncSessionAndFetchMFAInfoPUT";
        vec![Route::new(name, Method::PUT, "/mfa/info", api::resync)]
    }

    fn check(&self, cx: &Context) -> Result<(), ConfigError> {
        let own = [(None, &self.application)];
        let of_tenants = self.tenants.iter().map(|(id, factors)| (Some(id), factors));
        own.into_iter().chain(of_tenants).try_for_each(|(tenant_id, factors)| {
            InForce::new(tenant_id, factors, &self.application).check(cx)
        })
    }

    fn claims_at_refresh(&self) -> Vec<Arc<dyn AnyClaim>> {
        vec![Arc::new(MultiFactorAuthClaim)]
    }

    fn global_claim_validators(&self) -> Vec<Arc<dyn ClaimValidator>> {
        vec![Arc::clone(&self.validator)]
    }

    async fn may_move(&self, cx: &Context, of: LoginMethodMove<'_>) -> Result<bool> {
        linking::may_move(cx, self.functions(), of).await
    }
}
