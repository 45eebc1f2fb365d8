//! What the routes do: one file each.

mod body;
mod inputs;
pub(super) mod register_options;
mod sign_form;
pub(super) mod sign_in;
pub(super) mod sign_in_options;
pub(super) mod sign_up;

use async_trait::async_trait;
use auth_protocol::{RecipeId, TenantId, User};
pub use inputs::{
    RegisterOptionsPostInput, SignInOptionsPostInput, SignInPostInput, SignInPostOutcome,
    SignUpPostInput, SignUpPostOutcome,
};

use super::{RegisterOptionsOutcome, SignInOptionsOutcome};
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

    /// Signs a user in.
    async fn sign_in_post(input: SignInPostInput) -> Result<SignInPostOutcome>;
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

    async fn sign_in_post(
        &self,
        cx: &Context,
        input: SignInPostInput,
    ) -> Result<SignInPostOutcome> {
        sign_in::base(cx, input).await
    }
}

/// Of the users with an address, the one that has it as login method of this recipe in a tenant.
fn user_of<'u>(users: &'u [User], tenant_id: &TenantId, email: &str) -> Option<&'u User> {
    let is_it =
        |user: &&User| method_with_email(user, RecipeId::Webauthn, tenant_id, email).is_some();
    users.iter().find(is_it)
}
