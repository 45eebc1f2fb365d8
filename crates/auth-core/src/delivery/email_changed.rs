//! The mail to an address that a login method doesn't have any more.

use std::fmt;

use auth_protocol::{RecipeUserId, TenantId, UserId};

use super::{Letter, Mail};

/// The contents of an `EMAIL_CHANGED` mail, which goes to the address that a login method had: an
/// extension, which the reference doesn't send.
#[derive(Clone)]
#[non_exhaustive]
pub struct EmailChangedEmail {
    /// The user.
    pub user_id: UserId,
    /// The login method.
    pub recipe_user_id: RecipeUserId,
    /// The address that it had.
    pub email: String,
    /// The address that it has now. The mail doesn't say it: who reads the old one need not know.
    pub new_email: Option<String>,
    /// A tenant of the login method.
    pub tenant_id: TenantId,
}

impl EmailChangedEmail {
    /// A mail to this address, for a login method that has none now.
    pub fn new(
        tenant_id: TenantId,
        user_id: UserId,
        recipe_user_id: RecipeUserId,
        email: impl Into<String>,
    ) -> Self {
        Self { user_id, recipe_user_id, email: email.into(), new_email: None, tenant_id }
    }

    /// Tells which address it has now.
    #[must_use]
    pub fn new_email(mut self, email: impl Into<String>) -> Self {
        self.new_email = Some(email.into());
        self
    }
}

impl fmt::Debug for EmailChangedEmail {
    /// Without the addresses.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmailChangedEmail")
            .field("user_id", &self.user_id)
            .field("tenant_id", &self.tenant_id)
            .finish_non_exhaustive()
    }
}

impl Mail for EmailChangedEmail {
    fn type_name(&self) -> &'static str {
        "EMAIL_CHANGED"
    }

    fn to(&self) -> &str {
        &self.email
    }

    fn letter(&self, app_name: &str) -> Letter {
        let change = match self.new_email {
            Some(_) => "has another address now",
            None => "has no address any more",
        };
        let opening = format!(
            "Your account at {app_name} {change}, in place of this one. If that was you, there is \
             nothing to do. If it wasn't, get in touch with {app_name} at once."
        );
        let subject = "The address of your account was changed";
        Letter::new(subject, subject, opening).notice()
    }
}
