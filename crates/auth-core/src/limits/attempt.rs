//! What is tried.

use auth_protocol::{LoginMethod, UserId, normalise_email, normalise_phone_number};

use super::Action;

/// An attempt at something: see [`admit`](super::admit).
#[derive(Clone, Debug)]
#[must_use]
pub struct Attempt {
    pub(super) action: Action,
    pub(super) account: Option<Account>,
    pub(super) sends: Option<Medium>,
}

/// Whom an attempt is about, whether there is such an account or not: what a client typed, in one form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub(super) kind: &'static str,
    pub(super) value: String,
}

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Medium {
    Mail,
    Message,
}

impl Attempt {
    /// An attempt that is about no account as far as is known: it is counted by address.
    pub fn new(action: Action) -> Self {
        Self { action, account: None, sends: None }
    }

    /// Whom it is about: what kind of name it is (`email`, `phone`, `user`, or one of an
    /// application's own), and the name in the form in which accounts have it.
    pub fn account(mut self, kind: &'static str, value: impl Into<String>) -> Self {
        self.account = Some(Account::new(kind, value));
        self
    }

    /// It is about an email address, as it was typed.
    pub fn email(self, address: &str) -> Self {
        self.account(Account::EMAIL, normalise_email(address))
    }

    /// It is about a phone number, as it was typed.
    pub fn phone_number(self, number: &str) -> Self {
        self.account(Account::PHONE, normalise_phone_number(number))
    }

    /// It is about a user.
    pub fn user(self, id: &UserId) -> Self {
        self.account("user", id.as_str())
    }

    /// A mail is sent, which is counted with all others of the tenant.
    pub fn sends_mail(mut self) -> Self {
        self.sends = Some(Medium::Mail);
        self
    }

    /// A message to a phone is sent, which is counted with all others of the tenant.
    pub fn sends_message(mut self) -> Self {
        self.sends = Some(Medium::Message);
        self
    }
}

impl Account {
    pub(super) const EMAIL: &'static str = "email";
    pub(super) const PHONE: &'static str = "phone";

    pub(super) fn new(kind: &'static str, value: impl Into<String>) -> Self {
        Self { kind, value: value.into() }
    }

    /// The login method itself, for one that has proved neither an address nor a number.
    pub(super) fn login(method: &LoginMethod) -> Self {
        Self::new("login", method.recipe_user_id.as_str())
    }

    /// What kind of name it is, such as `email`.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// The name, such as an address.
    pub fn value(&self) -> &str {
        &self.value
    }
}
