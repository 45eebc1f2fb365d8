//! The mail with which to make a passkey for who has lost theirs.

use std::{fmt, time::Duration};

use auth_protocol::{RecipeUserId, Secret, TenantId, UserId};

use crate::delivery::{Letter, Mail, lifetime_in_words};

/// The contents of a `RECOVER_ACCOUNT` mail.
#[derive(Clone)]
#[non_exhaustive]
pub struct RecoverAccountEmail {
    /// The user.
    pub user_id: UserId,
    /// The login method that gets the passkey, where there is one already.
    pub recipe_user_id: Option<RecipeUserId>,
    /// The address.
    pub email: String,
    /// The link.
    pub recover_account_link: Secret,
    /// How long the link works.
    pub link_lifetime: Duration,
    /// The tenant.
    pub tenant_id: TenantId,
}

impl RecoverAccountEmail {
    /// How long a link works unless the core is told otherwise.
    pub const USUAL_LIFETIME: Duration = Duration::from_secs(60 * 60);

    /// A mail to this user at this address, with a link that works for the usual hour.
    pub fn new(
        tenant_id: TenantId,
        user_id: UserId,
        email: impl Into<String>,
        recover_account_link: Secret,
    ) -> Self {
        Self {
            user_id,
            recipe_user_id: None,
            email: email.into(),
            recover_account_link,
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

impl fmt::Debug for RecoverAccountEmail {
    /// Without the address and the link.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecoverAccountEmail")
            .field("user_id", &self.user_id)
            .field("tenant_id", &self.tenant_id)
            .finish_non_exhaustive()
    }
}

impl Mail for RecoverAccountEmail {
    fn type_name(&self) -> &'static str {
        "RECOVER_ACCOUNT"
    }

    fn to(&self) -> &str {
        &self.email
    }

    fn link(&self) -> Option<&Secret> {
        Some(&self.recover_account_link)
    }

    fn letter(&self, app_name: &str) -> Letter {
        let opening = format!("Follow the link to make a new passkey for {app_name}.");
        let lifetime = lifetime_in_words(self.link_lifetime);
        Letter::new("Account recovery instructions", "Recover your account", opening)
            .link_label("Recover account")
            .closing(format!("The link works once, for {lifetime}."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_how_long_the_link_works_and_shows_it_to_no_log() {
        let (tenant, user) = (TenantId::default(), UserId::new("ada"));
        let link = Secret::new("https://example.com/recover?token=x");
        let mail = RecoverAccountEmail::new(tenant, user, "ada@example.com", link)
            .link_lifetime(Duration::from_secs(600));
        let closing = mail.letter("Example").closing;
        assert_eq!(closing, ["The link works once, for 10 minutes."]);
        let text = format!("{mail:?}");
        assert!(!text.contains("ada@") && !text.contains("token"), "{text}");
    }
}
