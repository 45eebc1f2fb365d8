//! What the recipe does.

use std::sync::Arc;

use async_trait::async_trait;
use auth_protocol::{
    RecipeUserId, Secret, SessionHandle, TenantId, User, UserId,
    emailpassword::{
        ConsumePasswordResetToken, ConsumePasswordResetTokenResponse, CreatePasswordResetToken,
        CreatePasswordResetTokenResponse, ImportPasswordHash, ImportPasswordHashResponse, SignIn,
        SignInResponse, SignUp, SignUpResponse, UpdateEmailOrPassword,
        UpdateEmailOrPasswordResponse,
    },
};

use super::EmailPasswordInstance;
use crate::{
    Context, Result,
    overrides::overridable,
    recipes::{
        accountlinking::email_change::{self, EmailRefusal},
        session::{Session, Whose, end_sessions},
        sign_in::{self, LinkingFailure},
    },
};

/// An address and a password to sign up or in with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Credentials {
    /// The tenant.
    pub tenant_id: TenantId,
    /// The address.
    pub email: String,
    /// The password, in clear.
    pub password: Secret,
    /// The session that the request came with.
    pub session: Option<Session>,
    /// Whether the account shall be linked to the session's user.
    pub should_try_linking_with_session_user: Option<bool>,
}

impl Credentials {
    /// An address and a password, without a session.
    pub fn new(tenant_id: TenantId, email: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self {
            tenant_id,
            email: email.into(),
            password: password.into(),
            session: None,
            should_try_linking_with_session_user: None,
        }
    }
}

/// What became of a sign-up.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SignUpOutcome {
    /// `OK`: the user is created.
    Ok {
        /// The user.
        user: User,
        /// The new login method.
        recipe_user_id: RecipeUserId,
    },
    /// `EMAIL_ALREADY_EXISTS_ERROR`
    EmailAlreadyExists,
    /// `LINKING_TO_SESSION_USER_FAILED`: the user is created, but not linked to the session's.
    LinkingToSessionUserFailed(LinkingFailure),
}

/// What became of a sign-in.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SignInOutcome {
    /// `OK`: the credentials are right.
    Ok {
        /// The user.
        user: User,
        /// The login method that was used.
        recipe_user_id: RecipeUserId,
    },
    /// `WRONG_CREDENTIALS_ERROR`: the address is unknown or the password is wrong.
    WrongCredentials,
    /// `LINKING_TO_SESSION_USER_FAILED`: the credentials are right, but the account can't be
    /// linked to the session's user.
    LinkingToSessionUserFailed(LinkingFailure),
}

/// For whom a password reset token is made.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CreateResetTokenInput {
    /// The tenant.
    pub tenant_id: TenantId,
    /// The user.
    pub user_id: UserId,
    /// The address that the token is sent to.
    pub email: String,
}

impl CreateResetTokenInput {
    /// A token for this user, sent to this address.
    pub fn new(tenant_id: TenantId, user_id: UserId, email: impl Into<String>) -> Self {
        Self { tenant_id, user_id, email: email.into() }
    }
}

/// What became of the creation of a reset token.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ResetTokenOutcome {
    /// `OK`: the token.
    Ok(Secret),
    /// `UNKNOWN_USER_ID_ERROR`
    UnknownUserId,
}

/// What a reset token stood for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ConsumedResetToken {
    /// `OK`: the token was valid; it isn't any more.
    Ok {
        /// The user that it was made for.
        user_id: UserId,
        /// The address that it was sent to.
        email: String,
    },
    /// `RESET_PASSWORD_INVALID_TOKEN_ERROR`: unknown, used or expired.
    InvalidToken,
}

/// A change of a login method's address or password.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PasswordUpdate {
    /// The login method.
    pub recipe_user_id: RecipeUserId,
    /// The new address.
    pub email: Option<String>,
    /// The new password, in clear.
    pub password: Option<Secret>,
    /// Whether the password must satisfy the rule of the sign-up form; `true` by default.
    pub apply_password_policy: bool,
    /// The tenant whose rule applies; `public` by default.
    pub tenant_id_for_password_policy: TenantId,
    /// The session that goes on where a new password ends the user's others. By default the one
    /// that a guard found in front of the route, if there is one.
    pub keep_session: Option<SessionHandle>,
}

impl PasswordUpdate {
    /// A change of nothing yet.
    pub fn new(recipe_user_id: RecipeUserId) -> Self {
        Self {
            recipe_user_id,
            email: None,
            password: None,
            apply_password_policy: true,
            tenant_id_for_password_policy: TenantId::default(),
            keep_session: None,
        }
    }

