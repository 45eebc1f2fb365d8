//! What an application asks beside the functions.

use auth_protocol::UserId;

use super::{
    AssertAllowedToSetupFactorInput, FactorChange, FactorId, FactorRequirementList,
    MultiFactorAuth, MultiFactorAuthClaim, MultiFactorAuthInstance, TellOwnerOfFactorInput, info,
};
use crate::{Error, Result, delivery::Email, recipes::session::Session};

/// What is true of a session now, whatever its token says.
impl MultiFactorAuth {
    /// Fails where the session's user may not set up a factor now; called before anything that
    /// sets one up.
    ///
    /// # Errors
    /// [`SessionError::InvalidClaims`](crate::recipes::session::SessionError::InvalidClaims):
    /// 403 with the claim `st-mfa`.
    pub async fn assert_may_set_up(
        &self,
        session: &Session,
        factor_id: impl Into<FactorId>,
    ) -> Result<()> {
        let factor_id = factor_id.into();
        let mfa = info::resync(&self.cx, session, None).await?;
        let input = AssertAllowedToSetupFactorInput::new(session.clone(), factor_id)
            .mfa_requirements_for_auth(mfa.requirements)
            .factors_set_up_for_user(mfa.set_up);
        self.assert_allowed_to_setup_factor(input).await
    }

    /// Fails where a session lacks what is required of it now; called before anything that changes
    /// a user's factors or what is required of it:
    ///
    /// ```
    /// # use auth_core::{Auth, Result, recipes::{multifactorauth::FactorId, session::Session}};
    /// use auth_core::recipes::multifactorauth::AddToRequiredSecondaryFactorsForUserInput;
    ///
    /// async fn require_totp(auth: &Auth, session: &Session) -> Result<()> {
    ///     let mfa = auth.multifactorauth()?;
    ///     mfa.assert_requirements_complete(session).await?;
    ///     let user_id = session.get_user_id();
    ///     let input = AddToRequiredSecondaryFactorsForUserInput::new(user_id, FactorId::TOTP);
    ///     mfa.add_to_required_secondary_factors_for_user(input).await
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
    pub async fn requirements_of(&self, session: &Session) -> Result<FactorRequirementList> {
        Ok(info::resync(&self.cx, session, None).await?.requirements)
    }

    /// The factors that a user has set up.
    ///
    /// # Errors
    /// [`Error::Other`] where there is no such user.
    pub async fn factors_of(&self, user_id: impl Into<UserId>) -> Result<Vec<FactorId>> {
        let user = self.cx.accountlinking()?.get_user(user_id.into()).await?;
        let user = user.ok_or_else(|| Error::other("there is no user with this id"))?;
        self.get_factors_setup_for_user(user).await
    }

    /// Mails the owner of a session's user, behind the answer, that a factor was changed in it, unless
    /// the recipe's settings turn such mails off: for routes that change factors.
    pub fn factor_changed(
        &self,
        session: &Session,
        factor_id: impl Into<FactorId>,
        change: FactorChange,
    ) -> Result<()> {
        let (user_id, tenant_id) = (session.get_user_id(), session.get_tenant_id());
        let input = TellOwnerOfFactorInput::new(user_id, factor_id, change).tenant_id(tenant_id);
        self.tell_owner_later(input)
    }

    /// The same where there is no session, as by a link that was mailed.
    pub fn tell_owner_later(&self, input: TellOwnerOfFactorInput) -> Result<()> {
        if !MultiFactorAuthInstance::of(&self.cx)?.tells_owners() {
            return Ok(());
        }
        let later = self.cx.clone();
        self.cx.after_answer("mail about a changed factor", async move {
            later.multifactorauth()?.tell_owner_of_factor(input).await.map(drop)
        });
        Ok(())
    }

    /// Sends a mail by this recipe's delivery, and waits until it is sent.
    pub async fn send_email(&self, email: Email) -> Result<()> {
        let instance = MultiFactorAuthInstance::of(&self.cx)?;
        instance.email_delivery().send_email(&self.cx, email).await
    }
}
