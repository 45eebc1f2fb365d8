//! What the routes do: one file each.

pub(super) mod email_exists;
pub(super) mod generate_reset_token;
pub(super) mod password_reset;
pub(super) mod sign_in;
pub(super) mod sign_up;

use std::sync::Arc;

use async_trait::async_trait;
use auth_protocol::{
    LoginMethod, RecipeId, RecipeUserId, Secret, TenantId, User, user::ListUsersByAccountInfo,
};

use super::{Credentials, FormFields, config::Field};
use crate::{
    ApiCall, Context, Result,
    overrides::overridable,
    recipes::{
        accountlinking::NewAccountInfo,
        multifactorauth::FactorId,
        session::Session,
        sign_in::{PreAuth, SignInKind, SignInSession, load_session, post_auth_checks},
    },
};

/// Asks whether an address has an account.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EmailExistsInput {
    /// The address.
    pub email: String,
    /// The tenant.
    pub tenant_id: TenantId,
}

/// A sign-up or sign-in form.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SignFormInput {
    /// The fields, validated.
    pub form_fields: FormFields,
    /// The session's tenant, or else the path's.
    pub tenant_id: TenantId,
    /// The session that the request came with, where the client wants it to be regarded.
    pub session: Option<Session>,
    /// Whether the account shall be linked to the session's user; `None` from front ends before
    /// FDI 3.1.
    pub should_try_linking_with_session_user: Option<bool>,
}

impl SignFormInput {
    /// Reads a form, and the session that it came with.
    async fn read(call: &ApiCall, form: &[Field]) -> Result<Self> {
        let body = call.cx.json_body()?;
        let form_fields = FormFields::read(&body)?;
        form_fields.validate(&call.cx, form, &call.tenant_id).await?;
        let SignInSession { should_try_linking, session, tenant_id } =
            load_session(call, &body).await?;
        Ok(Self {
            form_fields,
            tenant_id,
            session,
            should_try_linking_with_session_user: should_try_linking,
        })
    }

    /// What is checked before the credentials are.
    fn pre_auth<'a>(
        &'a self,
        kind: SignInKind<'a>,
        users: &'a [User],
        is_verified: bool,
    ) -> PreAuth<'a> {
        let account = NewAccountInfo::new(RecipeId::EmailPassword).email(self.form_fields.email());
        PreAuth::new(&self.tenant_id, account, kind, users, [FactorId::EMAIL_PASSWORD])
            .session(self.session.as_ref(), self.should_try_linking_with_session_user)
            .verified(is_verified)
    }

    /// The session of a user whose credentials were right.
    async fn session_of(self, cx: &Context, user: &User, method: RecipeUserId) -> Result<Session> {
        let factor = FactorId::EMAIL_PASSWORD;
        post_auth_checks(cx, user, method, factor, &self.tenant_id, self.session).await
    }

    fn credentials(&self) -> Credentials {
        Credentials {
            session: self.session.clone(),
            should_try_linking_with_session_user: self.should_try_linking_with_session_user,
            ..Credentials::new(
                self.tenant_id.clone(),
                self.form_fields.email(),
                self.form_fields.password(),
            )
        }
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

/// A form that asks for a reset link.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GenerateResetTokenInput {
    /// The fields, validated.
    pub form_fields: FormFields,
    /// The tenant.
    pub tenant_id: TenantId,
}

/// What a form that asks for a reset link is answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GenerateResetTokenOutcome {
    /// `OK`: the link is on its way, where there is an account.
    Ok,
    /// `PASSWORD_RESET_NOT_ALLOWED`: who has the address could take over an account that isn't
    /// proved to be theirs.
    NotAllowed {
        /// Why, for the user.
        reason: String,
    },
}

/// A form that sets a new password.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PasswordResetInput {
    /// The fields, validated.
    pub form_fields: FormFields,
    /// The token from the link.
    pub token: Secret,
    /// The tenant.
    pub tenant_id: TenantId,
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
    pub trait EmailPasswordApis;
    /// Replaces APIs of [`EmailPasswordApis`].
    pub trait EmailPasswordApisOverride;
    struct EmailPasswordApisLayer;

    /// Whether an address has an account of this recipe in the tenant.
    async fn email_exists_get(input: EmailExistsInput) -> Result<bool>;

    /// Sends a reset link where the address has an account. The answer doesn't tell.
    async fn generate_password_reset_token_post(
        input: GenerateResetTokenInput,
    ) -> Result<GenerateResetTokenOutcome>;

    /// Sets a new password by the token from a link.
    async fn password_reset_post(input: PasswordResetInput) -> Result<PasswordResetOutcome>;

    /// Signs a user in.
    async fn sign_in_post(input: SignFormInput) -> Result<SignInPostOutcome>;

    /// Creates a user and signs it in.
    async fn sign_up_post(input: SignFormInput) -> Result<SignUpPostOutcome>;
}

pub(super) fn with_overrides(
    overrides: Vec<Arc<dyn EmailPasswordApisOverride>>,
) -> Arc<dyn EmailPasswordApis> {
    EmailPasswordApisLayer::stack(Arc::new(Base), overrides)
}

struct Base;

#[async_trait]
impl EmailPasswordApis for Base {
    async fn email_exists_get(&self, cx: &Context, input: EmailExistsInput) -> Result<bool> {
        let EmailExistsInput { email, tenant_id } = input;
        Ok(user_of(&users_with(cx, &tenant_id, &email).await?, &tenant_id, &email).is_some())
    }

    async fn generate_password_reset_token_post(
        &self,
        cx: &Context,
        input: GenerateResetTokenInput,
    ) -> Result<GenerateResetTokenOutcome> {
        generate_reset_token::base(cx, input).await
    }

    async fn password_reset_post(
        &self,
        cx: &Context,
        input: PasswordResetInput,
    ) -> Result<PasswordResetOutcome> {
        password_reset::base(cx, input).await
    }

    async fn sign_in_post(&self, cx: &Context, input: SignFormInput) -> Result<SignInPostOutcome> {
        sign_in::base(cx, input).await
    }

    async fn sign_up_post(&self, cx: &Context, input: SignFormInput) -> Result<SignUpPostOutcome> {
        sign_up::base(cx, input).await
    }
}

/// Of the users with an address, the one that has it as email-password login method in a tenant.
fn user_of<'u>(users: &'u [User], tenant_id: &TenantId, email: &str) -> Option<&'u User> {
    users.iter().find(|user| method_of(user, tenant_id, email).is_some())
}

/// The users with an address in a tenant, oldest first.
async fn users_with(cx: &Context, tenant_id: &TenantId, email: &str) -> Result<Vec<User>> {
    let info = ListUsersByAccountInfo {
        email: Some(email.to_owned()),
        ..ListUsersByAccountInfo::default()
    };
    cx.accountlinking()?.list_users_by_account_info(tenant_id, info).await
}

/// A user's email-password login method with this address in this tenant.
fn method_of<'u>(user: &'u User, tenant_id: &TenantId, email: &str) -> Option<&'u LoginMethod> {
    user.login_methods.iter().find(|method| {
        method.recipe_id == RecipeId::EmailPassword
            && method.has_same_email_as(email)
            && method.tenant_ids.contains(tenant_id)
    })
}
