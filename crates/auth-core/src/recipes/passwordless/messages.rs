//! What a `PASSWORDLESS_LOGIN` mail or message tells.

use std::{
    fmt::{self, Write as _},
    time::Duration,
};

use auth_protocol::{Secret, TenantId};

use crate::delivery::{Letter, Mail, PhoneMessage, lifetime_in_words};

/// The name of both in the reference SDKs.
const TYPE_NAME: &str = "PASSWORDLESS_LOGIN";

/// A one-time code, a magic link, or both.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LoginCode {
    /// The code to type in.
    pub user_input_code: Option<Secret>,
    /// The link.
    pub url_with_link_code: Option<Secret>,
    /// How long both are valid.
    pub code_lifetime: Duration,
    /// The device that they were requested from.
    pub pre_auth_session_id: String,
    /// Whether the user signs in by it, or proves something within a session.
    pub is_first_factor: bool,
    /// The tenant.
    pub tenant_id: TenantId,
}

impl LoginCode {
    /// Neither a code nor a link yet.
    pub fn new(
        tenant_id: TenantId,
        pre_auth_session_id: impl Into<String>,
        code_lifetime: Duration,
    ) -> Self {
        Self {
            user_input_code: None,
            url_with_link_code: None,
            code_lifetime,
            pre_auth_session_id: pre_auth_session_id.into(),
            is_first_factor: true,
            tenant_id,
        }
    }

    /// The code to type in.
    #[must_use]
    pub fn user_input_code(mut self, code: impl Into<Secret>) -> Self {
        self.user_input_code = Some(code.into());
        self
    }

    /// The link.
    #[must_use]
    pub fn url_with_link_code(mut self, url: impl Into<Secret>) -> Self {
        self.url_with_link_code = Some(url.into());
        self
    }

    /// The user has a session already.
    #[must_use]
    pub fn second_factor(mut self) -> Self {
        self.is_first_factor = false;
        self
    }
}

/// The contents of a `PASSWORDLESS_LOGIN` mail.
#[derive(Clone)]
#[non_exhaustive]
pub struct PasswordlessLoginEmail {
    /// The address.
    pub email: String,
    /// What it tells.
    pub login: LoginCode,
}

impl PasswordlessLoginEmail {
    /// A mail to this address.
    pub fn new(email: impl Into<String>, login: LoginCode) -> Self {
        Self { email: email.into(), login }
    }
}

impl fmt::Debug for PasswordlessLoginEmail {
    /// Without the address.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordlessLoginEmail").field("login", &self.login).finish_non_exhaustive()
    }
}

/// The contents of a `PASSWORDLESS_LOGIN` message to a phone.
#[derive(Clone)]
#[non_exhaustive]
pub struct PasswordlessLoginSms {
    /// The phone number.
    pub phone_number: String,
    /// What it tells.
    pub login: LoginCode,
}

impl PasswordlessLoginSms {
    /// A message to this number.
    pub fn new(phone_number: impl Into<String>, login: LoginCode) -> Self {
        Self { phone_number: phone_number.into(), login }
    }
}

impl fmt::Debug for PasswordlessLoginSms {
    /// Without the number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordlessLoginSms").field("login", &self.login).finish_non_exhaustive()
    }
}

impl Mail for PasswordlessLoginEmail {
    fn type_name(&self) -> &'static str {
        TYPE_NAME
    }

    fn to(&self) -> &str {
        &self.email
    }

    fn link(&self) -> Option<&Secret> {
        self.login.url_with_link_code.as_ref()
    }

    fn user_input_code(&self) -> Option<&Secret> {
        self.login.user_input_code.as_ref()
    }

    fn letter(&self, app_name: &str) -> Letter {
        let has_code = self.login.user_input_code.is_some();
        let opening = match (has_code, self.login.url_with_link_code.is_some()) {
            (true, true) => "Type this code in, or follow the link.",
            (true, false) => "Type this code in.",
            _ => "Follow the link to continue.",
        };
        let heading = match self.login.is_first_factor {
            true => format!("Log in to {app_name}"),
            false => format!("Confirm your login to {app_name}"),
        };
        let mut validity = format!("Valid for {}.", lifetime_in_words(self.login.code_lifetime));
        if has_code {
            // Writing to a string can't fail.
            let _ = write!(validity, " Give the code to nobody: {app_name} never asks for it.");
        }
        Letter::new("Login to your account", heading, opening)
            .link_label("Log in")
            .closing(validity)
    }
}

impl PhoneMessage for PasswordlessLoginSms {
    fn type_name(&self) -> &'static str {
        TYPE_NAME
    }

    fn to(&self) -> &str {
        &self.phone_number
    }

    fn link(&self) -> Option<&Secret> {
        self.login.url_with_link_code.as_ref()
    }

    fn user_input_code(&self) -> Option<&Secret> {
        self.login.user_input_code.as_ref()
    }

    /// Code and link with the app's name, then how long they are valid (FDI §9).
    fn text(&self, app_name: &str) -> String {
        let mut text = String::new();
        // Writing to a string can't fail.
        if let Some(code) = &self.login.user_input_code {
            let _ = writeln!(text, "OTP to login is {} for {app_name}", code.expose_secret());
        }
        if let Some(link) = &self.login.url_with_link_code {
            let _ = writeln!(text, "Click {} to login to {app_name}", link.expose_secret());
        }
        let _ = write!(text, "This is valid for {}.", lifetime_in_words(self.login.code_lifetime));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_tells_what_to_do_how_long_and_what_for() {
        let login = LoginCode::new("public".into(), "id", Duration::from_secs(90));
        let code = login.clone().user_input_code("123456");
        let link = login.url_with_link_code("https://l");
        let both = code.clone().url_with_link_code("https://l");
        let confirm = code.clone().second_factor();
        let warning = " Give the code to nobody: App never asks for it.";
        for (login, heading, opening, warning) in [
            (code, "Log in to App", "Type this code in.", warning),
            (link, "Log in to App", "Follow the link to continue.", ""),
            (both, "Log in to App", "Type this code in, or follow the link.", warning),
            (confirm, "Confirm your login to App", "Type this code in.", warning),
        ] {
            let mail = PasswordlessLoginEmail::new("ada@example.com", login);
            let letter = mail.letter("App");
            assert_eq!((&*letter.heading, &*letter.opening), (heading, opening));
            assert_eq!(letter.subject, "Login to your account");
            assert_eq!(letter.closing, [format!("Valid for 1 minute.{warning}")]);
            assert!(!format!("{mail:?}").contains("123456"));
        }
    }

    #[test]
    fn a_message_tells_code_link_app_and_lifetime() {
        let login = || LoginCode::new("public".into(), "id", Duration::from_secs(90));
        let both = login().user_input_code("123456").url_with_link_code("https://l");
        for (login, lines) in [
            (login().user_input_code("123456"), vec!["OTP to login is 123456 for App"]),
            (login().url_with_link_code("https://l"), vec!["Click https://l to login to App"]),
            (both, vec!["OTP to login is 123456 for App", "Click https://l to login to App"]),
        ] {
            let message = PasswordlessLoginSms::new("+1", login);
            let text = message.text("App");
            let lines: Vec<&str> =
                lines.into_iter().chain(["This is valid for 1 minute."]).collect();
            assert_eq!(text.lines().collect::<Vec<_>>(), lines);
            assert!(!format!("{message:?}").contains("123456"));
        }
    }
}
