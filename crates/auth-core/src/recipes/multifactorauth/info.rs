//! What a session has completed and what it lacks (FDI §6.5).

use std::{collections::BTreeMap, sync::Arc};

use auth_protocol::{JsonObject, RecipeUserId, SessionHandle, TenantId, User, UserId};

use super::{
    FactorId, FactorRequirement, FactorRequirementList, FactorsInTenant,
    GetMfaRequirementsForAuthInput, MultiFactorAuthClaim, MultiFactorAuthClaimValue,
    MultiFactorAuthInstance,
    factors::{is_same_proof, offered_secondary, signed_in_by},
    requirement::outstanding,
};
use crate::{
    Context, Error, Result,
    recipes::session::{
        Session, SessionError,
        claims::{ClaimSubject, SessionClaim},
    },
};

/// What a session has completed and what it lacks.
pub(crate) struct SessionMfa {
    pub(crate) user: User,
    pub(crate) value: MultiFactorAuthClaimValue,
    pub(crate) requirements: FactorRequirementList,
    pub(crate) set_up: Vec<FactorId>,
    /// What would meet the first requirement that isn't met.
    pub(crate) next: Vec<FactorId>,
}

/// Whose session it is, and what its token says.
struct Subject<'a> {
    recipe_user_id: &'a RecipeUserId,
    tenant_id: &'a TenantId,
    value: Option<MultiFactorAuthClaimValue>,
    handle: Option<SessionHandle>,
    payload: Arc<JsonObject>,
}

/// How many requests that complete factors at the same moment are waited for.
const MOST_ROUNDS: usize = 4;

/// Works a session's claim out anew, and writes it into the token where it changed. Where another
/// request completed a factor meanwhile, the row has both, and the verdict is that of both.
pub(crate) async fn resync(
    cx: &Context,
    session: &Session,
    mut completed: Option<FactorId>,
) -> Result<SessionMfa> {
    let mut round = 1;
    loop {
        let before = session.get_claim_value(&MultiFactorAuthClaim);
        let subject = Subject {
            recipe_user_id: session.get_recipe_user_id(),
            tenant_id: session.get_tenant_id(),
            value: before.clone(),
            handle: Some(session.get_handle().clone()),
            payload: session.get_access_token_payload(),
        };
        let info = work_out(cx, subject, completed.take()).await?;
        if before.as_ref() == Some(&info.value) {
            return Ok(info);
        }
        session.set_claim_value(&MultiFactorAuthClaim, info.value.clone()).await?;
        let written = session.get_claim_value(&MultiFactorAuthClaim);
        if written.as_ref() == Some(&info.value) || round == MOST_ROUNDS {
            return Ok(info);
        }
        round += 1;
    }
}

/// Works the claim out for a token that lacks it.
pub(super) async fn for_subject(cx: &Context, subject: &ClaimSubject) -> Result<SessionMfa> {
    let payload = &subject.current_payload;
    let handle = payload.get("sessionHandle").and_then(serde_json::Value::as_str);
    let subject = Subject {
        recipe_user_id: &subject.recipe_user_id,
        tenant_id: &subject.tenant_id,
        value: MultiFactorAuthClaim.value_from_payload(payload),
        handle: handle.map(SessionHandle::from),
        payload: Arc::clone(payload),
    };
    work_out(cx, subject, None).await
}

async fn work_out(
    cx: &Context,
    subject: Subject<'_>,
    completed: Option<FactorId>,
) -> Result<SessionMfa> {
    let user_id = UserId::from(subject.recipe_user_id.clone());
    let user = cx.accountlinking()?.get_user(&user_id).await?;
    let user =
        user.ok_or_else(|| SessionError::unauthorised("the session's user doesn't exist"))?;
    let mut value = match subject.value {
        Some(value) => value,
        None => from_first_factor(cx, &user, &subject, completed.as_ref()).await?,
    };
    if let Some(id) = completed {
        value.completed_factors.insert(id, cx.core().now_ms() / 1000);
    }
    let (requirements, set_up) =
        requirements(cx, &user, subject.tenant_id, subject.payload, &value.completed_factors)
            .await?;
    let next = next_factors(cx, &requirements, &value, &set_up);
    value.is_satisfied = next.is_empty();
    Ok(SessionMfa { user, value, requirements, set_up, next })
}

/// What is required of a user who has completed these factors, and what the user has set up.
pub(super) async fn requirements(
    cx: &Context,
    user: &User,
    tenant_id: &TenantId,
    access_token_payload: Arc<JsonObject>,
    completed: &BTreeMap<FactorId, i64>,
) -> Result<(FactorRequirementList, Vec<FactorId>)> {
    let instance = MultiFactorAuthInstance::of(cx)?;
    let functions = instance.functions();
    let set_up = functions.get_factors_setup_for_user(cx, user.clone()).await?;
    let required_for_user = functions.get_required_secondary_factors_for_user(cx, &user.id).await?;
    let in_tenant = FactorsInTenant::of_session(cx, tenant_id).await?;
    let input = GetMfaRequirementsForAuthInput {
        user: user.clone(),
        tenant_id: tenant_id.clone(),
        access_token_payload,
        completed_factors: completed.clone(),
        factors_set_up_for_user: set_up.clone(),
        required_secondary_factors_for_user: required_for_user,
        required_secondary_factors_for_tenant: in_tenant.into_required(),
    };
    let requirements = functions.get_mfa_requirements_for_auth(cx, input).await?;
    Ok((requirements, set_up))
}

/// What would bring a session with this claim further; none where it has what is required.
pub(super) fn next_factors(
    cx: &Context,
    requirements: &[FactorRequirement],
    value: &MultiFactorAuthClaimValue,
    set_up: &[FactorId],
) -> Vec<FactorId> {
    let is_same_proof = |one: &FactorId, other: &FactorId| is_same_proof(cx, one, other);
    let offered = offered_secondary(cx);
    outstanding(requirements, &value.completed_factors, set_up, &offered, &is_same_proof)
}

/// The claim of a session that was started without this recipe: it has completed the factor that
/// its login method stands for, when it was started.
async fn from_first_factor(
    cx: &Context,
    user: &User,
    subject: &Subject<'_>,
    completed: Option<&FactorId>,
) -> Result<MultiFactorAuthClaimValue> {
    let mut value = MultiFactorAuthClaimValue::default();
    let candidates = signed_in_by(cx, user, subject.recipe_user_id);
    // The factor that a session was just started with is the one, valid or not: it was checked.
    if completed.is_some_and(|id| candidates.contains(id)) {
        return Ok(value);
    }
    let in_tenant = FactorsInTenant::of_session(cx, subject.tenant_id).await?;
    let first = candidates.into_iter().find(|id| in_tenant.may_start_with(cx, id));
    let first = first.ok_or_else(|| SessionError::unauthorised("Incorrect login method used"))?;
    let started_ms = match &subject.handle {
        Some(handle) => {
            let information = cx.session()?.get_session_information(handle).await?;
            let information = information
                .ok_or_else(|| Error::from(SessionError::unauthorised("the session has ended")))?;
            information.time_created_ms
        }
        None => cx.core().now_ms(),
    };
    value.completed_factors.insert(first, started_ms / 1000);
    Ok(value)
}
