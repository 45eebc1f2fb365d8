//! The functions that an application calls.

use auth_protocol::{
    RecipeId, RecipeUserId, Secret, TenantId, UserId,
    emailpassword::{ImportPasswordHash, ImportPasswordHashResponse},
};

use super::{
    ConsumedResetToken, CreateResetTokenInput, Credentials, EmailPasswordFunctions,
    EmailPasswordInstance, ID, PasswordResetEmail, PasswordUpdate, ResetTokenOutcome,
    SignInOutcome, SignUpOutcome, UpdateOutcome, api::PasswordResetOutcome,
};
use crate::{Auth, Context, Result, delivery::Email};

/// The functions of this recipe, in a context; got by [`Context::emailpassword`] or
/// [`Auth::emailpassword`].
#[derive(Clone, Debug)]
pub struct EmailPassword {
    cx: Context,
}

/// What became of the creation of a reset link.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ResetLink {
    /// `OK`: the link. Who has it can set a new password.
    Ok(Secret),
    /// `UNKNOWN_USER_ID_ERROR`
    UnknownUserId,
}

impl Context {
    /// The email-password functions in this context.
    ///
    /// # Errors
    /// [`crate::Error::RecipeMissing`] where the recipe isn't in the recipe list.
    pub fn emailpassword(&self) -> Result<EmailPassword> {
        self.auth().recipe::<EmailPasswordInstance>(ID)?;
        Ok(EmailPassword { cx: self.clone() })
    }
}

impl Auth {
    /// The email-password functions outside of a request.
    ///
    /// # Errors
    /// [`crate::Error::RecipeMissing`] where the recipe isn't in the recipe list.
    pub fn emailpassword(&self) -> Result<EmailPassword> {
        self.context().emailpassword()
    }
}

impl EmailPassword {
    fn instance(&self) -> Result<&EmailPasswordInstance> {
        EmailPasswordInstance::of(&self.cx)
    }

    fn functions(&self) -> Result<&dyn EmailPasswordFunctions> {
        Ok(&*self.instance()?.functions)
    }

    /// Creates a user. The rules of the sign-up form aren't applied.
    pub async fn sign_up(&self, credentials: Credentials) -> Result<SignUpOutcome> {
        self.functions()?.sign_up(&self.cx, credentials).await
    }

    /// Checks the credentials of a user who wants to sign in; starts no session.
    pub async fn sign_in(&self, credentials: Credentials) -> Result<SignInOutcome> {
        self.functions()?.sign_in(&self.cx, credentials).await
    }

    /// Whether the credentials are right.
    pub async fn verify_credentials(&self, credentials: Credentials) -> Result<bool> {
        let outcome = self.functions()?.verify_credentials(&self.cx, credentials).await?;
        Ok(matches!(outcome, SignInOutcome::Ok { .. }))
    }

    /// Creates a single-use token that permits to set a new password.
    pub async fn create_reset_password_token(
        &self,
        input: CreateResetTokenInput,
    ) -> Result<ResetTokenOutcome> {
        self.functions()?.create_reset_password_token(&self.cx, input).await
    }

    /// Uses up a reset token.
    pub async fn consume_password_reset_token(
        &self,
        tenant_id: &TenantId,
        token: Secret,
    ) -> Result<ConsumedResetToken> {
        self.functions()?.consume_password_reset_token(&self.cx, token, tenant_id.clone()).await
    }

    /// Changes a login method's address or password. A new password ends the user's sessions but
    /// for the one that [`PasswordUpdate::keep_session`] names.
    pub async fn update_email_or_password(&self, update: PasswordUpdate) -> Result<UpdateOutcome> {
        self.functions()?.update_email_or_password(&self.cx, update).await
    }

