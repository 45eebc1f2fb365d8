//! What an application sets.

use std::collections::{HashMap, HashSet};

use auth_protocol::TenantId;

use super::{
    FactorId, MultiFactorAuthApi, MultiFactorAuthApis, MultiFactorAuthApisOverride,
    MultiFactorAuthFunctions, MultiFactorAuthInstance, MultiFactorAuthOverride, api, functions,
    instance::Mails,
};
use crate::{
    ConfigError, RecipeConfig, Result, Setup,
    delivery::{EmailDeliveryConfig, email_delivery_methods},
    factors::TenantFactors,
    overrides::{Overrides, override_methods},
    tenant_name,
};

/// The recipe's settings.
#[derive(Default)]
#[must_use]
pub struct MultiFactorAuthRecipe {
    application: TenantFactors,
    tenants: HashMap<TenantId, TenantFactors>,
    sends_no_factor_changed_mails: bool,
    email_delivery: EmailDeliveryConfig,
    overrides: Overrides<MultiFactorAuthFunctions>,
    api_overrides: Overrides<MultiFactorAuthApis>,
    disabled: HashSet<MultiFactorAuthApi>,
}

impl MultiFactorAuthRecipe {
    /// The recipe with its defaults: a sign-in may start with whatever the recipes offer, and
    /// nothing must follow. What must follow of a single user is asked of that user's sessions
    /// whatever they were started with, and never met by the proof that started them.
    pub fn new() -> Self {
        Self::default()
    }

    /// The factors that a sign-in may start with; by default every one that a recipe offers, but
    /// for one that alone must follow: a code to the phone doesn't start a sign-in where a code to
    /// the phone is the second factor. To name such a one is an error when the handle is built, and
    /// so is one that no recipe offers.
    pub fn first_factors(mut self, ids: impl IntoIterator<Item = FactorId>) -> Self {
        self.application = self.application.first_factors(ids);
        self
    }

    /// The factors of which one must follow for every user; by default none.
    pub fn required_secondary_factors(mut self, ids: impl IntoIterator<Item = FactorId>) -> Self {
        self.application = self.application.required_secondary_factors(ids);
        self
    }

    /// Whether owners are mailed that an authenticator app was added or removed, or that recovery codes
    /// were made, by their routes; `true` by default.
    pub fn factor_changed_mails(mut self, send: bool) -> Self {
        self.sends_no_factor_changed_mails = !send;
        self
    }

    /// The factors of a tenant, in place of the application's.
    pub fn tenant(mut self, tenant_id: impl Into<TenantId>, factors: TenantFactors) -> Self {
        self.tenants.insert(tenant_id.into(), factors);
        self
    }
}

email_delivery_methods!(MultiFactorAuthRecipe);
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
        let is_name = |text: &str| {
            !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control())
        };
        for factors in self.tenants.values().chain([&self.application]) {
            for (field, ids) in [
                ("multifactorauth.first_factors", &factors.first_factors),
                ("multifactorauth.required_secondary_factors", &factors.required_secondary_factors),
            ] {
                if let Some(id) = ids.iter().flatten().find(|id| !is_name(id.as_str())) {
                    let problem = format!("{:?} can't be the name of a factor", id.as_str());
                    return Err(ConfigError::new(field, problem, "a name such as `otp-email`"));
                }
            }
        }
        let mut tenants = HashMap::with_capacity(self.tenants.len());
        for (id, factors) in self.tenants {
            let Some(name) = tenant_name::normalised(&id) else {
                let problem = format!("{:?} can't be the id of a tenant", id.as_str());
                let expected = "letters, digits and `-`";
                return Err(ConfigError::new("multifactorauth.tenant", problem, expected));
            };
            tenants.insert(name.into_owned(), factors);
        }
        Ok(MultiFactorAuthInstance::new(
            self.application,
            tenants,
            Mails {
                delivery: self.email_delivery.build(),
                are_off: self.sends_no_factor_changed_mails,
            },
            functions::with_overrides(self.overrides),
            api::with_overrides(self.api_overrides),
            self.disabled,
        ))
    }
}
