//! What an application sets.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use auth_protocol::TenantId;

use super::{
    FactorId, MultiFactorAuthApi, MultiFactorAuthApisOverride, MultiFactorAuthInstance,
    MultiFactorAuthOverride, api, functions,
};
use crate::{ConfigError, RecipeConfig, Result, Setup, overrides::override_methods};

/// The factors of one tenant, where they differ from those of the application.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct TenantFactors {
    pub(super) first_factors: Option<Vec<FactorId>>,
    pub(super) required_secondary_factors: Option<Vec<FactorId>>,
}

impl TenantFactors {
    /// Those of the application.
    pub fn new() -> Self {
        Self::default()
    }

    /// The factors that a sign-in may start with.
    pub fn first_factors(mut self, ids: impl IntoIterator<Item = FactorId>) -> Self {
        self.first_factors = Some(ids.into_iter().collect());
        self
    }

    /// The factors of which one must follow.
    pub fn required_secondary_factors(mut self, ids: impl IntoIterator<Item = FactorId>) -> Self {
        self.required_secondary_factors = Some(ids.into_iter().collect());
        self
    }
}

/// The recipe's settings.
#[derive(Default)]
#[must_use]
pub struct MultiFactorAuthRecipe {
    application: TenantFactors,
    tenants: HashMap<TenantId, TenantFactors>,
    overrides: Vec<Arc<dyn MultiFactorAuthOverride>>,
    api_overrides: Vec<Arc<dyn MultiFactorAuthApisOverride>>,
    disabled: HashSet<MultiFactorAuthApi>,
}

impl MultiFactorAuthRecipe {
    /// The recipe with its defaults: a sign-in may start with whatever the recipes offer, and
    /// nothing must follow.
    pub fn new() -> Self {
        Self::default()
    }

    /// The factors that a sign-in may start with; by default every one that a recipe offers.
    pub fn first_factors(mut self, ids: impl IntoIterator<Item = FactorId>) -> Self {
        self.application = self.application.first_factors(ids);
        self
    }

    /// The factors of which one must follow for every user; by default none.
    pub fn required_secondary_factors(mut self, ids: impl IntoIterator<Item = FactorId>) -> Self {
        self.application = self.application.required_secondary_factors(ids);
        self
    }

    /// The factors of a tenant, in place of the application's.
    pub fn tenant(mut self, tenant_id: impl Into<TenantId>, factors: TenantFactors) -> Self {
        self.tenants.insert(tenant_id.into(), factors);
        self
    }
}

override_methods!(
    MultiFactorAuthRecipe: MultiFactorAuthOverride, MultiFactorAuthApisOverride, MultiFactorAuthApi
);

impl RecipeConfig for MultiFactorAuthRecipe {
    type Recipe = MultiFactorAuthInstance;

    fn build(self, _setup: &Setup<'_>) -> Result<Self::Recipe, ConfigError> {
        let all = self.tenants.values().chain([&self.application]);
        if all.filter_map(|factors| factors.first_factors.as_ref()).any(Vec::is_empty) {
            return Err(ConfigError::new(
                "multifactorauth.first_factors",
                "it is empty, so that nobody could sign in",
                "at least one factor, or no setting at all",
            ));
        }
        Ok(MultiFactorAuthInstance::new(
            self.application,
            self.tenants,
            functions::with_overrides(self.overrides),
            api::with_overrides(self.api_overrides),
            self.disabled,
        ))
    }
}
