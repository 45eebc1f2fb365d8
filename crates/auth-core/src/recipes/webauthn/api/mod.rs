//! What the routes do: one file each.

mod body;
pub(super) mod email_exists;
pub(super) mod extensions;
pub(super) mod generate_recovery_token;
mod inputs;
pub(super) mod list_credentials;
pub(super) mod recover;
pub(super) mod register_credential;
pub(super) mod register_options;
pub(super) mod remove_credential;
mod sign_form;
pub(super) mod sign_in;
pub(super) mod sign_in_options;
pub(super) mod sign_up;

use async_trait::async_trait;
use auth_protocol::{LoginMethod, RecipeId, TenantId, User};
pub use inputs::{
    EmailExistsGetInput, GenerateRecoverAccountTokenPostInput,
    GenerateRecoverAccountTokenPostOutcome, ListCredentialsGetInput, ListCredentialsGetOutcome,
    RecoverAccountPostInput, RegisterCredentialPostInput, RegisterCredentialPostOutcome,
    RegisterOptionsPostInput, RemoveCredentialPostInput, RemoveCredentialPostOutcome,
    SignInOptionsPostInput, SignInPostInput, SignInPostOutcome, SignUpPostInput, SignUpPostOutcome,
};

use super::RenameCredentialOutcome;
use super::{RecoverAccountOutcome, RegisterOptionsOutcome, SignInOptionsOutcome};
use crate::{
    Context, Result,
    overrides::{Overrides, overridable},
    recipes::accountlinking::method_with_email,
};

overridable! {
    /// The recipe's APIs. [`crate::Error::General`] shows the user a message in place of an
    /// outcome.
    pub struct WebAuthnApis;
    /// Replaces APIs of [`WebAuthnApis`].
    ///
    /// ```
    /// use auth_core::{
    ///     Context, Error, Result,
    ///     recipes::webauthn::{
    ///         SignUpPostInput, SignUpPostOutcome, WebAuthnApis, WebAuthnApisOverride,
    ///     },
    /// };
    ///
    /// /// Nobody new joins by themselves.
    /// struct Closed;
    ///
    /// impl WebAuthnApisOverride for Closed {
    ///     async fn sign_up_post(
    ///         &self,
    ///         original: &WebAuthnApis,
    ///         cx: &Context,
    ///         input: SignUpPostInput,
    ///     ) -> Result<SignUpPostOutcome> {
    ///         match input.session {
    ///             Some(_) => original.sign_up_post(cx, input).await,
    ///             None => Err(Error::general("Please ask an administrator for an account")),
    ///         }
    ///     }
    /// }
    /// ```
    pub trait WebAuthnApisOverride;
    trait WebAuthnApisBase;

    /// Makes options by which a browser makes a passkey.
    async fn register_options_post(
        input: RegisterOptionsPostInput,
    ) -> Result<RegisterOptionsOutcome>;

    /// Makes options by which a browser uses a passkey.
    async fn sign_in_options_post(input: SignInOptionsPostInput) -> Result<SignInOptionsOutcome>;

    /// Creates a user and signs it in.
    async fn sign_up_post(input: SignUpPostInput) -> Result<SignUpPostOutcome>;

    /// Gives a passkey of a session's user a name (an extension).
    async fn rename_credential_post(
        input: extensions::RenameCredentialPostInput,
    ) -> Result<RenameCredentialOutcome>;

    /// The address that a session's user is to be offered a passkey for; `None` where none is (an
    /// extension).
    async fn promotion_get(input: extensions::PromotionGetInput) -> Result<Option<String>>;

    /// Keeps what a session's user said to that offer (an extension).
    async fn promotion_post(input: extensions::PromotionPostInput) -> Result<()>;

    /// Signs a user in.
    async fn sign_in_post(input: SignInPostInput) -> Result<SignInPostOutcome>;

    /// Sends a recovery link where the address has an account. The answer doesn't tell.
    async fn generate_recover_account_token_post(
        input: GenerateRecoverAccountTokenPostInput,
    ) -> Result<GenerateRecoverAccountTokenPostOutcome>;

    /// Gives a user a new passkey by the token from a link.
    async fn recover_account_post(input: RecoverAccountPostInput) -> Result<RecoverAccountOutcome>;

    /// Whether an address has an account of this recipe in the tenant.
    async fn email_exists_get(input: EmailExistsGetInput) -> Result<bool>;

    /// Gives a session's user one more passkey, and mails the owner; where
    /// [`multifactorauth`](crate::recipes::multifactorauth) is in use, only in a session that may set
    /// up a factor.
    async fn register_credential_post(
        input: RegisterCredentialPostInput,
    ) -> Result<RegisterCredentialPostOutcome>;

    /// Lists the passkeys of a session's user.
    async fn list_credentials_get(
        input: ListCredentialsGetInput,
    ) -> Result<ListCredentialsGetOutcome>;

    /// Removes a passkey of a session's user, and mails the owner; where
    /// [`multifactorauth`](crate::recipes::multifactorauth) is in use, only in a session that has
    /// completed what is required.
    async fn remove_credential_post(
        input: RemoveCredentialPostInput,
    ) -> Result<RemoveCredentialPostOutcome>;
}

