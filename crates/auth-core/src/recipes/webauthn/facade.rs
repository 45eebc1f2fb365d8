//! What an application asks beside the functions.

use auth_protocol::{RecipeId, Secret, TenantId, UserId};

use super::{
    GenerateRecoverAccountTokenInput, GenerateRecoverAccountTokenOutcome, RecoverAccountEmail,
    RecoverAccountInput, RecoverAccountOutcome, WebAuthn, WebAuthnInstance, recover,
};
use crate::{Result, delivery::Email};

/// What became of the creation of a recovery link.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum RecoverAccountLink {
    /// `OK`: the link. Who has it can make a passkey for the account.
    Ok(Secret),
    /// `UNKNOWN_USER_ID_ERROR`
    UnknownUserId,
}

/// Several steps in one.
impl WebAuthn {
    /// Gives a user a new passkey by a recovery token, as the route does.
    pub async fn recover_account(
        &self,
        input: RecoverAccountInput,
    ) -> Result<RecoverAccountOutcome> {
        recover::base(&self.cx, input).await
    }

    /// Creates a recovery token and the link that goes into the mail:
    /// `{origin}{website base path}/webauthn/recover?token=…&tenantId=…`.
    pub async fn create_recover_account_link(
        &self,
        input: GenerateRecoverAccountTokenInput,
    ) -> Result<RecoverAccountLink> {
        let tenant_id = input.tenant_id.clone();
        Ok(match self.generate_recover_account_token(input).await? {
            GenerateRecoverAccountTokenOutcome::Ok(token) => {
                RecoverAccountLink::Ok(self.recover_link(&token, &tenant_id)?)
            }
            GenerateRecoverAccountTokenOutcome::UnknownUserId => RecoverAccountLink::UnknownUserId,
        })
    }

    fn recover_link(&self, token: &Secret, tenant_id: &TenantId) -> Result<Secret> {
        let query = [("token", token.expose_secret()), ("tenantId", tenant_id.as_str())];
        self.cx.website_link("/webauthn/recover", &query).map(Secret::new)
    }

    /// Sends a user a mail with a recovery link, and waits until it is sent. `false` means that there
    /// is no such user, or that it has no login method of this recipe with this address.
    pub async fn send_recover_account_email(
        &self,
        input: GenerateRecoverAccountTokenInput,
    ) -> Result<bool> {
        let Some(user) = self.cx.get_user(&input.user_id).await? else {
            return Ok(false);
        };
        let method = user.login_methods.iter().find(|method| {
            method.recipe_id == RecipeId::Webauthn
                && method.has_same_email_as(&input.email)
                && method.tenant_ids.contains(&input.tenant_id)
        });
        let Some(method) = method else { return Ok(false) };
        let (tenant_id, email) = (input.tenant_id.clone(), input.email.clone());
        let RecoverAccountLink::Ok(link) = self.create_recover_account_link(input).await? else {
            return Ok(false);
        };
        let user_id: UserId = user.id.clone();
        let instance = WebAuthnInstance::of(&self.cx)?;
        let lifetime = instance.recovery_link_lifetime(&self.cx, &tenant_id).await;
        let mail = RecoverAccountEmail::new(tenant_id, user_id, email, link)
            .link_lifetime(lifetime)
            .recipe_user_id(method.recipe_user_id.clone());
        self.send_email(mail.into()).await?;
        Ok(true)
    }

    /// Sends a mail by this recipe's delivery, and waits until it is sent.
    pub async fn send_email(&self, email: Email) -> Result<()> {
        let instance = WebAuthnInstance::of(&self.cx)?;
        instance.settings.email_delivery.send_email(&self.cx, email).await
    }
}
