//! What the routes do: one file each.

pub(super) mod change_password;
pub(super) mod email_exists;
pub(super) mod generate_reset_token;
pub(super) mod password_reset;
mod sign_form;
pub(super) mod sign_in;
pub(super) mod sign_up;

use async_trait::async_trait;
use auth_protocol::{LoginMethod, RecipeId, Secret, TenantId, User};

use super::{ChangePasswordOutcome, FormFields};
use crate::{
    Context, Result,
    overrides::{Overrides, input, overridable},
    recipes::{
        accountlinking::{method_with_email, users_with_email},
        session::Session,
    },
};

input! {
    /// Asks whether an address has an account.
    pub struct EmailExistsGetInput {
        /// The address.
        email: String,
        ..
        /// The tenant.
        tenant_id: TenantId,
    }
}

input! {
    /// A sign-up form.
    pub struct SignUpPostInput {
        /// The fields, validated.
        form_fields: FormFields,
        ..
        /// The session's tenant, or else the path's.
        tenant_id: TenantId,
        /// The session that the request came with, where the client wants it to be regarded.
        session: Option<Session>,
        /// Whether the account shall be linked to the session's user; `None` from front ends before
        /// FDI 3.1.
        should_try_linking_with_session_user: Option<bool>,
    }
}

/// What a sign-up form is answered with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SignUpPostOutcome {
    /// `OK`: the user is created and signed in.
    Ok {
        /// The user.
        user: User,
        /// The session.
        session: Session,
    },
    /// The address is taken; on the wire a `FIELD_ERROR` of the field `email`.
    EmailAlreadyExists,
    /// `SIGN_UP_NOT_ALLOWED`
    SignUpNotAllowed {
        /// Why, for the user.
        reason: String,
    },
}

input! {
    /// A sign-in form.
    pub struct SignInPostInput {
        /// The fields, validated.
        form_fields: FormFields,
        ..
        /// The session's tenant, or else the path's.
        tenant_id: TenantId,
        /// The session that the request came with, where the client wants it to be regarded.
        session: Option<Session>,
        /// Whether the account shall be linked to the session's user; `None` from front ends before
        /// FDI 3.1.
        should_try_linking_with_session_user: Option<bool>,
    }
}

/// What a sign-in form is answered with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SignInPostOutcome {
    /// `OK`: the user is signed in.
    Ok {
        /// The user.
        user: User,
        /// The session.
        session: Session,
    },
    /// `WRONG_CREDENTIALS_ERROR`
    WrongCredentials,
    /// `SIGN_IN_NOT_ALLOWED`
    SignInNotAllowed {
        /// Why, for the user.
        reason: String,
    },
}

input! {
    /// A new password for a session's user.
    pub struct ChangePasswordPostInput {
        /// The session.
        session: Session,
        /// The current password, in clear.
        current_password: Secret,
        /// The new one, in clear.
        new_password: Secret,
        ..
        /// Whether the user's other sessions end; as the recipe's settings say by default.
        end_other_sessions: Option<bool>,
    }
}

input! {
    /// A form that asks for a reset link.
    pub struct GeneratePasswordResetTokenPostInput {
        /// The fields, validated.
        form_fields: FormFields,
        ..
        /// The tenant.
        tenant_id: TenantId,
    }
}

/// What a form that asks for a reset link is answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GeneratePasswordResetTokenPostOutcome {
    /// `OK`: the link is on its way, where there is an account.
    Ok,
    /// `PASSWORD_RESET_NOT_ALLOWED`: who has the address could take over an account that isn't
    /// proved to be theirs.
    NotAllowed {
        /// Why, for the user.
        reason: String,
    },
}

input! {
    /// A form that sets a new password.
    pub struct PasswordResetPostInput {
        /// The fields, validated.
        form_fields: FormFields,
        /// The token from the link.
        token: Secret,
        ..
        /// The tenant.
        tenant_id: TenantId,
    }
}

/// What became of a password reset.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum PasswordResetOutcome {
    /// `OK`: the password is changed.
    Ok {
        /// The user.
        user: User,
        /// The address that the token was sent to.
        email: String,
    },
    /// `RESET_PASSWORD_INVALID_TOKEN_ERROR`: the token is unknown, used or expired.
    InvalidToken,
    /// `PASSWORD_POLICY_VIOLATED_ERROR`; from the route a `FIELD_ERROR` of the field `password`.
    PasswordPolicyViolated {
        /// Why, for the user.
        failure_reason: String,
    },
}

