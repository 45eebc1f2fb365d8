//! What an application asks beside the functions.

use auth_protocol::{RecipeId, RecipeUserId, Secret, TenantId, UserId};

use super::{
    ConsumePasswordResetTokenInput, ConsumePasswordResetTokenOutcome,
    CreateResetPasswordTokenInput, CreateResetPasswordTokenOutcome, EmailPassword,
    EmailPasswordInstance, PasswordResetEmail, ResetPasswordUsingTokenInput,
    UpdateEmailOrPasswordInput, UpdateEmailOrPasswordOutcome, api::PasswordResetOutcome,
};
use crate::{Result, delivery::Email};

/// What became of the creation of a reset link.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ResetLink {
    /// `OK`: the link. Who has it can set a new password.
    Ok(Secret),
    /// `UNKNOWN_USER_ID_ERROR`
    UnknownUserId,
}

/// Several steps in one.
impl EmailPassword {
    fn instance(&self) -> Result<&EmailPasswordInstance> {
        EmailPasswordInstance::of(&self.cx)
    }

    /// Sets a new password by a reset token. A password that the policy refuses doesn't use up
    /// the token.
    pub async fn reset_password_using_token(
        &self,
        input: ResetPasswordUsingTokenInput,
    ) -> Result<PasswordResetOutcome> {
        let ResetPasswordUsingTokenInput { token, new_password, tenant_id } = input;
        let (instance, cx) = (self.instance()?, &self.cx);
        let mut problem =
            instance.password_policy_problem(cx, &new_password, None, &tenant_id).await?;
        if problem.is_none() {
            problem = instance.problem_with_owner(cx, &new_password, &token, &tenant_id).await?;
        }
        if let Some(failure_reason) = problem {
            return Ok(PasswordResetOutcome::PasswordPolicyViolated { failure_reason });
        }
        let consume = ConsumePasswordResetTokenInput::new(token).tenant_id(&tenant_id);
        let (user_id, email) = match self.consume_password_reset_token(consume).await? {
            ConsumePasswordResetTokenOutcome::Ok { user_id, email } => (user_id, email),
            ConsumePasswordResetTokenOutcome::InvalidToken => {
                return Ok(PasswordResetOutcome::InvalidToken);
            }
        };
        let problem = self
            .instance()?
            .problem_with_address(&self.cx, &new_password, &email, &tenant_id)
            .await?;
        if let Some(failure_reason) = problem {
            return Ok(PasswordResetOutcome::PasswordPolicyViolated { failure_reason });
        }
        let user = self.cx.get_user(&user_id).await?;
        let id = RecipeUserId::from(user_id);
        let method = user.as_ref().and_then(|user| user.login_method(&id)).filter(|method| {
            method.recipe_id == RecipeId::EmailPassword && method.has_same_email_as(&email)
        });
        // The account was deleted or its address changed after the token was made.
        let (Some(user), Some(method)) = (&user, method) else {
            return Ok(PasswordResetOutcome::InvalidToken);
        };
        // The policy was applied above, with the right tenant.
        let update = UpdateEmailOrPasswordInput::new(&method.recipe_user_id)
            .password(new_password)
            .apply_password_policy(false)
            .tell_owner(true);
        Ok(match self.update_email_or_password(update).await? {
            UpdateEmailOrPasswordOutcome::Ok => {
                PasswordResetOutcome::Ok { user: user.clone(), email }
            }
            UpdateEmailOrPasswordOutcome::PasswordPolicyViolated { failure_reason } => {
                PasswordResetOutcome::PasswordPolicyViolated { failure_reason }
            }
            _ => PasswordResetOutcome::InvalidToken,
        })
    }

    /// Creates a reset token and the link that goes into the mail:
    /// `{origin}{website base path}/reset-password?token=…&tenantId=…`.
    pub async fn create_reset_password_link(
        &self,
        input: CreateResetPasswordTokenInput,
    ) -> Result<ResetLink> {
        let tenant_id = input.tenant_id.clone();
        Ok(match self.create_reset_password_token(input).await? {
            CreateResetPasswordTokenOutcome::Ok(token) => {
                ResetLink::Ok(self.reset_link(&token, &tenant_id)?)
            }
            CreateResetPasswordTokenOutcome::UnknownUserId => ResetLink::UnknownUserId,
        })
    }

    fn reset_link(&self, token: &Secret, tenant_id: &TenantId) -> Result<Secret> {
        let query = [("token", token.expose_secret()), ("tenantId", tenant_id.as_str())];
        self.cx.website_link("/reset-password", &query).map(Secret::new)
    }

    /// Sends a user a mail with a reset link, and waits until it is sent. `false` means that there
    /// is no such user, or that it has no email-password login method with this address.
    pub async fn send_reset_password_email(
        &self,
        input: CreateResetPasswordTokenInput,
    ) -> Result<bool> {
        let Some(user) = self.cx.get_user(&input.user_id).await? else {
            return Ok(false);
        };
        let method = user.login_methods.iter().find(|method| {
            method.recipe_id == RecipeId::EmailPassword
                && method.has_same_email_as(&input.email)
                && method.tenant_ids.contains(&input.tenant_id)
        });
        let Some(method) = method else { return Ok(false) };
        let (tenant_id, email) = (input.tenant_id.clone(), input.email.clone());
        let ResetLink::Ok(link) = self.create_reset_password_link(input).await? else {
            return Ok(false);
        };
        let user_id: UserId = user.id.clone();
        let lifetime = self.instance()?.reset_link_lifetime(&self.cx, &tenant_id).await;
        let mail = PasswordResetEmail::new(tenant_id, user_id, email, link)
            .link_lifetime(lifetime)
            .recipe_user_id(method.recipe_user_id.clone());
        self.send_email(mail.into()).await?;
        Ok(true)
    }

    /// Sends a mail by this recipe's delivery, and waits until it is sent.
    pub async fn send_email(&self, email: Email) -> Result<()> {
        self.instance()?.settings.email_delivery.send_email(&self.cx, email).await
    }
}