pub(super) fn with_overrides(overrides: Overrides<WebAuthnApis>) -> WebAuthnApis {
    overrides.around(WebAuthnApis::new(Base))
}

struct Base;

#[async_trait]
impl WebAuthnApisBase for Base {
    async fn register_options_post(
        &self,
        cx: &Context,
        input: RegisterOptionsPostInput,
    ) -> Result<RegisterOptionsOutcome> {
        register_options::base(cx, input).await
    }

    async fn sign_in_options_post(
        &self,
        cx: &Context,
        input: SignInOptionsPostInput,
    ) -> Result<SignInOptionsOutcome> {
        sign_in_options::base(cx, input).await
    }

    async fn sign_up_post(
        &self,
        cx: &Context,
        input: SignUpPostInput,
    ) -> Result<SignUpPostOutcome> {
        sign_up::base(cx, input).await
    }

    async fn rename_credential_post(
        &self,
        cx: &Context,
        input: extensions::RenameCredentialPostInput,
    ) -> Result<RenameCredentialOutcome> {
        extensions::rename::base(cx, input).await
    }

    async fn promotion_get(
        &self,
        cx: &Context,
        input: extensions::PromotionGetInput,
    ) -> Result<Option<String>> {
        super::promotion::offer(cx, &input.session).await
    }

    async fn promotion_post(
        &self,
        cx: &Context,
        input: extensions::PromotionPostInput,
    ) -> Result<()> {
        super::promotion::keep(cx, &input.session, input.answer).await
    }

    async fn sign_in_post(
        &self,
        cx: &Context,
        input: SignInPostInput,
    ) -> Result<SignInPostOutcome> {
        sign_in::base(cx, input).await
    }

    async fn generate_recover_account_token_post(
        &self,
        cx: &Context,
        input: GenerateRecoverAccountTokenPostInput,
    ) -> Result<GenerateRecoverAccountTokenPostOutcome> {
        generate_recovery_token::base(cx, input).await
    }

    async fn recover_account_post(
        &self,
        cx: &Context,
        input: RecoverAccountPostInput,
    ) -> Result<RecoverAccountOutcome> {
        recover::base(cx, input).await
    }

    async fn email_exists_get(&self, cx: &Context, input: EmailExistsGetInput) -> Result<bool> {
        email_exists::base(cx, input).await
    }

    async fn register_credential_post(
        &self,
        cx: &Context,
        input: RegisterCredentialPostInput,
    ) -> Result<RegisterCredentialPostOutcome> {
        register_credential::base(cx, input).await
    }

    async fn list_credentials_get(
        &self,
        cx: &Context,
        input: ListCredentialsGetInput,
    ) -> Result<ListCredentialsGetOutcome> {
        list_credentials::base(cx, input).await
    }

    async fn remove_credential_post(
        &self,
        cx: &Context,
        input: RemoveCredentialPostInput,
    ) -> Result<RemoveCredentialPostOutcome> {
        remove_credential::base(cx, input).await
    }
}

const USER_NOT_FOUND: &str = "User not found";

/// Of the users with an address, the one that has it as login method of this recipe in a tenant.
fn user_of<'u>(users: &'u [User], tenant_id: &TenantId, email: &str) -> Option<&'u User> {
    let is_it =
        |user: &&User| method_with_email(user, RecipeId::Webauthn, tenant_id, email).is_some();
    users.iter().find(is_it)
}

/// Whether a passkey is a login method's.
fn has_passkey(method: &LoginMethod, credential_id: &str) -> bool {
    method
        .webauthn
        .as_ref()
        .is_some_and(|passkeys| passkeys.credential_ids.iter().any(|id| id == credential_id))
}
