//! What the functions of this recipe take.

use std::fmt;

use auth_protocol::{
    JsonObject, RecipeUserId, TenantId,
    multitenancy::{FactorsChange, ProviderConfig},
};
use serde_json::Value;

use crate::{factors::FactorId, overrides::input};

input! {
    /// The tenant that a request's path names.
    pub struct GetTenantIdInput from TenantId, &TenantId {
        /// The tenant in the path; `public` where there is none.
        tenant_id_from_frontend: TenantId,
    }
}

input! {
    /// Which tenant is read.
    pub struct GetTenantInput from TenantId, &TenantId, &str {
        /// The tenant.
        tenant_id: TenantId,
    }
}

input! {
    /// Which tenant is removed.
    pub struct DeleteTenantInput from TenantId, &TenantId, &str {
        /// The tenant; never `public`.
        tenant_id: TenantId,
        ..
        /// Whether it goes even if the database that it has for itself can't be reached, which keeps what
        /// is in it then; by default that is an error.
        abandon_database: bool,
    }
}

/// A tenant, and what changes of it. What isn't named stays as it is.
#[derive(Clone)]
#[non_exhaustive]
#[must_use]
pub struct CreateOrUpdateTenantInput {
    /// The tenant: letters, digits and `-`.
    pub tenant_id: TenantId,
    /// What a sign-in may start with. A new tenant has nothing, `public` what the application says.
    pub first_factors: FactorsChange,
    /// The factors of which one must follow.
    pub required_secondary_factors: FactorsChange,
    /// Settings of the core that differ for the tenant, by the names that the reference's core has for
    /// them; `null` takes one back.
    pub core_config: JsonObject,
}

impl CreateOrUpdateTenantInput {
    /// The tenant as it is, or a new one.
    pub fn new(tenant_id: impl Into<TenantId>) -> Self {
        Self {
            tenant_id: tenant_id.into(),
            first_factors: FactorsChange::Keep,
            required_secondary_factors: FactorsChange::Keep,
            core_config: JsonObject::new(),
        }
    }

    /// What a sign-in may start with.
    pub fn first_factors(mut self, ids: impl IntoIterator<Item = FactorId>) -> Self {
        self.first_factors = change(ids);
        self
    }

    /// A sign-in may start with what the application says.
    pub fn first_factors_of_application(mut self) -> Self {
        self.first_factors = FactorsChange::Clear;
        self
    }

    /// The factors of which one must follow; none of them where there are none.
    pub fn required_secondary_factors(mut self, ids: impl IntoIterator<Item = FactorId>) -> Self {
        self.required_secondary_factors = change(ids);
        self
    }

    /// What must follow is what the application says.
    pub fn required_secondary_factors_of_application(mut self) -> Self {
        self.required_secondary_factors = FactorsChange::Clear;
        self
    }

    /// A setting of the core that differs for the tenant, such as `password_reset_token_lifetime`.
    pub fn core_setting(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.core_config.insert(name.into(), value.into());
        self
    }
}

fn change(ids: impl IntoIterator<Item = FactorId>) -> FactorsChange {
    FactorsChange::set(ids.into_iter().map(|id| id.as_str().to_owned()))
}

impl From<&str> for CreateOrUpdateTenantInput {
    fn from(tenant_id: &str) -> Self {
        Self::new(tenant_id)
    }
}

impl From<&TenantId> for CreateOrUpdateTenantInput {
    fn from(tenant_id: &TenantId) -> Self {
        Self::new(tenant_id)
    }
}

impl fmt::Debug for CreateOrUpdateTenantInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Settings may hold the password of a database.
        f.debug_struct("CreateOrUpdateTenantInput")
            .field("tenant_id", &self.tenant_id)
            .field("first_factors", &self.first_factors)
            .field("required_secondary_factors", &self.required_secondary_factors)
            .field("core_config", &self.core_config.keys().collect::<Vec<_>>())
            .finish()
    }
}

input! {
    /// A third party of a tenant. One of the same id is replaced as a whole.
    pub struct CreateOrUpdateThirdPartyConfigInput {
        /// The tenant.
        tenant_id: TenantId,
        /// The third party, as a core stores it.
        config: ProviderConfig,
        ..
        /// Whether it is stored unlooked at; by default what is known to be wrong with it is an error.
        skip_validation: bool,
    }
}

input! {
    /// Which third party a tenant loses.
    pub struct DeleteThirdPartyConfigInput {
        /// The tenant.
        tenant_id: TenantId,
        /// The third party's id.
        third_party_id: String,
    }
}

input! {
    /// A login method that may sign in to one more tenant.
    pub struct AssociateUserToTenantInput {
        /// The tenant.
        tenant_id: TenantId,
        /// The login method.
        recipe_user_id: RecipeUserId,
    }
}

impl From<(&TenantId, &RecipeUserId)> for AssociateUserToTenantInput {
    fn from((tenant_id, recipe_user_id): (&TenantId, &RecipeUserId)) -> Self {
        Self::new(tenant_id, recipe_user_id)
    }
}

input! {
    /// A login method that may not sign in to a tenant any more.
    pub struct DisassociateUserFromTenantInput {
        /// The tenant.
        tenant_id: TenantId,
        /// The login method.
        recipe_user_id: RecipeUserId,
    }
}