    /// The new address.
    #[must_use]
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// The new password.
    #[must_use]
    pub fn password(mut self, password: impl Into<Secret>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// Names the session that goes on where a new password ends the user's others: the one in which
    /// the password is changed.
    #[must_use]
    pub fn keep_session(mut self, session_handle: SessionHandle) -> Self {
        self.keep_session = Some(session_handle);
        self
    }

    /// Takes a password that the sign-up form would refuse.
    #[must_use]
    pub fn without_password_policy(mut self) -> Self {
        self.apply_password_policy = false;
        self
    }
}

/// What became of a [`PasswordUpdate`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UpdateOutcome {
    /// `OK`
    Ok,
    /// `UNKNOWN_USER_ID_ERROR`: no such login method of this recipe.
    UnknownUserId,
    /// `EMAIL_ALREADY_EXISTS_ERROR`
    EmailAlreadyExists,
    /// `EMAIL_CHANGE_NOT_ALLOWED_ERROR`
    EmailChangeNotAllowed {
        /// Why.
        reason: String,
    },
    /// `PASSWORD_POLICY_VIOLATED_ERROR`
    PasswordPolicyViolated {
        /// Why, for the user.
        failure_reason: String,
    },
}

overridable! {
    /// The recipe's functions.
    pub trait EmailPasswordFunctions;
    /// Replaces functions of [`EmailPasswordFunctions`].
    pub trait EmailPasswordOverride;
    struct EmailPasswordLayer;

    /// Creates a user.
    async fn sign_up(credentials: Credentials) -> Result<SignUpOutcome>;

    /// Creates the login method, without anything that a sign-up does besides.
    async fn create_new_recipe_user(credentials: Credentials) -> Result<SignUpOutcome>;

    /// Checks the credentials of a user who wants to sign in.
    async fn sign_in(credentials: Credentials) -> Result<SignInOutcome>;

    /// Checks the credentials and nothing else.
    async fn verify_credentials(credentials: Credentials) -> Result<SignInOutcome>;

    /// Creates a single-use token that permits to set a new password.
    async fn create_reset_password_token(input: CreateResetTokenInput) -> Result<ResetTokenOutcome>;

    /// Uses up a reset token.
    async fn consume_password_reset_token(
        token: Secret,
        tenant_id: TenantId,
    ) -> Result<ConsumedResetToken>;

    /// Changes a login method's address or password. A new password ends the user's other sessions,
    /// unless the recipe's settings say otherwise.
    async fn update_email_or_password(update: PasswordUpdate) -> Result<UpdateOutcome>;

    /// Creates a user with a password hash made elsewhere, or replaces the hash of the user who has
    /// the address (CDI: `POST /recipe/user/passwordhash/import`; the reference's SDKs have no
    /// function for it). Nothing is linked.
    async fn import_password_hash(
        tenant_id: TenantId,
        hash: ImportPasswordHash,
    ) -> Result<ImportPasswordHashResponse>;
}

pub(super) fn with_overrides(
    overrides: Vec<Arc<dyn EmailPasswordOverride>>,
) -> Arc<dyn EmailPasswordFunctions> {
    EmailPasswordLayer::stack(Arc::new(Base), overrides)
}

struct Base;

#[async_trait]
impl EmailPasswordFunctions for Base {
    async fn sign_up(&self, cx: &Context, credentials: Credentials) -> Result<SignUpOutcome> {
        let Credentials { tenant_id, session, should_try_linking_with_session_user, .. } =
            credentials.clone();
        let functions = &EmailPasswordInstance::of(cx)?.functions;
        let created = functions.create_new_recipe_user(cx, credentials).await?;
        let SignUpOutcome::Ok { user, recipe_user_id } = created else { return Ok(created) };
        let linking = should_try_linking_with_session_user;
        let session = session.as_ref();
        Ok(match sign_in::link(cx, &tenant_id, user, &recipe_user_id, session, linking).await? {
            Ok(user) => SignUpOutcome::Ok { user, recipe_user_id },
            Err(failure) => SignUpOutcome::LinkingToSessionUserFailed(failure),
        })
    }

    async fn create_new_recipe_user(
        &self,
        cx: &Context,
        credentials: Credentials,
    ) -> Result<SignUpOutcome> {
        let Credentials { tenant_id, email, password, .. } = credentials;
        Ok(match cx.core().call(&tenant_id, SignUp { email, password }).await? {
            SignUpResponse::Ok { user, recipe_user_id } => {
                SignUpOutcome::Ok { user, recipe_user_id }
            }
            SignUpResponse::EmailAlreadyExistsError => SignUpOutcome::EmailAlreadyExists,
        })
    }

