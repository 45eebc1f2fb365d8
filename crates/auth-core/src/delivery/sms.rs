//! A message on its way to a user's phone.

use std::{any::Any, fmt, sync::Arc};

use auth_protocol::Secret;

use super::LogDelivery;
use crate::{
    Result,
    overrides::{Overrides, overridable},
};

/// What a recipe's message to a phone tells: its facts, and the words that are sent unless an
/// application has its own. [`Debug`](fmt::Debug) shows neither the number nor anything secret.
pub trait PhoneMessage: Any + fmt::Debug + Send + Sync {
    /// The type's name, as in the reference SDKs where they have it, such as `PASSWORDLESS_LOGIN`.
    fn type_name(&self) -> &'static str;

    /// The phone number.
    fn to(&self) -> &str;

    /// The link in the message, where there is one. Who has it can act as the user.
    fn link(&self) -> Option<&Secret> {
        None
    }

    /// The code to type in, where there is one.
    fn user_input_code(&self) -> Option<&Secret> {
        None
    }

    /// The whole text, with the link and the code.
    fn text(&self, app_name: &str) -> String;
}

/// A message to a user's phone, of whatever recipe.
#[derive(Clone)]
pub struct Sms(Arc<dyn PhoneMessage>);

impl Sms {
    /// A recipe's message.
    pub fn new(message: impl PhoneMessage) -> Self {
        Self(Arc::new(message))
    }

    /// What the message tells, where it is of this type.
    pub fn get<M: PhoneMessage>(&self) -> Option<&M> {
        let message: &dyn Any = &*self.0;
        message.downcast_ref()
    }

    /// The type's name, such as `PASSWORDLESS_LOGIN`.
    pub fn type_name(&self) -> &'static str {
        self.0.type_name()
    }

    /// The phone number.
    pub fn to(&self) -> &str {
        self.0.to()
    }

    /// The link in the message, where there is one. Who has it can act as the user.
    pub fn link(&self) -> Option<&Secret> {
        self.0.link()
    }

    /// The code to type in, where there is one.
    pub fn user_input_code(&self) -> Option<&Secret> {
        self.0.user_input_code()
    }

    /// The recipe's words.
    pub fn text(&self, app_name: &str) -> String {
        self.0.text(app_name)
    }
}

impl<M: PhoneMessage> From<M> for Sms {
    fn from(message: M) -> Self {
        Self::new(message)
    }
}

impl fmt::Debug for Sms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

overridable! {
    /// The configured sending of messages to phones.
    pub struct SmsSender;
    /// Replaces the sending of messages, with the configured delivery at hand.
    pub trait SmsDeliveryOverride;
    /// Sends messages to phones: what an application implements that has a way of its own, under
    /// [`#[auth_core::async_trait]`](crate::async_trait).
    pub trait SmsDelivery;

    /// Sends a message.
    async fn send_sms(sms: Sms) -> Result<()>;
}

/// A recipe's settings for messages to phones: a field `sms_delivery`, to which
/// [`sms_delivery_methods!`](sms_delivery_methods) gives the application access.
#[derive(Default)]
pub struct SmsDeliveryConfig {
    service: Option<Arc<dyn SmsDelivery>>,
    overrides: Overrides<SmsSender>,
}

impl SmsDeliveryConfig {
    /// Sends by this delivery.
    pub fn set(&mut self, delivery: impl SmsDelivery + 'static) {
        self.service = Some(Arc::new(delivery));
    }

    /// Replaces the sending; a later call lies around the earlier ones.
    pub fn override_by(&mut self, delivery: impl SmsDeliveryOverride + 'static) {
        self.overrides.push(|original| original.overridden_by(delivery));
    }

    /// The sending that the recipe in use has; to the log unless a delivery was set.
    pub fn build(self) -> SmsSender {
        let service = self.service.unwrap_or_else(|| Arc::new(LogDelivery));
        self.overrides.around(SmsSender(service))
    }
}

impl fmt::Debug for SmsDeliveryConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmsDeliveryConfig").finish_non_exhaustive()
    }
}

/// As [`email_delivery_methods!`](super::email_delivery_methods), for messages to phones: the methods
/// `sms_delivery` and `override_sms_delivery`, which change the field `sms_delivery`, an
/// [`SmsDeliveryConfig`].
#[doc(hidden)]
#[macro_export]
macro_rules! __sms_delivery_methods {
    ($recipe:ident) => {
        impl $recipe {
            /// Sends the messages; the default writes their codes and links to the log.
            pub fn sms_delivery(
                mut self,
                delivery: impl $crate::delivery::SmsDelivery + 'static,
            ) -> Self {
                self.sms_delivery.set(delivery);
                self
            }

            /// Replaces the sending of messages; a later call lies around the earlier ones.
            pub fn override_sms_delivery(
                mut self,
                delivery: impl $crate::delivery::SmsDeliveryOverride + 'static,
            ) -> Self {
                self.sms_delivery.override_by(delivery);
                self
            }
        }
    };
}
#[doc(inline)]
pub use __sms_delivery_methods as sms_delivery_methods;
