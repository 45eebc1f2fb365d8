//! The mail with which to set a new password, and the one that tells that it was set.

use std::{fmt, time::Duration};

use auth_protocol::{RecipeUserId, Secret, TenantId, UserId};

use crate::delivery::{Letter, Mail, lifetime_in_words};

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

impl Mail for PasswordResetEmail {
    fn type_name(&self) -> &'static str {
        "PASSWORD_RESET"
    }

    fn to(&self) -> &str {
        &self.email
    }

    fn link(&self) -> Option<&Secret> {
        Some(&self.password_reset_link)
    }

    fn letter(&self, app_name: &str) -> Letter {
        let opening = format!("Follow the link to choose a new password for {app_name}.");
        let lifetime = lifetime_in_words(self.link_lifetime);
        Letter::new("Password reset instructions", "Reset your password", opening)
            .link_label("Reset password")
            .closing(format!("The link works once, for {lifetime}."))
    }
}

/// The contents of a `PASSWORD_CHANGED` mail: an extension, which the reference doesn't send.
#[derive(Clone)]
#[non_exhaustive]
pub struct PasswordChangedEmail {
    /// The user.
    pub user_id: UserId,
    /// The login method whose password is another one now.
    pub recipe_user_id: RecipeUserId,
    /// The address.
    pub email: String,
    /// The page on which a reset link is asked for. It opens nothing by itself.
    pub reset_page: Secret,
    /// A tenant of the login method.
    pub tenant_id: TenantId,
}

impl PasswordChangedEmail {
    /// A mail to this user at this address.
    pub fn new(
        tenant_id: TenantId,
        user_id: UserId,
        recipe_user_id: RecipeUserId,
        email: impl Into<String>,
        reset_page: impl Into<Secret>,
    ) -> Self {
        let (email, reset_page) = (email.into(), reset_page.into());
        Self { user_id, recipe_user_id, email, reset_page, tenant_id }
    }
}

impl fmt::Debug for PasswordChangedEmail {
    /// Without the address.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordChangedEmail")
            .field("user_id", &self.user_id)
            .field("tenant_id", &self.tenant_id)
            .finish_non_exhaustive()
    }
}

impl Mail for PasswordChangedEmail {
    fn type_name(&self) -> &'static str {
        "PASSWORD_CHANGED"
    }

    fn to(&self) -> &str {
        &self.email
    }

    fn link(&self) -> Option<&Secret> {
        Some(&self.reset_page)
    }

    fn letter(&self, app_name: &str) -> Letter {
        let opening = format!(
            "The password of your account at {app_name} was changed. If that was you, there is \
             nothing to do. If it wasn't, choose another one at once."
        );
        Letter::new("Your password was changed", "Your password was changed", opening)
            .link_label("Reset password")
            .closing("A new password signs out whoever is signed in with your account elsewhere.")
            .notice()
    }
}
