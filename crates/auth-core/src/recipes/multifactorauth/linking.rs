//! Whether a user's login method may become another user's.

use std::{collections::BTreeMap, sync::Arc};

use auth_protocol::{JsonObject, TenantId, User};

use super::{
    FactorId, FactorRequirementList, MultiFactorAuthClaim, MultiFactorAuthFunctions,
    factors::signed_in_by, info,
};
use crate::{Context, LoginMethodMove, Result, recipes::session::Session};

/// Whether a login method may become another user's by its own proof alone.
///
/// Afterwards whoever has that proof is the other user, of whom other factors are asked. A user that
/// has set up factors beside the method, or of whom some are required, therefore stays what it is.
/// What an application's own rule requires must be complete in the target's session, or be required
/// of the target as well, whose sessions are asked for it.
pub(super) async fn may_move(
    cx: &Context,
    functions: &MultiFactorAuthFunctions,
    of: LoginMethodMove<'_>,
) -> Result<bool> {
    let own = signed_in_by(cx, of.user, of.recipe_user_id);
    let set_up = functions.get_factors_setup_for_user(cx, of.user.clone()).await?;
    if set_up.iter().any(|id| !own.contains(id)) {
        return Ok(false);
    }
    let required = functions.get_required_secondary_factors_for_user(cx, &of.user.id).await?;
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
