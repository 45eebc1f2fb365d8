//! The recipe in use.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use async_trait::async_trait;
use auth_protocol::TenantId;
use http::Method;

use super::{
    ID, MultiFactorAuthApi, MultiFactorAuthApis, MultiFactorAuthClaim, MultiFactorAuthFunctions,
    TenantFactors, api, check::InForce, linking,
};
use crate::{
    ConfigError, Context, LoginMethodMove, Recipe, RequiredRecipe, Result, Route,
    delivery::EmailSender,
    recipes::session::claims::{AnyClaim, ClaimValidator},
};

/// How owners are told that factors were changed.
pub(super) struct Mails {
    pub(super) delivery: EmailSender,
    pub(super) are_off: bool,
}

/// The recipe in use, made of [`super::MultiFactorAuthRecipe`].
pub struct MultiFactorAuthInstance {
    application: TenantFactors,
    tenants: HashMap<TenantId, TenantFactors>,
    mails: Mails,
    functions: MultiFactorAuthFunctions,
    pub(super) apis: MultiFactorAuthApis,
    disabled: HashSet<MultiFactorAuthApi>,
    validator: Arc<dyn ClaimValidator>,
}

impl MultiFactorAuthInstance {
    pub(super) fn new(
        application: TenantFactors,
        tenants: HashMap<TenantId, TenantFactors>,
        mails: Mails,
        functions: MultiFactorAuthFunctions,
        apis: MultiFactorAuthApis,
        disabled: HashSet<MultiFactorAuthApi>,
    ) -> Self {
        let validator = MultiFactorAuthClaim::validators();
        let validator = validator.has_completed_mfa_requirements_for_auth();
        Self { application, tenants, mails, functions, apis, disabled, validator }
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

    pub(super) fn email_delivery(&self) -> &EmailSender {
        &self.mails.delivery
    }

    /// Whether routes tell owners of changes.
    pub(super) fn tells_owners(&self) -> bool {
        !self.mails.are_off
    }

    /// What the program says of a tenant's factors: those that it names for the tenant, or else those
    /// of the application.
    pub(super) fn factors_of(&self, tenant_id: &TenantId) -> TenantFactors {
        let own = self.tenants.get(tenant_id).unwrap_or(&self.application);
        let of_application = &self.application;
        let first = own.first_factors.as_ref().or(of_application.first_factors.as_ref());
        let required = own.required_secondary_factors.as_ref();
        let required = required.or(of_application.required_secondary_factors.as_ref());
        TenantFactors {
            first_factors: first.cloned(),
            required_secondary_factors: required.cloned(),
        }
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
