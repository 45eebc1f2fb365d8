//! What the recipe does.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use auth_protocol::{JsonObject, TenantId, User, UserId};

use super::{
    FactorId, FactorRequirement, FactorRequirementList, MultiFactorAuthClaim, claim::KEY, factors,
    info, user_factors,
};
use crate::{
    Context, Result,
    overrides::overridable,
    recipes::session::{InvalidClaim, Session, SessionError},
};

/// Asks whether a session's user may set up a factor now.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AllowedToSetupFactor {
    /// The session.
    pub session: Session,
    /// The factor.
    pub factor_id: FactorId,
    /// What is required of the session.
    pub mfa_requirements_for_auth: FactorRequirementList,
    /// The factors that the user has set up.
    pub factors_set_up_for_user: Vec<FactorId>,
}

/// Asks what a session must complete.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MfaRequirementsForAuth {
    /// The user.
    pub user: User,
    /// The session's tenant.
    pub tenant_id: TenantId,
    /// The access token's payload as it is so far.
    pub access_token_payload: Arc<JsonObject>,
    /// When each factor was completed, in seconds since the epoch.
    pub completed_factors: BTreeMap<FactorId, i64>,
    /// The factors that the user has set up.
    pub factors_set_up_for_user: Vec<FactorId>,
    /// The factors of which one is required of this user.
    pub required_secondary_factors_for_user: Vec<FactorId>,
    /// The factors of which one is required of every user of the tenant.
    pub required_secondary_factors_for_tenant: Vec<FactorId>,
}

overridable! {
    /// The recipe's functions.
    pub trait MultiFactorAuthFunctions;
    /// Replaces functions of [`MultiFactorAuthFunctions`].
    ///
    /// ```
    /// use auth_core::{
    ///     Context, Result,
    ///     recipes::multifactorauth::{
    ///         FactorId, FactorRequirementList, MfaRequirementsForAuth, MultiFactorAuthFunctions,
    ///         MultiFactorAuthOverride,
    ///     },
    /// };
    ///
    /// /// Who has set TOTP up must use it.
    /// struct TotpOnceSetUp;
    ///
    /// #[async_trait::async_trait]
    /// impl MultiFactorAuthOverride for TotpOnceSetUp {
    ///     async fn get_mfa_requirements_for_auth(
    ///         &self,
    ///         original: &dyn MultiFactorAuthFunctions,
    ///         cx: &Context,
    ///         input: MfaRequirementsForAuth,
    ///     ) -> Result<FactorRequirementList> {
    ///         if input.factors_set_up_for_user.contains(&FactorId::TOTP) {
    ///             return Ok(vec![FactorId::TOTP.into()]);
    ///         }
    ///         original.get_mfa_requirements_for_auth(cx, input).await
    ///     }
    /// }
    /// ```
    pub trait MultiFactorAuthOverride;
    struct MultiFactorAuthLayer;

    /// Fails with an invalid claim where the session's user may not set up the factor now: who
    /// has a factor must complete it first, and a factor that isn't next waits for the next one.
    async fn assert_allowed_to_setup_factor_else_throw_invalid_claim_error(
        input: AllowedToSetupFactor,
    ) -> Result<()>;

    /// What a session must complete: by default one of the factors that are required of the user
    /// or the tenant, or one that stands in for any of them, such as a recovery code.
    async fn get_mfa_requirements_for_auth(
        input: MfaRequirementsForAuth,
    ) -> Result<FactorRequirementList>;

    /// Notes in the session that a factor was completed now.
    async fn mark_factor_as_complete_in_session(
        session: &Session,
        factor_id: FactorId,
    ) -> Result<()>;

    /// The factors that a user has set up.
    async fn get_factors_setup_for_user(user: User) -> Result<Vec<FactorId>>;

    /// The factors of which one is required of a user.
    async fn get_required_secondary_factors_for_user(user_id: UserId) -> Result<Vec<FactorId>>;

    /// Adds a factor to those of which one is required of a user.
    async fn add_to_required_secondary_factors_for_user(
        user_id: UserId,
        factor_id: FactorId,
    ) -> Result<()>;

    /// Removes a factor from those of which one is required of a user.
    async fn remove_from_required_secondary_factors_for_user(
        user_id: UserId,
        factor_id: FactorId,
    ) -> Result<()>;
}

pub(super) fn with_overrides(
    overrides: Vec<Arc<dyn MultiFactorAuthOverride>>,
) -> Arc<dyn MultiFactorAuthFunctions> {
    MultiFactorAuthLayer::stack(Arc::new(Base), overrides)
}

struct Base;

#[async_trait]
impl MultiFactorAuthFunctions for Base {
    async fn assert_allowed_to_setup_factor_else_throw_invalid_claim_error(
        &self,
        cx: &Context,
        input: AllowedToSetupFactor,
    ) -> Result<()> {
        let value = input.session.get_claim_value(&MultiFactorAuthClaim).unwrap_or_default();
        if value.is_satisfied {
            return Ok(());
        }
        let set_up = &input.factors_set_up_for_user;
        let next = info::next_factors(cx, &input.mfa_requirements_for_auth, &value, set_up);
        if next.iter().any(|id| set_up.contains(id)) {
            return refuse(
                "Completed factors in the session does not satisfy the MFA requirements for auth",
            );
        }
        if !next.is_empty() && !next.contains(&input.factor_id) {
            return refuse(
                "Not allowed to setup factor that is not in the next set of unsatisfied factors",
            );
        }
        Ok(())
    }

    async fn get_mfa_requirements_for_auth(
        &self,
        cx: &Context,
        input: MfaRequirementsForAuth,
    ) -> Result<FactorRequirementList> {
        let mut ids = input.required_secondary_factors_for_user;
        for id in input.required_secondary_factors_for_tenant {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        if !ids.is_empty() {
            let is_there = |id: &FactorId| {
                input.factors_set_up_for_user.contains(id)
                    || input.completed_factors.contains_key(id)
            };
            for id in factors::stand_ins(cx).into_iter().filter(is_there) {
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
        }
        Ok(vec![FactorRequirement::OneOf(ids)])
    }

    async fn mark_factor_as_complete_in_session(
        &self,
        cx: &Context,
        session: &Session,
        factor_id: FactorId,
    ) -> Result<()> {
        info::resync(cx, session, Some(factor_id)).await.map(drop)
    }

    async fn get_factors_setup_for_user(&self, cx: &Context, user: User) -> Result<Vec<FactorId>> {
        user_factors::set_up(cx, &user).await
    }

    async fn get_required_secondary_factors_for_user(
        &self,
        cx: &Context,
        user_id: UserId,
    ) -> Result<Vec<FactorId>> {
        user_factors::required(cx, &user_id).await
    }

    async fn add_to_required_secondary_factors_for_user(
        &self,
        cx: &Context,
        user_id: UserId,
        factor_id: FactorId,
    ) -> Result<()> {
        user_factors::change_required(cx, &user_id, |ids| {
            if !ids.contains(&factor_id) {
                ids.push(factor_id.clone());
            }
        })
        .await
    }

    async fn remove_from_required_secondary_factors_for_user(
        &self,
        cx: &Context,
        user_id: UserId,
        factor_id: FactorId,
    ) -> Result<()> {
        user_factors::change_required(cx, &user_id, |ids| ids.retain(|id| *id != factor_id)).await
    }
}

/// The reason is a bare text, as the wire has it (FDI 6.6).
fn refuse(reason: &str) -> Result<()> {
    let claim = InvalidClaim { id: KEY.to_owned(), reason: Some(reason.into()) };
    Err(SessionError::InvalidClaims(vec![claim]).into())
}
