//! The functions that an application calls.

use auth_protocol::UserId;

use super::{
    AllowedToSetupFactor, FactorId, FactorRequirementList, ID, MultiFactorAuthClaim,
    MultiFactorAuthFunctions, MultiFactorAuthInstance, info,
};
use crate::{Auth, Context, Error, Result, recipes::session::Session};

/// The functions of this recipe, in a context; got by [`Context::multifactorauth`] or
/// [`Auth::multifactorauth`].
#[derive(Clone, Debug)]
pub struct MultiFactorAuth {
    cx: Context,
}

impl Context {
    /// The multi-factor functions in this context.
    ///
    /// # Errors
    /// [`Error::RecipeMissing`] where the recipe isn't in the recipe list.
    pub fn multifactorauth(&self) -> Result<MultiFactorAuth> {
        self.auth().recipe::<MultiFactorAuthInstance>(ID)?;
        Ok(MultiFactorAuth { cx: self.clone() })
    }
}

impl Auth {
    /// The multi-factor functions outside of a request.
    ///
    /// # Errors
    /// [`Error::RecipeMissing`] where the recipe isn't in the recipe list.
    pub fn multifactorauth(&self) -> Result<MultiFactorAuth> {
        self.context().multifactorauth()
    }
}

impl MultiFactorAuth {
    fn functions(&self) -> Result<&dyn MultiFactorAuthFunctions> {
        Ok(MultiFactorAuthInstance::of(&self.cx)?.functions())
    }

    /// Fails where the session's user may not set up a factor now; called before anything that
    /// sets one up.
    ///
    /// # Errors
    /// [`SessionError::InvalidClaims`](crate::recipes::session::SessionError::InvalidClaims):
    /// 403 with the claim `st-mfa`.
    pub async fn assert_allowed_to_setup_factor_else_throw_invalid_claim_error(
        &self,
        session: &Session,
        factor_id: FactorId,
    ) -> Result<()> {
        let mfa = info::resync(&self.cx, session, None).await?;
        let input = AllowedToSetupFactor {
            session: session.clone(),
            factor_id,
            mfa_requirements_for_auth: mfa.requirements,
            factors_set_up_for_user: mfa.set_up,
        };
        self.functions()?
            .assert_allowed_to_setup_factor_else_throw_invalid_claim_error(&self.cx, input)
            .await
    }

    /// Fails where a session lacks what is required of it now, whatever its token says; called
    /// before anything that changes a user's factors or what is required of it:
    ///
    /// ```
    /// # use auth_core::{Auth, Result, recipes::{multifactorauth::FactorId, session::Session}};
    /// async fn require_totp(auth: &Auth, session: &Session) -> Result<()> {
    ///     let mfa = auth.multifactorauth()?;
    ///     mfa.assert_requirements_complete(session).await?;
    ///     let user_id = session.get_user_id();
    ///     mfa.add_to_required_secondary_factors_for_user(user_id, FactorId::TOTP).await
    /// }
    /// ```
    ///
    /// # Errors
    /// [`SessionError::InvalidClaims`](crate::recipes::session::SessionError::InvalidClaims):
    /// 403 with the claim `st-mfa`.
    pub async fn assert_requirements_complete(&self, session: &Session) -> Result<()> {
        info::resync(&self.cx, session, None).await?;
        let validators = MultiFactorAuthClaim::validators();
        session.assert_claims(&[validators.has_completed_mfa_requirements_for_auth()]).await
    }

    /// What a session must complete.
    pub async fn get_mfa_requirements_for_auth(
        &self,
        session: &Session,
    ) -> Result<FactorRequirementList> {
        Ok(info::resync(&self.cx, session, None).await?.requirements)
    }

    /// Notes in the session that a factor was completed now: for factors of the application.
    pub async fn mark_factor_as_complete_in_session(
        &self,
        session: &Session,
        factor_id: FactorId,
    ) -> Result<()> {
        self.functions()?.mark_factor_as_complete_in_session(&self.cx, session, factor_id).await
    }

    /// The factors that a user has set up.
    ///
    /// # Errors
    /// [`Error::Other`] where there is no such user.
    pub async fn get_factors_setup_for_user(&self, user_id: &UserId) -> Result<Vec<FactorId>> {
        let user = self.cx.accountlinking()?.get_user(user_id).await?;
        let user = user.ok_or_else(|| Error::other("there is no user with this id"))?;
        self.functions()?.get_factors_setup_for_user(&self.cx, user).await
    }

    /// The factors of which one is required of a user.
    pub async fn get_required_secondary_factors_for_user(
        &self,
        user_id: &UserId,
    ) -> Result<Vec<FactorId>> {
        self.functions()?.get_required_secondary_factors_for_user(&self.cx, user_id.clone()).await
    }

    /// Adds a factor to those of which one is required of a user. Sessions that are there learn of
    /// it when their claim is next worked out: at their next refresh, by `PUT /mfa/info`, and by
    /// every route that changes factors.
    pub async fn add_to_required_secondary_factors_for_user(
        &self,
        user_id: &UserId,
        factor_id: FactorId,
    ) -> Result<()> {
        self.functions()?
            .add_to_required_secondary_factors_for_user(&self.cx, user_id.clone(), factor_id)
            .await
    }

    /// Removes a factor from those of which one is required of a user.
    pub async fn remove_from_required_secondary_factors_for_user(
        &self,
        user_id: &UserId,
        factor_id: FactorId,
    ) -> Result<()> {
        self.functions()?
            .remove_from_required_secondary_factors_for_user(&self.cx, user_id.clone(), factor_id)
            .await
    }
}
