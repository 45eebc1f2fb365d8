//! Which factors there are, and which a sign-in may use (FDI §6.1, 6.2).

use auth_protocol::{RecipeUserId, TenantId, User};

use super::{
    AssertAllowedToSetupFactorInput, FactorId, FactorsInTenant, MultiFactorAuthInstance, info,
};
use crate::{
    Context, Error, Result,
    factors::Factors,
    recipes::session::{Session, SessionError},
};

/// The recipes in use that have factors.
pub(super) fn providers(cx: &Context) -> impl Iterator<Item = &dyn Factors> {
    cx.auth().recipes().iter().filter_map(|recipe| recipe.factors())
}

/// The factors that the recipes offer to start a sign-in with.
pub(super) fn offered_first(cx: &Context) -> Vec<FactorId> {
    providers(cx).flat_map(Factors::first).collect()
}

/// The factors that the recipes offer beside the first one.
pub(super) fn offered_secondary(cx: &Context) -> Vec<FactorId> {
    providers(cx).flat_map(Factors::secondary).collect()
}

/// The factors that stand in for any other that is required.
pub(super) fn stand_ins(cx: &Context) -> Vec<FactorId> {
    providers(cx).flat_map(Factors::stand_ins).collect()
}

/// What a sign-in by a user's login method may have been.
pub(crate) fn signed_in_by(cx: &Context, user: &User, id: &RecipeUserId) -> Vec<FactorId> {
    let Some(method) = user.login_method(id) else { return Vec::new() };
    providers(cx).flat_map(|factors| factors.signed_in_by(method)).collect()
}

/// Whether one proof would show both factors: a code and a link to the same address or number are
/// read by whoever reads either.
pub(super) fn is_same_proof(cx: &Context, one: &FactorId, other: &FactorId) -> bool {
    let proof = |id: &FactorId| providers(cx).find_map(|factors| factors.proof(id));
    one == other || proof(one).is_some_and(|shown| proof(other) == Some(shown))
}

/// Whether the proof of a factor is all that could meet a requirement, so that a sign-in which
/// starts with it would never be complete.
pub(super) fn is_all_of(cx: &Context, required: &[FactorId], id: &FactorId) -> bool {
    !required.is_empty() && required.iter().all(|other| is_same_proof(cx, other, id))
}

/// Those of the factors that a sign-in may start with.
///
/// # Errors
/// Where it may start with none of them: without a session the client is told to get one first. Where
/// there is no such tenant.
pub(crate) async fn valid_first(
    cx: &Context,
    tenant_id: &TenantId,
    has_session: bool,
    ids: Vec<FactorId>,
) -> Result<Vec<FactorId>> {
    let in_tenant = match has_session {
        true => FactorsInTenant::of_session(cx, tenant_id).await?,
        false => FactorsInTenant::of(cx, tenant_id).await?,
    };
    let valid: Vec<FactorId> =
        ids.into_iter().filter(|id| in_tenant.may_start_with(cx, id)).collect();
    if !valid.is_empty() {
        return Ok(valid);
    }
    if has_session {
        return Err(Error::bad_input(
            "First factor sign in/up called for a non-first factor with an active session. This \
             might indicate that you are trying to use this as a secondary factor, but disabled \
             account linking.",
        ));
    }
    let message = "A valid session is required to authenticate with secondary factors";
    Err(SessionError::unauthorised(message).into())
}

/// Those of the factors that the session's user may set up now.
///
/// # Errors
/// Where that is none of them: the error of the last one.
pub(crate) async fn permitted_to_set_up(
    cx: &Context,
    session: &Session,
    session_user: &User,
    ids: Vec<FactorId>,
) -> Result<Vec<FactorId>> {
    let Some(instance) = MultiFactorAuthInstance::find(cx) else { return Ok(ids) };
    let info = info::resync(cx, session, None).await?;
    let set_up = instance.functions().get_factors_setup_for_user(cx, session_user.clone()).await?;
    let mut permitted = Vec::new();
    let mut refusal = None;
    for id in ids {
        let input = AssertAllowedToSetupFactorInput {
            session: session.clone(),
            factor_id: id.clone(),
            mfa_requirements_for_auth: info.requirements.clone(),
            factors_set_up_for_user: set_up.clone(),
        };
        let functions = instance.functions();
        match functions.assert_allowed_to_setup_factor(cx, input).await {
            Ok(()) => permitted.push(id),
            Err(error @ Error::Session(SessionError::InvalidClaims(_))) => refusal = Some(error),
            Err(error) => return Err(error),
        }
    }
    match refusal {
        Some(error) if permitted.is_empty() => Err(error),
        _ => Ok(permitted),
    }
}
