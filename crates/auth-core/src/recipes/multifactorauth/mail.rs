//! The mail about a factor that was changed.

use std::fmt;

use auth_protocol::{Secret, TenantId, UserId};

use super::{FactorChange, FactorId};
use crate::delivery::{Letter, Mail};

/// The contents of a `FACTOR_CHANGED` mail: an extension, which the reference doesn't send.
#[derive(Clone)]
#[non_exhaustive]
pub struct FactorChangedEmail {
    /// The user.
    pub user_id: UserId,
    /// The address.
    pub email: String,
    /// The factor.
    pub factor_id: FactorId,
    /// What became of it.
    pub change: FactorChange,
    /// The tenant of the session in which it was changed.
    pub tenant_id: TenantId,
    /// The page on which a reset link is asked for, where there are passwords. It opens nothing by
    /// itself.
    pub reset_page: Option<Secret>,
}

impl FactorChangedEmail {
    /// A mail to this user at this address.
    pub fn new(
        tenant_id: TenantId,
        user_id: UserId,
        email: impl Into<String>,
        factor_id: FactorId,
        change: FactorChange,
    ) -> Self {
        Self { user_id, email: email.into(), factor_id, change, tenant_id, reset_page: None }
    }

    /// Tells where a reset link is asked for.
    #[must_use]
    pub fn reset_page(mut self, page: impl Into<Secret>) -> Self {
        self.reset_page = Some(page.into());
        self
    }

    /// What happened, without an end.
    fn news(&self) -> String {
        let factor = match self.factor_id.as_str() {
            "totp" => "an authenticator app",
            "recovery-code" => "recovery codes",
            "webauthn" => "a passkey",
            other => other,
        };
        match self.change {
            FactorChange::Added => format!("{factor} was added to your account"),
            FactorChange::Removed => format!("{factor} was removed from your account"),
            FactorChange::Renewed => format!("new {factor} were made for your account"),
        }
    }
}

impl fmt::Debug for FactorChangedEmail {
    /// Without the address.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FactorChangedEmail")
            .field("user_id", &self.user_id)
            .field("factor_id", &self.factor_id)
            .field("change", &self.change)
            .finish_non_exhaustive()
    }
}

impl Mail for FactorChangedEmail {
    fn type_name(&self) -> &'static str {
        "FACTOR_CHANGED"
    }

    fn to(&self) -> &str {
        &self.email
    }

    fn link(&self) -> Option<&Secret> {
        self.reset_page.as_ref()
    }

    fn letter(&self, app_name: &str) -> Letter {
        let news = self.news();
        let mut heading = news.clone();
        if let Some(first) = heading.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let opening = format!(
            "At {app_name}, {news}. If that was you, there is nothing to do. If it wasn't, somebody \
             else is signed in with your account: choose another password at once, which signs them \
             out."
        );
        let subject = "How you sign in was changed";
        Letter::new(subject, heading, opening).link_label("Reset password").notice()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_was_changed() {
        let mail = |factor, change| {
            let (tenant, user) = (TenantId::default(), UserId::new("ada"));
            FactorChangedEmail::new(tenant, user, "ada@example.com", factor, change)
        };
        for (factor, change, heading) in [
            (FactorId::TOTP, FactorChange::Added, "An authenticator app was added to your account"),
            (
                FactorId::TOTP,
                FactorChange::Removed,
                "An authenticator app was removed from your account",
            ),
            (
                FactorId::RECOVERY_CODE,
                FactorChange::Renewed,
                "New recovery codes were made for your account",
            ),
            (FactorId::WEBAUTHN, FactorChange::Added, "A passkey was added to your account"),
        ] {
            assert_eq!(mail(factor, change).letter("Example").heading, heading);
        }
        let text = format!("{:?}", mail(FactorId::TOTP, FactorChange::Added));
        assert!(!text.contains("ada@"), "{text}");
    }
}
