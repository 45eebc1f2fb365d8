//! Settings that don't go with the recipes beside it: found at the start.

use auth_protocol::TenantId;

use super::{
    FactorId, TenantFactors,
    factors::{is_all_of, offered_first},
};
use crate::{ConfigError, Context};

const FIRST: &str = "multifactorauth.first_factors";

/// The factors of a tenant, or of the application, in the place of what they don't set that of the
/// application.
pub(super) struct InForce<'a> {
    pub(super) tenant_id: Option<&'a TenantId>,
    pub(super) first: Option<&'a [FactorId]>,
    pub(super) required: Option<&'a [FactorId]>,
}

impl<'a> InForce<'a> {
    pub(super) fn new(
        tenant_id: Option<&'a TenantId>,
        factors: &'a TenantFactors,
        application: &'a TenantFactors,
    ) -> Self {
        let first = factors.first_factors.as_ref().or(application.first_factors.as_ref());
        let required = factors.required_secondary_factors.as_ref();
        let required = required.or(application.required_secondary_factors.as_ref());
        Self { tenant_id, first: first.map(Vec::as_slice), required: required.map(Vec::as_slice) }
    }

    /// ` in the tenant acme`
    fn place(&self) -> String {
        self.tenant_id.map_or_else(String::new, |id| format!(" in the tenant {id}"))
    }

    /// A sign-in that can't be started, or could never be complete, is a mistake.
    pub(super) fn check(&self, cx: &Context) -> Result<(), ConfigError> {
        let offered = offered_first(cx);
        let Some(first) = self.first else { return self.check_default(cx, &offered) };
        if let Some(id) = first.iter().find(|id| !offered.contains(id)) {
            let problem =
                format!("no recipe offers {id}, with which a sign-in{} may start", self.place());
            return Err(ConfigError::new(FIRST, problem, expected_first(&offered)));
        }
        let required = self.required.unwrap_or_default();
        let Some(id) = first.iter().find(|id| is_all_of(cx, required, id)) else { return Ok(()) };
        let place = self.place();
        Err(ConfigError::new(
            FIRST,
            format!("a sign-in{place} may start with {id}, whose proof is all that must follow it"),
            "first factors other than what is required after them, or one more required factor",
        ))
    }

    /// Whatever is offered may start a sign-in, but for what alone must follow.
    fn check_default(&self, cx: &Context, offered: &[FactorId]) -> Result<(), ConfigError> {
        let required = self.required.unwrap_or_default();
        if offered.is_empty() || !offered.iter().all(|id| is_all_of(cx, required, id)) {
            return Ok(());
        }
        let place = self.place();
        Err(ConfigError::new(
            "multifactorauth.required_secondary_factors",
            format!(
                "nobody could sign in{place}: the recipes offer only {}, which must follow",
                names(offered)
            ),
            "another recipe to sign in with, or another required factor",
        ))
    }
}

fn expected_first(offered: &[FactorId]) -> String {
    let or_a_recipe = "a recipe in the list that offers it, be it one of your own";
    if offered.is_empty() {
        return or_a_recipe.to_owned();
    }
    format!("some of {}, or {or_a_recipe}", names(offered))
}

fn names(ids: &[FactorId]) -> String {
    ids.iter().map(FactorId::as_str).collect::<Vec<_>>().join(", ")
}
