//! The mail by which an address is verified.

use std::{fmt, time::Duration};

use auth_protocol::{RecipeUserId, Secret, TenantId, UserId};

use crate::delivery::{Letter, Mail, lifetime_in_words};

/// The contents of an `EMAIL_VERIFICATION` mail.
#[derive(Clone)]
#[non_exhaustive]
pub struct EmailVerificationEmail {
    /// The user.
    pub user_id: UserId,
    /// The login method whose address the link verifies.
    pub recipe_user_id: RecipeUserId,
    /// The address.
    pub email: String,
    /// The link.
    pub email_verify_link: Secret,
    /// How long the link works.
    pub link_lifetime: Duration,
    /// The tenant.
    pub tenant_id: TenantId,
}

impl EmailVerificationEmail {
    /// How long a link works unless the core is told otherwise.
    pub const USUAL_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

    /// A mail to this user at this address, with a link that works for the usual day.
    pub fn new(
        tenant_id: TenantId,
        user_id: UserId,
        recipe_user_id: RecipeUserId,
        email: impl Into<String>,
        email_verify_link: Secret,
    ) -> Self {
        Self {
            user_id,
            recipe_user_id,
            email: email.into(),
            email_verify_link,
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
}

impl fmt::Debug for EmailVerificationEmail {
    /// Without the address and the link.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmailVerificationEmail")
            .field("user_id", &self.user_id)
            .field("tenant_id", &self.tenant_id)
            .finish_non_exhaustive()
    }
}

impl Mail for EmailVerificationEmail {
    fn type_name(&self) -> &'static str {
        "EMAIL_VERIFICATION"
    }

    fn to(&self) -> &str {
        &self.email
    }

    fn link(&self) -> Option<&Secret> {
        Some(&self.email_verify_link)
    }

    /// Who follows the link of an account that somebody else made with the address lets that account
    /// pass for theirs: the mail says so.
    fn letter(&self, app_name: &str) -> Letter {
        let opening =
            format!("Follow the link to confirm that your account at {app_name} has this address.");
        let lifetime = lifetime_in_words(self.link_lifetime);
        Letter::new("Email verification instructions", "Confirm your address", opening)
            .link_label("Confirm address")
            .closing(format!("The link works once, for {lifetime}."))
            .closing("Don't follow it for an account that you didn't make.")
    }
}
