//! Whether a user's login method may become another user's.

use std::{collections::BTreeMap, sync::Arc};

use auth_protocol::{JsonObject, RecipeUserId, TenantId, User};

use super::{
    FactorId, FactorRequirementList, MultiFactorAuthClaim, MultiFactorAuthInstance,
    info::{self, possible_first_factors},
};
use crate::{Context, Result, recipes::session::Session};

/// A login method on its way to another user, with nothing shown but its own proof.
pub(crate) struct Move<'a> {
    /// The user that it is now, which ends.
    pub(crate) user: &'a User,
    /// The login method.
    pub(crate) recipe_user_id: &'a RecipeUserId,
    /// Whose it would be.
    pub(crate) target: &'a User,
    /// The tenant.
    pub(crate) tenant_id: &'a TenantId,
    /// The target's session, where there is one.
    pub(crate) session: Option<&'a Session>,
}

/// Whether a login method may become another user's by its own proof alone.
///
/// Afterwards whoever has that proof is the other user, of whom other factors are asked. A user that
/// has set up factors beside the method, or of whom some are required, therefore stays what it is.
/// What an application's own rule requires must be complete in the target's session, or be required
/// of the target as well, whose sessions are asked for it.
pub(crate) async fn may_move(cx: &Context, of: Move<'_>) -> Result<bool> {
    let Some(instance) = MultiFactorAuthInstance::find(cx) else { return Ok(true) };
    let functions = instance.functions();
    let own = possible_first_factors(of.user, of.recipe_user_id);
    let set_up = functions.get_factors_setup_for_user(cx, of.user.clone()).await?;
    if set_up.iter().any(|id| !own.contains(id)) {
        return Ok(false);
    }
    let required =
        functions.get_required_secondary_factors_for_user(cx, of.user.id.clone()).await?;
    if !required.is_empty() {
        return Ok(false);
    }
    let now = cx.core().now_ms() / 1000;
    let mut completed: BTreeMap<FactorId, i64> = own.into_iter().map(|id| (id, now)).collect();
    let asked = requirements(cx, of.user, of.tenant_id, None, &completed).await?;
    let claim = of.session.and_then(|session| session.get_claim_value(&MultiFactorAuthClaim));
    completed.extend(claim.unwrap_or_default().completed_factors);
    let is_complete = |id: &FactorId| completed.contains_key(id);
    let mut open = asked.into_iter().filter(|step| !step.unsatisfied(&is_complete).is_empty());
    let Some(first) = open.next() else { return Ok(true) };
    let of_target = requirements(cx, of.target, of.tenant_id, of.session, &completed).await?;
    Ok(of_target.contains(&first) && open.all(|step| of_target.contains(&step)))
}

async fn requirements(
    cx: &Context,
    user: &User,
    tenant_id: &TenantId,
    session: Option<&Session>,
    completed: &BTreeMap<FactorId, i64>,
) -> Result<FactorRequirementList> {
    let payload =
        session.map_or_else(Arc::<JsonObject>::default, Session::get_access_token_payload);
    let (requirements, _) = info::requirements(cx, user, tenant_id, payload, completed).await?;
    Ok(requirements)
}