    /// Creates a user with a password hash made elsewhere, or replaces the hash of the user who has
    /// the address. The hash is replaced by one of the configured form at the next sign-in.
    ///
    /// # Errors
    /// Where the hash can't be verified later: it is malformed or too expensive, or Firebase's while
    /// the core has no signer key.
    ///
    /// ```
    /// # use auth_core::{Auth, Result, protocol::TenantId};
    /// use auth_core::protocol::emailpassword::{ImportPasswordHash, ImportPasswordHashResponse};
    ///
    /// # async fn import(auth: &Auth) -> Result<()> {
    /// let hash = ImportPasswordHash {
    ///     email: "ada@example.com".to_owned(),
    ///     password_hash: "$2a$11$BBVfOFpE1E4mC6FgJ0R6pOhJRUQmrmMUHWUSsVBVuGHlYFjKXb2cS".into(),
    ///     hashing_algorithm: None,
    /// };
    /// let imported = auth.emailpassword()?.import_password_hash(&TenantId::default(), hash).await?;
    /// let ImportPasswordHashResponse::Ok { did_user_already_exist, .. } = imported;
    /// assert!(!did_user_already_exist);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn import_password_hash(
        &self,
        tenant_id: &TenantId,
        hash: ImportPasswordHash,
    ) -> Result<ImportPasswordHashResponse> {
        self.functions()?.import_password_hash(&self.cx, tenant_id.clone(), hash).await
    }

    /// Sets a new password by a reset token. A password that the policy refuses doesn't use up
    /// the token.
    pub async fn reset_password_using_token(
        &self,
        tenant_id: &TenantId,
        token: Secret,
        new_password: Secret,
    ) -> Result<PasswordResetOutcome> {
        let problem = self
            .instance()?
            .password_policy_problem(&self.cx, new_password.expose_secret(), tenant_id)
            .await?;
        if let Some(failure_reason) = problem {
            return Ok(PasswordResetOutcome::PasswordPolicyViolated { failure_reason });
        }
        let (user_id, email) = match self.consume_password_reset_token(tenant_id, token).await? {
            ConsumedResetToken::Ok { user_id, email } => (user_id, email),
            ConsumedResetToken::InvalidToken => return Ok(PasswordResetOutcome::InvalidToken),
        };
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
        let update = PasswordUpdate::new(method.recipe_user_id.clone())
            .password(new_password)
            .without_password_policy();
        Ok(match self.update_email_or_password(update).await? {
            UpdateOutcome::Ok => PasswordResetOutcome::Ok { user: user.clone(), email },
            UpdateOutcome::PasswordPolicyViolated { failure_reason } => {
                PasswordResetOutcome::PasswordPolicyViolated { failure_reason }
            }
            _ => PasswordResetOutcome::InvalidToken,
        })
    }

    /// Creates a reset token and the link that goes into the mail:
    /// `{origin}{website base path}/reset-password?token=…&tenantId=…`.
    pub async fn create_reset_password_link(
        &self,
        input: CreateResetTokenInput,
    ) -> Result<ResetLink> {
        let tenant_id = input.tenant_id.clone();
        Ok(match self.create_reset_password_token(input).await? {
            ResetTokenOutcome::Ok(token) => ResetLink::Ok(self.reset_link(&token, &tenant_id)?),
            ResetTokenOutcome::UnknownUserId => ResetLink::UnknownUserId,
        })
    }

    fn reset_link(&self, token: &Secret, tenant_id: &TenantId) -> Result<Secret> {
        let query = [("token", token.expose_secret()), ("tenantId", tenant_id.as_str())];
        self.cx.website_link("/reset-password", &query).map(Secret::new)
    }

    /// Sends a user a mail with a reset link, and waits until it is sent. `false` means that there
    /// is no such user, or that it has no email-password login method with this address.
    pub async fn send_reset_password_email(&self, input: CreateResetTokenInput) -> Result<bool> {
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
        let lifetime = self.instance()?.reset_link_lifetime(&self.cx);
        let mail = PasswordResetEmail::new(tenant_id, user_id, email, link)
            .link_lifetime(lifetime)
            .recipe_user_id(method.recipe_user_id.clone());
        self.send_email(mail.into()).await?;
        Ok(true)
    }

    /// Sends a mail by this recipe's delivery, and waits until it is sent.
    pub async fn send_email(&self, email: Email) -> Result<()> {
        self.instance()?.email_delivery.send_email(&self.cx, email).await
    }
}
