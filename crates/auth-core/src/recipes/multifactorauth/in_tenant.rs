//! The factors that count in a tenant (FDI §6.2).

use auth_protocol::TenantId;

use super::{
    FactorId, MultiFactorAuthInstance, TenantFactors,
    factors::{is_all_of, offered_first, offered_secondary, stand_ins},
};
use crate::{Context, Error, Result, recipes::session::SessionError};

/// The factors that count in a tenant: those that are stored for it, or else those of the program.
pub(crate) struct FactorsInTenant {
    first: Option<Vec<FactorId>>,
    required: Vec<FactorId>,
}

impl FactorsInTenant {
    /// Reads them.
    ///
    /// # Errors
    /// [`Error::TenantNotFound`].
    pub(crate) async fn of(cx: &Context, tenant_id: &TenantId) -> Result<Self> {
        let mut stored = TenantFactors::new();
        for recipe in cx.auth().recipes() {
            if let Some(kept) = recipe.tenant_factors(cx, tenant_id).await? {
                stored.first_factors = stored.first_factors.or(kept.first_factors);
                stored.required_secondary_factors =
                    stored.required_secondary_factors.or(kept.required_secondary_factors);
            }
        }
        let Some(instance) = MultiFactorAuthInstance::find(cx) else {
            return Ok(Self { first: stored.first_factors, required: Vec::new() });
        };
        let program = instance.factors_of(tenant_id);
        let required = stored.required_secondary_factors.or(program.required_secondary_factors);
        Ok(Self {
            first: stored.first_factors.or(program.first_factors),
            required: required.unwrap_or_default(),
        })
    }

    /// The same for a session, which is of no use any more once its tenant is gone.
    ///
    /// # Errors
    /// [`SessionError::Unauthorised`] where there is no such tenant.
    pub(super) async fn of_session(cx: &Context, tenant_id: &TenantId) -> Result<Self> {
        match Self::of(cx, tenant_id).await {
            Err(Error::TenantNotFound) => {
                Err(SessionError::unauthorised("the session's tenant doesn't exist").into())
            }
            found => found,
        }
    }

    /// The factors of which one must follow for every user.
    pub(super) fn into_required(self) -> Vec<FactorId> {
        self.required
    }

    /// Whether a sign-in may start with a factor. Where nobody says, it may with whatever is offered,
    /// but for what alone must follow. A name that no recipe knows is the application's own.
    pub(crate) fn may_start_with(&self, cx: &Context, id: &FactorId) -> bool {
        let is_offered = offered_first(cx).contains(id);
        match &self.first {
            Some(ids) => ids.contains(id) && (is_offered || is_application_s(cx, id)),
            None => is_offered && !is_all_of(cx, &self.required, id),
        }
    }

    /// What a sign-in may start with, each once.
    pub(crate) fn first(&self, cx: &Context) -> Vec<FactorId> {
        let all = self.first.clone().unwrap_or_else(|| offered_first(cx));
        let mut found: Vec<FactorId> = Vec::with_capacity(all.len());
        for id in all {
            if !found.contains(&id) && self.may_start_with(cx, &id) {
                found.push(id);
            }
        }
        found
    }
}

/// Whether a factor is the application's own: no recipe knows it.
fn is_application_s(cx: &Context, id: &FactorId) -> bool {
    !FactorId::BUILT_IN.contains(id)
        && !offered_secondary(cx).contains(id)
        && !stand_ins(cx).contains(id)
}
