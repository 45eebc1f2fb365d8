//! What stands in the messages.

use std::fmt::{self, Write as _};

use super::super::{Sms, lifetime};

/// A message, ready to be sent.
#[derive(Clone)]
#[non_exhaustive]
pub struct SmsContent {
    /// The text.
    pub body: String,
    /// The phone number.
    pub to_phone_number: String,
}

impl SmsContent {
    /// A message to this number.
    pub fn new(to_phone_number: impl Into<String>, body: impl Into<String>) -> Self {
        Self { body: body.into(), to_phone_number: to_phone_number.into() }
    }
}

impl fmt::Debug for SmsContent {
    /// Nothing of it: the text holds codes and links.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmsContent").finish_non_exhaustive()
    }
}

/// The message of a recipe: code and link with the app's name, then how long they are valid (FDI:
/// delivery ingredients).
pub(super) fn content(app_name: &str, sms: &Sms) -> SmsContent {
    let Sms::PasswordlessLogin(message) = sms;
    let mut body = String::new();
    // Writing to a string can't fail.
    if let Some(code) = sms.user_input_code() {
        let _ = writeln!(body, "OTP to login is {} for {app_name}", code.expose_secret());
    }
    if let Some(link) = sms.link() {
        let link = link.expose_secret();
        let _ = writeln!(body, "Click {link} to login to {app_name}");
    }
    let lifetime = lifetime::in_words(message.login.code_lifetime);
    let _ = write!(body, "This is valid for {lifetime}.");
    SmsContent::new(sms.to(), body)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::delivery::{LoginCode, PasswordlessLoginSms};

    #[test]
    fn a_message_tells_code_link_app_and_lifetime() {
        let login = || LoginCode::new("public".into(), "id", Duration::from_secs(90));
        let both = login().user_input_code("123456").url_with_link_code("https://l");
        for (login, lines) in [
            (login().user_input_code("123456"), vec!["OTP to login is 123456 for App"]),
            (login().url_with_link_code("https://l"), vec!["Click https://l to login to App"]),
            (both, vec!["OTP to login is 123456 for App", "Click https://l to login to App"]),
        ] {
            let sms = Sms::PasswordlessLogin(PasswordlessLoginSms::new("+1", login));
            let message = content("App", &sms);
            let lines: Vec<&str> =
                lines.into_iter().chain(["This is valid for 1 minute."]).collect();
            assert_eq!(message.body.lines().collect::<Vec<_>>(), lines);
            assert!(!format!("{message:?}").contains("123456"));
        }
    }
}
