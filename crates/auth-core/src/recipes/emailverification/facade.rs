//! What an application asks beside the functions.

use auth_protocol::{RecipeUserId, Secret, UserId};

use super::{
    CreateEmailVerificationTokenInput, CreateEmailVerificationTokenOutcome, EmailForRecipeUserId,
    EmailVerification, EmailVerificationEmail, EmailVerificationInstance, functions::address,
};
use crate::{Result, delivery::Email};

/// What became of the creation of a link.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum VerificationLink {
    /// `OK`: the link. Who has it verifies the address.
    Ok(Secret),
    /// `EMAIL_ALREADY_VERIFIED_ERROR`: it is verified, or the login method has no address.
    EmailAlreadyVerified,
}

/// Several steps in one.
impl EmailVerification {
    fn instance(&self) -> Result<&EmailVerificationInstance> {
        EmailVerificationInstance::of(&self.cx)
    }

    /// The address of a login method: what the application's `get_email_for_recipe_user_id` says, or
    /// else what the core has.
    pub async fn get_email_for_recipe_user_id(
        &self,
        recipe_user_id: &RecipeUserId,
    ) -> Result<EmailForRecipeUserId> {
        self.instance()?.email_for_recipe_user_id(&self.cx, None, recipe_user_id).await
    }

    /// Creates a token and the link that goes into the mail:
    /// `{origin}{website base path}/verify-email?token=…&tenantId=…`.
    pub async fn create_email_verification_link(
        &self,
        input: impl Into<CreateEmailVerificationTokenInput>,
    ) -> Result<VerificationLink> {
        let input = input.into();
        let tenant_id = input.tenant_id.clone();
        Ok(match self.create_email_verification_token(input).await? {
            CreateEmailVerificationTokenOutcome::Ok(token) => {
                let query = [("token", token.expose_secret()), ("tenantId", tenant_id.as_str())];
                VerificationLink::Ok(Secret::new(self.cx.website_link("/verify-email", &query)?))
            }
            CreateEmailVerificationTokenOutcome::EmailAlreadyVerified => {
                VerificationLink::EmailAlreadyVerified
            }
        })
    }

    /// Sends a user a mail with a link, and waits until it is sent; `false` where the address is
    /// verified, or the login method has none.
    ///
    /// # Errors
    /// Where there is no such login method and no address is named, and where the mail can't be sent.
    pub async fn send_email_verification_email(
        &self,
        input: impl Into<CreateEmailVerificationTokenInput>,
    ) -> Result<bool> {
        let CreateEmailVerificationTokenInput { recipe_user_id, email, tenant_id } = input.into();
        let Some(email) = address(&self.cx, &recipe_user_id, email).await? else {
            return Ok(false);
        };
        let wanted = CreateEmailVerificationTokenInput::new(&recipe_user_id)
            .email(&email)
            .tenant_id(&tenant_id);
        let VerificationLink::Ok(link) = self.create_email_verification_link(wanted).await? else {
            return Ok(false);
        };
        let id = UserId::from(recipe_user_id.clone());
        let user_id = self.cx.get_user(&id).await?.map_or(id, |user| user.id);
        let lifetime = self.instance()?.link_lifetime(&self.cx, &tenant_id).await;
        let mail = EmailVerificationEmail::new(tenant_id, user_id, recipe_user_id, email, link);
        self.send_email(mail.link_lifetime(lifetime).into()).await?;
        Ok(true)
    }

    /// Sends a mail by this recipe's delivery, and waits until it is sent.
    pub async fn send_email(&self, email: Email) -> Result<()> {
        self.instance()?.email_delivery().send_email(&self.cx, email).await
    }
}
