//! The mails that recipes send.

use std::{fmt, time::Duration};

use auth_protocol::{RecipeUserId, Secret, TenantId, UserId};

use super::PasswordlessLoginEmail;

/// A mail to a user.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Email {
    /// `PASSWORD_RESET`: a link with which to set a new password.
    PasswordReset(PasswordResetEmail),
    /// `PASSWORDLESS_LOGIN`: a one-time code or a link to sign in with.
    PasswordlessLogin(PasswordlessLoginEmail),
}

impl Email {
    /// The type's name in the reference SDKs, such as `PASSWORD_RESET`.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::PasswordReset(_) => "PASSWORD_RESET",
            Self::PasswordlessLogin(_) => "PASSWORDLESS_LOGIN",
        }
    }

    /// The address.
    pub fn to(&self) -> &str {
        match self {
            Self::PasswordReset(email) => &email.email,
            Self::PasswordlessLogin(email) => &email.email,
        }
    }

    /// The link in the mail, where there is one. Who has it can act as the user.
    pub fn link(&self) -> Option<&Secret> {
        match self {
            Self::PasswordReset(email) => Some(&email.password_reset_link),
            Self::PasswordlessLogin(email) => email.login.url_with_link_code.as_ref(),
        }
    }

    /// The code to type in, where there is one.
    pub fn user_input_code(&self) -> Option<&Secret> {
        match self {
            Self::PasswordReset(_) => None,
            Self::PasswordlessLogin(email) => email.login.user_input_code.as_ref(),
        }
    }
}

/// The contents of a `PASSWORD_RESET` mail.
#[derive(Clone)]
#[non_exhaustive]
pub struct PasswordResetEmail {
    /// The user.
    pub user_id: UserId,
    /// The login method whose password the link changes, where there is one already.
    pub recipe_user_id: Option<RecipeUserId>,
    /// The address.
    pub email: String,
    /// The link.
    pub password_reset_link: Secret,
    /// How long the link works.
    pub link_lifetime: Duration,
    /// The tenant.
    pub tenant_id: TenantId,
}

impl PasswordResetEmail {
    /// How long a link works unless the core is told otherwise.
    pub const USUAL_LIFETIME: Duration = Duration::from_secs(60 * 60);

    /// A mail to this user at this address, with a link that works for the usual hour.
    pub fn new(
        tenant_id: TenantId,
        user_id: UserId,
        email: impl Into<String>,
        password_reset_link: Secret,
    ) -> Self {
        Self {
            user_id,
            recipe_user_id: None,
            email: email.into(),
            password_reset_link,
            link_lifetime: Self::USUAL_LIFETIME,
            tenant_id,
        }
    }

    /// Tells how long the link works.
    #[must_use]
    pub fn link_lifetime(mut self, lifetime: Duration) -> Self {
        self.link_lifetime = lifetime;
        self
    }

    /// Names the login method.
    #[must_use]
    pub fn recipe_user_id(mut self, id: RecipeUserId) -> Self {
        self.recipe_user_id = Some(id);
        self
    }
}

impl fmt::Debug for PasswordResetEmail {
    /// Without the address and the link.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordResetEmail")
            .field("user_id", &self.user_id)
            .field("tenant_id", &self.tenant_id)
            .finish_non_exhaustive()
    }
}
