//! The messages to phones that recipes send.

use std::sync::Arc;

use auth_protocol::Secret;

use super::{LogDelivery, PasswordlessLoginSms};
use crate::{Result, overrides::overridable};

/// A message to a user's phone.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Sms {
    /// `PASSWORDLESS_LOGIN`: a one-time code or a link to sign in with.
    PasswordlessLogin(PasswordlessLoginSms),
}

impl Sms {
    /// The type's name in the reference SDKs, such as `PASSWORDLESS_LOGIN`.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::PasswordlessLogin(_) => "PASSWORDLESS_LOGIN",
        }
    }

    /// The phone number.
    pub fn to(&self) -> &str {
        match self {
            Self::PasswordlessLogin(sms) => &sms.phone_number,
        }
    }

    /// The link in the message, where there is one. Who has it can act as the user.
    pub fn link(&self) -> Option<&Secret> {
        match self {
            Self::PasswordlessLogin(sms) => sms.login.url_with_link_code.as_ref(),
        }
    }

    /// The code to type in, where there is one.
    pub fn user_input_code(&self) -> Option<&Secret> {
        match self {
            Self::PasswordlessLogin(sms) => sms.login.user_input_code.as_ref(),
        }
    }
}

overridable! {
    /// Sends messages to phones.
    pub trait SmsDelivery;
    /// Replaces the sending of messages, with the configured delivery at hand.
    pub trait SmsDeliveryOverride;
    struct SmsDeliveryLayer;

    /// Sends a message.
    async fn send_sms(sms: Sms) -> Result<()>;
}

/// A recipe's settings for messages to phones.
#[derive(Default)]
pub(crate) struct SmsDeliveryConfig {
    pub(crate) service: Option<Arc<dyn SmsDelivery>>,
    pub(crate) overrides: Vec<Arc<dyn SmsDeliveryOverride>>,
}

impl SmsDeliveryConfig {
    pub(crate) fn build(self) -> Arc<dyn SmsDelivery> {
        let service = self.service.unwrap_or_else(|| Arc::new(LogDelivery));
        SmsDeliveryLayer::stack(service, self.overrides)
    }
}
