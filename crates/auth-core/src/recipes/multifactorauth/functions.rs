//! What the recipe does.

use async_trait::async_trait;

use super::{
    AddToRequiredSecondaryFactorsForUserInput, AssertAllowedToSetupFactorInput, FactorChangedEmail,
    FactorId, FactorRequirement, FactorRequirementList, GetFactorsSetupForUserInput,
    GetMfaRequirementsForAuthInput, GetRequiredSecondaryFactorsForUserInput,
    MarkFactorAsCompleteInSessionInput, MultiFactorAuthClaim, MultiFactorAuthInstance,
    RemoveFromRequiredSecondaryFactorsForUserInput, TellOwnerOfFactorInput, claim::KEY, factors,
    info, user_factors,
};
use crate::{
    Context, Result,
    factors::address_of_owner,
    overrides::{Overrides, overridable},
    recipes::session::{InvalidClaim, SessionError},
};

overridable! {
    /// The recipe's functions.
    pub struct MultiFactorAuthFunctions;
    /// Replaces functions of [`MultiFactorAuthFunctions`].
    ///
    /// ```
    /// use auth_core::{
    ///     Context, Result,
    ///     recipes::multifactorauth::{
    ///         FactorId, FactorRequirementList, GetMfaRequirementsForAuthInput,
    ///         MultiFactorAuthFunctions, MultiFactorAuthOverride,
    ///     },
    /// };
    ///
    /// /// Who has set TOTP up must use it.
    /// struct TotpOnceSetUp;
    ///
    /// impl MultiFactorAuthOverride for TotpOnceSetUp {
    ///     async fn get_mfa_requirements_for_auth(
    ///         &self,
    ///         original: &MultiFactorAuthFunctions,
    ///         cx: &Context,
    ///         input: GetMfaRequirementsForAuthInput,
    ///     ) -> Result<FactorRequirementList> {
    ///         if input.factors_set_up_for_user.contains(&FactorId::TOTP) {
    ///             return Ok(vec![FactorId::TOTP.into()]);
    ///         }
    ///         original.get_mfa_requirements_for_auth(cx, input).await
    ///     }
    /// }
    /// ```
    pub trait MultiFactorAuthOverride;
    trait MultiFactorAuthBase;
    handle MultiFactorAuth by multifactorauth of MultiFactorAuthInstance;

    /// Fails with an invalid claim where the session's user may not set up the factor now: who
    /// has a factor must complete it first, and a factor that isn't next waits for the next one.
    ///
    /// # Errors
    /// [`SessionError::InvalidClaims`]: 403 with the claim `st-mfa`.
    async fn assert_allowed_to_setup_factor(input: AssertAllowedToSetupFactorInput) -> Result<()>;

    /// What a session must complete: by default one of the factors that are required of the user
    /// or the tenant, or one that stands in for any of them, such as a recovery code.
    async fn get_mfa_requirements_for_auth(
        input: GetMfaRequirementsForAuthInput,
    ) -> Result<FactorRequirementList>;

    /// Notes in the session that a factor was completed now: for factors of the application.
    async fn mark_factor_as_complete_in_session(
        input: MarkFactorAsCompleteInSessionInput,
    ) -> Result<()>;

    /// The factors that a user has set up.
    async fn get_factors_setup_for_user(
        input: GetFactorsSetupForUserInput,
    ) -> Result<Vec<FactorId>>;

    /// The factors of which one is required of a user.
    async fn get_required_secondary_factors_for_user(
        input: GetRequiredSecondaryFactorsForUserInput,
    ) -> Result<Vec<FactorId>>;

    /// Adds a factor to those of which one is required of a user. Sessions that are there learn of
    /// it when their claim is next worked out: at their next refresh, by `PUT /mfa/info`, and by
    /// every route that changes factors.
    async fn add_to_required_secondary_factors_for_user(
        input: AddToRequiredSecondaryFactorsForUserInput,
    ) -> Result<()>;

    /// Removes a factor from those of which one is required of a user.
    async fn remove_from_required_secondary_factors_for_user(
        input: RemoveFromRequiredSecondaryFactorsForUserInput,
    ) -> Result<()>;

    /// Mails the owner that a factor was changed; whether there is an address. Routes that change
    /// factors do so behind their answers. An extension: the reference tells nobody.
    async fn tell_owner_of_factor(input: TellOwnerOfFactorInput) -> Result<bool>;
}

pub(super) fn with_overrides(
    overrides: Overrides<MultiFactorAuthFunctions>,
) -> MultiFactorAuthFunctions {
    overrides.around(MultiFactorAuthFunctions::new(Base))
}

struct Base;

#[async_trait]
impl MultiFactorAuthBase for Base {
    async fn assert_allowed_to_setup_factor(
        &self,
        cx: &Context,
        input: AssertAllowedToSetupFactorInput,
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
        input: GetMfaRequirementsForAuthInput,
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
        input: MarkFactorAsCompleteInSessionInput,
    ) -> Result<()> {
        info::resync(cx, &input.session, Some(input.factor_id)).await.map(drop)
    }

    async fn get_factors_setup_for_user(
        &self,
        cx: &Context,
        input: GetFactorsSetupForUserInput,
    ) -> Result<Vec<FactorId>> {
        user_factors::set_up(cx, &input.user).await
    }

    async fn get_required_secondary_factors_for_user(
        &self,
        cx: &Context,
        input: GetRequiredSecondaryFactorsForUserInput,
    ) -> Result<Vec<FactorId>> {
        user_factors::required(cx, &input.user_id).await
    }

    async fn add_to_required_secondary_factors_for_user(
        &self,
        cx: &Context,
        input: AddToRequiredSecondaryFactorsForUserInput,
    ) -> Result<()> {
        let AddToRequiredSecondaryFactorsForUserInput { user_id, factor_id } = input;
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
        input: RemoveFromRequiredSecondaryFactorsForUserInput,
    ) -> Result<()> {
        let RemoveFromRequiredSecondaryFactorsForUserInput { user_id, factor_id } = input;
        user_factors::change_required(cx, &user_id, |ids| ids.retain(|id| *id != factor_id)).await
    }

    async fn tell_owner_of_factor(
        &self,
        cx: &Context,
        input: TellOwnerOfFactorInput,
    ) -> Result<bool> {
        let TellOwnerOfFactorInput { user_id, factor_id, change, tenant_id } = input;
        let user = cx.accountlinking()?.get_user(&user_id).await?;
        let email = user.as_ref().and_then(|user| address_of_owner(user, None));
        let (Some(user), Some(email)) = (user, email) else { return Ok(false) };
        let mail = FactorChangedEmail::new(tenant_id.clone(), user.id, email, factor_id, change);
        let mail = match cx.auth().is_recipe_initialized("emailpassword") {
            true => {
                let query = [("tenantId", tenant_id.as_str())];
                mail.reset_page(cx.website_link("/reset-password", &query)?)
            }
            false => mail,
        };
        MultiFactorAuthInstance::of(cx)?.email_delivery().send_email(cx, mail).await?;
        Ok(true)
    }
}

/// The reason is a bare text, as the wire has it (FDI §6.6).
fn refuse(reason: &str) -> Result<()> {
    let claim = InvalidClaim { id: KEY.to_owned(), reason: Some(reason.into()) };
    Err(SessionError::InvalidClaims(vec![claim]).into())
}
