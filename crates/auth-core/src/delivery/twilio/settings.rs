//! The account at Twilio.

use std::time::Duration;

use auth_protocol::Secret;
use url::Url;

use super::super::retry::DEFAULT_DELAYS;
use crate::{ConfigError, outgoing::private_url};

const API: &str = "https://api.twilio.com";

/// The account, and who the messages come from.
///
/// ```
/// use auth_core::delivery::twilio::{TwilioDelivery, TwilioSettings};
///
/// let settings = TwilioSettings::new("ACxxxxxxxx", "auth token").from("+15005550006");
/// let delivery = TwilioDelivery::new(settings)?;
/// # Ok::<(), auth_core::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct TwilioSettings {
    account_sid: String,
    auth_token: Secret,
    from: Option<String>,
    messaging_service_sid: Option<String>,
    api_url: String,
    retry_delays: Vec<Duration>,
}

/// The settings, checked.
pub(super) struct Checked {
    pub(super) url: Url,
    pub(super) account_sid: String,
    pub(super) auth_token: Secret,
    /// The parameter that names the sender.
    pub(super) sender: (&'static str, String),
    pub(super) retry_delays: Vec<Duration>,
}

impl TwilioSettings {
    /// The account; the sender is still to be named by [`Self::from`] or
    /// [`Self::messaging_service_sid`].
    pub fn new(account_sid: impl Into<String>, auth_token: impl Into<Secret>) -> Self {
        Self {
            account_sid: account_sid.into(),
            auth_token: auth_token.into(),
            from: None,
            messaging_service_sid: None,
            api_url: API.to_owned(),
            retry_delays: DEFAULT_DELAYS.into(),
        }
    }

    /// The phone number that the messages come from.
    pub fn from(mut self, phone_number: impl Into<String>) -> Self {
        self.from = Some(phone_number.into());
        self
    }

    /// The messaging service that chooses the number.
    pub fn messaging_service_sid(mut self, sid: impl Into<String>) -> Self {
        self.messaging_service_sid = Some(sid.into());
        self
    }

    /// Another address of the API, such as that of a region; `https://api.twilio.com` unless set.
    pub fn api_url(mut self, url: impl Into<String>) -> Self {
        self.api_url = url.into();
        self
    }

    /// How long to wait before each further try after a failure that may pass; 1 s and 5 s unless
    /// set. All tries of a message end within a minute.
    pub fn retry_delays(mut self, delays: impl Into<Vec<Duration>>) -> Self {
        self.retry_delays = delays.into();
        self
    }

    pub(super) fn check(self) -> Result<Checked, ConfigError> {
        let sender = match (self.from, self.messaging_service_sid) {
            (Some(number), None) => ("From", number),
            (None, Some(sid)) => ("MessagingServiceSid", sid),
            _ => {
                let problem = "Please pass exactly one of \"from\" and \"messagingServiceSid\" \
                               config for twilioSettings.";
                return Err(ConfigError::new("twilio_settings", problem, "one of the two"));
            }
        };
        if sender.1.trim().is_empty() || sender.1.chars().any(char::is_control) {
            let (field, expected) = match sender.0 {
                "From" => ("twilio_settings.from", "a phone number such as `+15005550006`"),
                _ => ("twilio_settings.messaging_service_sid", "its id, such as `MG0123…`"),
            };
            return Err(ConfigError::new(
                field,
                "it is empty or holds control characters",
                expected,
            ));
        }
        if self.auth_token.expose_secret().trim().is_empty() {
            let field = "twilio_settings.auth_token";
            return Err(ConfigError::new(field, "it is empty", "the account's token"));
        }
        let is_sid =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_sid(&self.account_sid) {
            let problem = format!("`{}` is no id of an account", self.account_sid);
            let expected = "letters and digits, such as `AC0123…`";
            return Err(ConfigError::new("twilio_settings.account_sid", problem, expected));
        }
        let url = private_url(&self.api_url).and_then(|api| {
            api.join(&format!("/2010-04-01/Accounts/{}/Messages.json", self.account_sid)).ok()
        });
        let url = url.ok_or_else(|| {
            let problem = format!("`{}` can't be used", self.api_url);
            ConfigError::new("twilio_settings.api_url", problem, "an https address")
        })?;
        Ok(Checked {
            url,
            account_sid: self.account_sid,
            auth_token: self.auth_token,
            sender,
            retry_delays: self.retry_delays,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sender_is_named_in_exactly_one_way() {
        let account = || TwilioSettings::new("AC1", "token");
        assert!(account().from("+1").check().is_ok());
        assert!(account().messaging_service_sid("MG1").check().is_ok());
        let text = "Please pass exactly one of \"from\" and \"messagingServiceSid\" config for \
                    twilioSettings.";
        for settings in [account(), account().from("+1").messaging_service_sid("MG1")] {
            let error = settings.check().err().expect("refused").to_string();
            assert!(error.contains(text), "{error}");
        }
    }

    #[test]
    fn the_token_goes_only_over_encrypted_connections_and_loopback() {
        let with = |url: &str| TwilioSettings::new("AC1", "token").from("+1").api_url(url).check();
        for url in ["https://api.dublin.ie1.twilio.com", "http://127.0.0.1:1", "http://[::1]:1"] {
            let checked = with(url).expect(url);
            assert_eq!(checked.url.path(), "/2010-04-01/Accounts/AC1/Messages.json");
        }
        for url in ["http://api.twilio.com", "ftp://localhost", "twilio"] {
            let error = with(url).err().expect(url);
            assert_eq!(error.field(), "twilio_settings.api_url");
        }
        for (settings, field) in [
            (TwilioSettings::new("AC1", "").from("+1"), "twilio_settings.auth_token"),
            (TwilioSettings::new("AC1", "token").from(" "), "twilio_settings.from"),
            (
                TwilioSettings::new("AC1", "token").messaging_service_sid(""),
                "twilio_settings.messaging_service_sid",
            ),
        ] {
            assert_eq!(settings.check().err().expect("refused").field(), field);
        }
        let error = TwilioSettings::new("../x", "token").from("+1").check().err().expect("refused");
        assert_eq!(error.field(), "twilio_settings.account_sid");
    }
}
