//! The mail.

use std::{fmt, net::IpAddr, time::Duration};

use auth_protocol::{Secret, TenantId, UserId};
use time::OffsetDateTime;

use super::{NetworkStanding, SignInFacts};
use crate::delivery::{Letter, Mail, lifetime_in_words};

/// The contents of a `SIGN_IN_ALERT` mail: an extension, which the reference doesn't send.
#[derive(Clone)]
#[non_exhaustive]
pub struct SignInAlertEmail {
    /// The user.
    pub user_id: UserId,
    /// The address.
    pub email: String,
    /// The tenant.
    pub tenant_id: TenantId,
    /// When somebody signed in, in milliseconds since the epoch.
    pub time_ms: i64,
    /// From which network address, where that is known.
    pub address: Option<IpAddr>,
    /// By which program and system, such as `Firefox on Windows`: what the client says of itself, in
    /// words of ours.
    pub device: Option<String>,
    /// Whether the user isn't known on the device.
    pub is_new_device: bool,
    /// Whether the user hasn't signed in from the network.
    pub is_new_network: bool,
    /// The link by which the owner ends all sessions.
    pub end_sessions_link: Secret,
    /// How long the link works.
    pub link_lifetime: Duration,
}

impl SignInAlertEmail {
    /// How long a link works unless the recipe is told otherwise.
    pub const USUAL_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

    /// A mail to this address about a sign-in, with a link that works for the usual day.
    pub fn new(
        facts: &SignInFacts,
        email: impl Into<String>,
        end_sessions_link: impl Into<Secret>,
    ) -> Self {
        Self {
            user_id: facts.user.id.clone(),
            email: email.into(),
            tenant_id: facts.tenant_id.clone(),
            time_ms: facts.time_ms,
            address: facts.address,
            device: facts.device.clone(),
            is_new_device: !facts.is_known_device,
            is_new_network: facts.network_standing == NetworkStanding::New,
            end_sessions_link: end_sessions_link.into(),
            link_lifetime: Self::USUAL_LIFETIME,
        }
    }

    /// Tells how long the link works.
    #[must_use]
    pub fn link_lifetime(mut self, lifetime: Duration) -> Self {
        self.link_lifetime = lifetime;
        self
    }

    /// Such as `29 November 2026, 05:46 UTC`.
    fn time(&self) -> String {
        let time = OffsetDateTime::from_unix_timestamp(self.time_ms.div_euclid(1000));
        let time = time.unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let (day, month, year) = (time.day(), time.month(), time.year());
        format!("{day} {month} {year}, {:02}:{:02} UTC", time.hour(), time.minute())
    }
}

impl fmt::Debug for SignInAlertEmail {
    /// Without the addresses and the link.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInAlertEmail")
            .field("user_id", &self.user_id)
            .field("tenant_id", &self.tenant_id)
            .finish_non_exhaustive()
    }
}

impl Mail for SignInAlertEmail {
    fn type_name(&self) -> &'static str {
        "SIGN_IN_ALERT"
    }

    fn to(&self) -> &str {
        &self.email
    }

    fn link(&self) -> Option<&Secret> {
        Some(&self.end_sessions_link)
    }

    fn letter(&self, app_name: &str) -> Letter {
        let device = self.device.as_ref().map(|it| format!(" by {it}")).unwrap_or_default();
        let address = self.address.map(|it| format!(" from the address {it}")).unwrap_or_default();
        let news = match (self.is_new_device, self.is_new_network) {
            (true, true) => "It is a device and a network that you haven't used before.",
            (true, false) => "It is a device that you haven't used before.",
            (false, true) => "It is a network that you haven't used before.",
            (false, false) => "It isn't as usual.",
        };
        let opening = format!(
            "On {}, somebody signed in to your account at {app_name}{device}{address}. {news} If it \
             was you, there is nothing to do. If it wasn't, sign out everywhere, and choose another \
             password.",
            self.time(),
        );
        let lifetime = lifetime_in_words(self.link_lifetime);
        Letter::new("New sign-in to your account", "New sign-in to your account", opening)
            .link_label("It wasn't me: sign out everywhere")
            .closing(format!(
                "The link works once, for {lifetime}, and asks before it does anything."
            ))
            .notice()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_when_from_where_and_what_to_do() {
        let mail = SignInAlertEmail {
            user_id: "ada".into(),
            email: "ada@example.com".into(),
            tenant_id: TenantId::default(),
            time_ms: 1_700_000_000_000,
            address: "203.0.113.7".parse().ok(),
            device: Some("Firefox on Windows".into()),
            is_new_device: true,
            is_new_network: false,
            end_sessions_link: "https://api.example.com/end?token=secret".into(),
            link_lifetime: SignInAlertEmail::USUAL_LIFETIME,
        };
        let letter = mail.letter("Example");
        assert_eq!(
            letter.opening,
            "On 14 November 2023, 22:13 UTC, somebody signed in to your account at Example by \
             Firefox on Windows from the address 203.0.113.7. It is a device that you haven't used \
             before. If it was you, there is nothing to do. If it wasn't, sign out everywhere, and \
             choose another password."
        );
        assert!(letter.closing[0].contains("24 hours"), "{letter:?}");
        let text = format!("{mail:?}");
        assert!(!text.contains("secret") && !text.contains("ada@"), "{text}");
    }
}
