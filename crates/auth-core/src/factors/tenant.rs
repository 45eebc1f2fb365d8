//! The factors of one tenant.

use super::FactorId;

/// The factors of one tenant, where they differ from those of the application: as the program says in
/// [`MultiFactorAuthRecipe::tenant`](crate::recipes::multifactorauth::MultiFactorAuthRecipe::tenant), or
/// as a core stores them (CDI §6.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub struct TenantFactors {
    /// The factors that a sign-in may start with; `None` where the application decides.
    pub first_factors: Option<Vec<FactorId>>,
    /// The factors of which one must follow; `None` where the application decides.
    pub required_secondary_factors: Option<Vec<FactorId>>,
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
