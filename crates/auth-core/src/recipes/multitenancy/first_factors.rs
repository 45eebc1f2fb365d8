//! What a sign-in may start with, for the application.

use auth_protocol::TenantId;

use crate::{
    Result, factors::FactorId, overrides::in_and_outside_of_contexts,
    recipes::multifactorauth::FactorsInTenant,
};

in_and_outside_of_contexts! {
    /// The factors that a sign-in to a tenant may start with: those that are set for it, or else those of
    /// the application, as far as a recipe offers them.
    ///
    /// # Errors
    /// [`Error::TenantNotFound`](crate::Error::TenantNotFound).
    pub async fn get_available_first_factors(cx, tenant_id: &TenantId) -> Result<Vec<FactorId>> {
        Ok(FactorsInTenant::of(cx, tenant_id).await?.first(cx))
    }
}