    async fn sign_in(&self, cx: &Context, credentials: Credentials) -> Result<SignInOutcome> {
        let Credentials { tenant_id, session, should_try_linking_with_session_user, .. } =
            credentials.clone();
        let functions = &EmailPasswordInstance::of(cx)?.functions;
        let verified = functions.verify_credentials(cx, credentials).await?;
        let SignInOutcome::Ok { user, recipe_user_id } = verified else { return Ok(verified) };
        let linking = should_try_linking_with_session_user;
        let session = session.as_ref();
        Ok(match sign_in::link(cx, &tenant_id, user, &recipe_user_id, session, linking).await? {
            Ok(user) => SignInOutcome::Ok { user, recipe_user_id },
            Err(failure) => SignInOutcome::LinkingToSessionUserFailed(failure),
        })
    }

    async fn verify_credentials(
        &self,
        cx: &Context,
        credentials: Credentials,
    ) -> Result<SignInOutcome> {
        let Credentials { tenant_id, email, password, .. } = credentials;
        Ok(match cx.core().call(&tenant_id, SignIn { email, password }).await? {
            SignInResponse::Ok { user, recipe_user_id } => {
                SignInOutcome::Ok { user, recipe_user_id }
            }
            SignInResponse::WrongCredentialsError => SignInOutcome::WrongCredentials,
        })
    }

    async fn create_reset_password_token(
        &self,
        cx: &Context,
        input: CreateResetTokenInput,
    ) -> Result<ResetTokenOutcome> {
        let CreateResetTokenInput { tenant_id, user_id, email } = input;
        let request = CreatePasswordResetToken { user_id, email };
        Ok(match cx.core().call(&tenant_id, request).await? {
            CreatePasswordResetTokenResponse::Ok { token } => ResetTokenOutcome::Ok(token),
            CreatePasswordResetTokenResponse::UnknownUserIdError => {
                ResetTokenOutcome::UnknownUserId
            }
        })
    }

    async fn consume_password_reset_token(
        &self,
        cx: &Context,
        token: Secret,
        tenant_id: TenantId,
    ) -> Result<ConsumedResetToken> {
        use ConsumePasswordResetTokenResponse as Answer;
        Ok(match cx.core().call(&tenant_id, ConsumePasswordResetToken { token }).await? {
            Answer::Ok { user_id, email } => ConsumedResetToken::Ok { user_id, email },
            Answer::ResetPasswordInvalidTokenError => ConsumedResetToken::InvalidToken,
        })
    }

    async fn update_email_or_password(
        &self,
        cx: &Context,
        update: PasswordUpdate,
    ) -> Result<UpdateOutcome> {
        use UpdateEmailOrPasswordResponse as Answer;
        if let Some(password) = &update.password
            && update.apply_password_policy
        {
            let tenant_id = &update.tenant_id_for_password_policy;
            let problem = EmailPasswordInstance::of(cx)?
                .password_policy_problem(cx, password.expose_secret(), tenant_id)
                .await?;
            if let Some(failure_reason) = problem {
                return Ok(UpdateOutcome::PasswordPolicyViolated { failure_reason });
            }
        }
        if let Some(email) = &update.email {
            match email_change::refusal(cx, &update.recipe_user_id, email).await? {
                None => {}
                Some(EmailRefusal::UnknownUserId) => return Ok(UpdateOutcome::UnknownUserId),
                Some(EmailRefusal::NotAllowed { reason }) => {
                    return Ok(UpdateOutcome::EmailChangeNotAllowed { reason });
                }
            }
        }
        let ends_sessions = update.password.is_some()
            && EmailPasswordInstance::of(cx)?.ends_sessions_on_password_change;
        let user_id = UserId::from(update.recipe_user_id.clone());
        let request = UpdateEmailOrPassword {
            recipe_user_id: update.recipe_user_id,
            email: update.email,
            password: update.password,
        };
        Ok(match cx.core().call(&TenantId::default(), request).await? {
            Answer::Ok => {
                if ends_sessions {
                    end_sessions(cx, Whose::User(user_id), update.keep_session).await?;
                }
                UpdateOutcome::Ok
            }
            Answer::UnknownUserIdError => UpdateOutcome::UnknownUserId,
            Answer::EmailAlreadyExistsError => UpdateOutcome::EmailAlreadyExists,
            Answer::EmailChangeNotAllowedError { reason } => {
                UpdateOutcome::EmailChangeNotAllowed { reason }
            }
        })
    }

    async fn import_password_hash(
        &self,
        cx: &Context,
        tenant_id: TenantId,
        hash: ImportPasswordHash,
    ) -> Result<ImportPasswordHashResponse> {
        Ok(cx.core().call(&tenant_id, hash).await?)
    }
}
