//! What a `PASSWORDLESS_LOGIN` mail or message tells.

use std::{fmt, time::Duration};

use auth_protocol::{Secret, TenantId};

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
