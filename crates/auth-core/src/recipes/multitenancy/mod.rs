//! Tenants: several sets of users in one application, each with its own ways to sign in.
//!
//! The recipe is always there. A tenant stands in a route's path, `/auth/acme/signin`, in sessions, and in
//! every mail and link; without one it is `public`. Where the tenant is to be found in something else,
//! such as the request's domain, [`get_tenant_id`](MultitenancyOverride::get_tenant_id) says so.
//!
//! ```
//! # use auth_core::{Auth, Result};
//! use auth_core::recipes::{multifactorauth::FactorId, multitenancy::CreateOrUpdateTenantInput};
//!
//! async fn open(auth: &Auth) -> Result<bool> {
//!     let acme = CreateOrUpdateTenantInput::new("acme")
//!         .first_factors([FactorId::EMAIL_PASSWORD, FactorId::THIRD_PARTY]);
//!     auth.multitenancy()?.create_or_update_tenant(acme).await
//! }
//! ```

mod api;
mod claim;
mod first_factors;
mod functions;
mod inputs;
mod instance;
mod tenant_of_request;

use std::collections::HashSet;

pub use api::{
    LoginMethods, LoginMethodsGetInput, MultitenancyApi, MultitenancyApis, MultitenancyApisOverride,
};
use auth_protocol::TenantId;
pub use claim::ALLOWED_DOMAINS_CLAIM;
pub use functions::{Multitenancy, MultitenancyFunctions, MultitenancyOverride};
pub use inputs::{
    AssociateUserToTenantInput, CreateOrUpdateTenantInput, CreateOrUpdateThirdPartyConfigInput,
    DeleteTenantInput, DeleteThirdPartyConfigInput, DisassociateUserFromTenantInput,
    GetTenantIdInput, GetTenantInput,
};
pub use instance::MultitenancyInstance;

use self::instance::AllowedDomains;
use crate::{
    ConfigError, Context, RecipeConfig, Result, Setup,
    overrides::{Overrides, override_methods},
};

const ID: &str = "multitenancy";

/// The recipe's settings. It is added by itself where the recipe list doesn't name it.
#[derive(Default)]
#[must_use]
pub struct MultitenancyRecipe {
    allowed_domains: Option<AllowedDomains>,
    overrides: Overrides<MultitenancyFunctions>,
    api_overrides: Overrides<MultitenancyApis>,
    disabled: HashSet<MultitenancyApi>,
}

impl MultitenancyRecipe {
    /// The recipe with its defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// The domains on which a tenant's users may be: every new session then carries them as the claim
    /// `st-t-dmns` ([`ALLOWED_DOMAINS_CLAIM`]), by which a front end finds the one that a session is for.
    /// Without this no session does.
    pub fn get_allowed_domains_for_tenant_id<F>(
        mut self,
        get: impl Fn(Context, TenantId) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Vec<String>>> + Send + 'static,
    {
        self.allowed_domains = Some(Box::new(move |cx, tenant_id| Box::pin(get(cx, tenant_id))));
        self
    }
}

override_methods!(
    MultitenancyRecipe: MultitenancyOverride, MultitenancyApisOverride, MultitenancyApi
);

impl RecipeConfig for MultitenancyRecipe {
    type Recipe = MultitenancyInstance;

    fn build(self, _setup: &Setup<'_>) -> Result<Self::Recipe, ConfigError> {
        Ok(MultitenancyInstance::new(
            self.allowed_domains,
            functions::with_overrides(self.overrides),
            api::with_overrides(self.api_overrides),
            self.disabled,
        ))
    }
}
