//! What a session has completed and what it lacks (FDI 6.5).

use auth_protocol::{RecipeId, RecipeUserId, SessionHandle, TenantId, User, UserId};

use super::{
    FactorId, FactorRequirementList, MfaRequirementsForAuth, MultiFactorAuthClaim,
    MultiFactorAuthClaimValue, MultiFactorAuthInstance, factors::is_valid_first,
    requirement::next_unsatisfied,
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
    payload: std::sync::Arc<auth_protocol::JsonObject>,
}

/// Works a session's claim out anew, and writes it into the token where it changed.
pub(crate) async fn resync(
    cx: &Context,
    session: &Session,
    completed: Option<FactorId>,
) -> Result<SessionMfa> {
    let before = session.get_claim_value(&MultiFactorAuthClaim);
    let subject = Subject {
        recipe_user_id: session.get_recipe_user_id(),
        tenant_id: session.get_tenant_id(),
        value: before.clone(),
        handle: Some(session.get_handle().clone()),
        payload: session.get_access_token_payload(),
    };
    let info = work_out(cx, subject, completed).await?;
    if before.as_ref() != Some(&info.value) {
        session.set_claim_value(&MultiFactorAuthClaim, info.value.clone()).await?;
    }
    Ok(info)
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
        payload: std::sync::Arc::clone(payload),
    };
    work_out(cx, subject, None).await
}

async fn work_out(
    cx: &Context,
    subject: Subject<'_>,
    completed: Option<FactorId>,
) -> Result<SessionMfa> {
    let instance = MultiFactorAuthInstance::of(cx)?;
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
    let functions = instance.functions();
    let set_up = functions.get_factors_setup_for_user(cx, user.clone()).await?;
    let required_for_user =
        functions.get_required_secondary_factors_for_user(cx, user.id.clone()).await?;
    let input = MfaRequirementsForAuth {
        user: user.clone(),
        tenant_id: subject.tenant_id.clone(),
        access_token_payload: subject.payload,
        completed_factors: value.completed_factors.clone(),
        factors_set_up_for_user: set_up.clone(),
        required_secondary_factors_for_user: required_for_user,
        required_secondary_factors_for_tenant: instance
            .required_secondary_factors(subject.tenant_id)
            .to_vec(),
    };
    let requirements = functions.get_mfa_requirements_for_auth(cx, input).await?;
    let next = next_unsatisfied(&requirements, &|id| value.completed_factors.contains_key(id));
    value.is_satisfied = next.is_empty();
    Ok(SessionMfa { user, value, requirements, set_up, next })
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
    let candidates = possible_first_factors(user, subject.recipe_user_id);
    // The factor that a session was just started with is the one, valid or not: it was checked.
    if completed.is_some_and(|id| candidates.contains(id)) {
        return Ok(value);
    }
    let first = candidates.into_iter().find(|id| is_valid_first(cx, subject.tenant_id, id));
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

/// What a login method can stand for.
fn possible_first_factors(user: &User, id: &RecipeUserId) -> Vec<FactorId> {
    let Some(method) = user.login_method(id) else { return Vec::new() };
    match method.recipe_id {
        RecipeId::EmailPassword => vec![FactorId::EMAIL_PASSWORD],
        RecipeId::ThirdParty => vec![FactorId::THIRD_PARTY],
        RecipeId::Webauthn => vec![FactorId::WEBAUTHN],
        RecipeId::Passwordless => {
            let by_email =
                method.email.is_some().then_some([FactorId::LINK_EMAIL, FactorId::OTP_EMAIL]);
            let by_phone = method
                .phone_number
                .is_some()
                .then_some([FactorId::LINK_PHONE, FactorId::OTP_PHONE]);
            by_email.into_iter().chain(by_phone).flatten().collect()
        }
    }
}