overridable! {
    /// The recipe's APIs. [`crate::Error::General`] shows the user a message in place of an
    /// outcome.
    pub struct EmailPasswordApis;
    /// Replaces APIs of [`EmailPasswordApis`].
    ///
    /// # Sign-up
    ///
    /// ```
    /// use auth_core::{
    ///     Context, Result,
    ///     recipes::emailpassword::{
    ///         EmailPasswordApis, EmailPasswordApisOverride, SignUpPostInput, SignUpPostOutcome,
    ///     },
    /// };
    ///
    /// /// Keeps what the sign-up form has besides the address and the password.
    /// struct KeepName;
    ///
    /// impl EmailPasswordApisOverride for KeepName {
    ///     async fn sign_up_post(
    ///         &self,
    ///         original: &EmailPasswordApis,
    ///         cx: &Context,
    ///         input: SignUpPostInput,
    ///     ) -> Result<SignUpPostOutcome> {
    ///         let name = input.form_fields.text("name").unwrap_or_default().to_owned();
    ///         let outcome = original.sign_up_post(cx, input).await?;
    ///         if let SignUpPostOutcome::Ok { user, .. } = &outcome {
    ///             cx.usermetadata()?.set_value(&user.id, "name", name).await?;
    ///         }
    ///         Ok(outcome)
    ///     }
    /// }
    /// ```
    ///
    /// # Sign-in
    ///
    /// ```
    /// use auth_core::{
    ///     Context, Result,
    ///     recipes::emailpassword::{
    ///         EmailPasswordApis, EmailPasswordApisOverride, SignInPostInput, SignInPostOutcome,
    ///     },
    /// };
    ///
    /// /// Lets nobody in who is banned.
    /// struct NotBanned;
    ///
    /// impl EmailPasswordApisOverride for NotBanned {
    ///     async fn sign_in_post(
    ///         &self,
    ///         original: &EmailPasswordApis,
    ///         cx: &Context,
    ///         input: SignInPostInput,
    ///     ) -> Result<SignInPostOutcome> {
    ///         let outcome = original.sign_in_post(cx, input).await?;
    ///         let SignInPostOutcome::Ok { user, session } = &outcome else { return Ok(outcome) };
    ///         let metadata = cx.usermetadata()?;
    ///         if metadata.get_value(&user.id, "banned").await? == Some(true) {
    ///             session.revoke_session().await?;
    ///             let reason = "This account is closed".to_owned();
    ///             return Ok(SignInPostOutcome::SignInNotAllowed { reason });
    ///         }
    ///         Ok(outcome)
    ///     }
    /// }
    /// ```
    pub trait EmailPasswordApisOverride;
    trait EmailPasswordApisBase;

    /// Changes the password of a session's user who knows the current one; where
    /// [`multifactorauth`](crate::recipes::multifactorauth) is in use, only in a session that has
    /// completed what is required.
    async fn change_password_post(input: ChangePasswordPostInput) -> Result<ChangePasswordOutcome>;

    /// Whether an address has an account of this recipe in the tenant.
    async fn email_exists_get(input: EmailExistsGetInput) -> Result<bool>;

    /// Sends a reset link where the address has an account. The answer doesn't tell.
    async fn generate_password_reset_token_post(
        input: GeneratePasswordResetTokenPostInput,
    ) -> Result<GeneratePasswordResetTokenPostOutcome>;

    /// Sets a new password by the token from a link.
    async fn password_reset_post(input: PasswordResetPostInput) -> Result<PasswordResetOutcome>;

    /// Signs a user in.
    async fn sign_in_post(input: SignInPostInput) -> Result<SignInPostOutcome>;

    /// Creates a user and signs it in.
    async fn sign_up_post(input: SignUpPostInput) -> Result<SignUpPostOutcome>;
}

pub(super) fn with_overrides(overrides: Overrides<EmailPasswordApis>) -> EmailPasswordApis {
    overrides.around(EmailPasswordApis::new(Base))
}

struct Base;

#[async_trait]
impl EmailPasswordApisBase for Base {
    async fn change_password_post(
        &self,
        cx: &Context,
        input: ChangePasswordPostInput,
    ) -> Result<ChangePasswordOutcome> {
        change_password::base(cx, input).await
    }

    async fn email_exists_get(&self, cx: &Context, input: EmailExistsGetInput) -> Result<bool> {
        let EmailExistsGetInput { email, tenant_id } = input;
        Ok(user_of(&users_with_email(cx, &tenant_id, &email).await?, &tenant_id, &email).is_some())
    }

    async fn generate_password_reset_token_post(
        &self,
        cx: &Context,
        input: GeneratePasswordResetTokenPostInput,
    ) -> Result<GeneratePasswordResetTokenPostOutcome> {
        generate_reset_token::base(cx, input).await
    }

    async fn password_reset_post(
        &self,
        cx: &Context,
        input: PasswordResetPostInput,
    ) -> Result<PasswordResetOutcome> {
        password_reset::base(cx, input).await
    }

    async fn sign_in_post(
        &self,
        cx: &Context,
        input: SignInPostInput,
    ) -> Result<SignInPostOutcome> {
        sign_in::base(cx, input).await
    }

    async fn sign_up_post(
        &self,
        cx: &Context,
        input: SignUpPostInput,
    ) -> Result<SignUpPostOutcome> {
        sign_up::base(cx, input).await
    }
}

/// Of the users with an address, the one that has it as email-password login method in a tenant.
fn user_of<'u>(users: &'u [User], tenant_id: &TenantId, email: &str) -> Option<&'u User> {
    users.iter().find(|user| method_of(user, tenant_id, email).is_some())
}

/// A user's email-password login method with this address in this tenant.
fn method_of<'u>(user: &'u User, tenant_id: &TenantId, email: &str) -> Option<&'u LoginMethod> {
    method_with_email(user, RecipeId::EmailPassword, tenant_id, email)
}
