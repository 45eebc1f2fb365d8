//! Mails and messages to users.
//!
//! A recipe hands an [`Email`] to its [`EmailDelivery`] and an [`Sms`] to its [`SmsDelivery`]; an
//! application gives its own, or overrides the one in use. Routes send in the background: a slow
//! or failing server neither delays nor fails the request, and the time of the answer doesn't tell
//! whether something was sent.
//!
//! The feature `smtp` adds the module `smtp` for mails by a mail server, the feature `twilio` adds
//! the module `twilio` for messages by Twilio. Both try again after failures that may pass.

mod background;
mod email;
mod email_changed;
mod letter;
mod lifetime;
mod log;
mod outbox;
#[cfg(any(feature = "smtp", feature = "twilio"))]
mod retry;
mod sms;
#[cfg(feature = "smtp")]
pub mod smtp;
#[cfg(feature = "twilio")]
pub mod twilio;

use std::{fmt, sync::Arc};

pub(crate) use background::Background;
pub use email::{Email, Mail};
pub use email_changed::EmailChangedEmail;
pub use letter::Letter;
pub use lifetime::lifetime_in_words;
pub use log::LogDelivery;
pub use outbox::{Outbox, OutboxMessage};
pub use sms::{
    PhoneMessage, Sms, SmsDelivery, SmsDeliveryConfig, SmsDeliveryOverride, SmsSender,
    sms_delivery_methods,
};

use crate::{
    Result,
    overrides::{Overrides, overridable},
};

overridable! {
    /// The configured sending of mails.
    pub struct EmailSender;
    /// Replaces the sending of mails, with the configured delivery at hand.
    ///
    /// ```
    /// use auth_core::{Context, Result, delivery::{Email, EmailDeliveryOverride, EmailSender}};
    ///
    /// /// Nothing is sent to addresses of the test suite.
    /// struct NoTests;
    ///
    /// impl EmailDeliveryOverride for NoTests {
    ///     async fn send_email(&self, original: &EmailSender, cx: &Context, email: Email) -> Result<()> {
    ///         match email.to().ends_with("@test.example") {
    ///             true => Ok(()),
    ///             false => original.send_email(cx, email).await,
    ///         }
    ///     }
    /// }
    /// ```
    pub trait EmailDeliveryOverride;
    /// Sends mails: what an application implements that has a way of its own, under
    /// [`#[auth_core::async_trait]`](crate::async_trait).
    pub trait EmailDelivery;

    /// Sends a mail.
    async fn send_email(email: Email) -> Result<()>;
}

/// A recipe's settings for mails: a field `email_delivery`, to which
/// [`email_delivery_methods!`](email_delivery_methods) gives the application access.
#[derive(Default)]
pub struct EmailDeliveryConfig {
    service: Option<Arc<dyn EmailDelivery>>,
    overrides: Overrides<EmailSender>,
}

impl EmailDeliveryConfig {
    /// Sends by this delivery.
    pub fn set(&mut self, delivery: impl EmailDelivery + 'static) {
        self.service = Some(Arc::new(delivery));
    }

    /// Replaces the sending; a later call lies around the earlier ones.
    pub fn override_by(&mut self, delivery: impl EmailDeliveryOverride + 'static) {
        self.overrides.push(|original| original.overridden_by(delivery));
    }

    /// The sending that the recipe in use has; to the log unless a delivery was set.
    pub fn build(self) -> EmailSender {
        let service = self.service.unwrap_or_else(|| Arc::new(LogDelivery));
        self.overrides.around(EmailSender(service))
    }
}

impl fmt::Debug for EmailDeliveryConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmailDeliveryConfig").finish_non_exhaustive()
    }
}

/// Gives the settings of a recipe that sends mails the methods `email_delivery` and
/// `override_email_delivery`, which change the field `email_delivery`, an [`EmailDeliveryConfig`].
///
/// ```
/// use auth_core::delivery::{
///     EmailDeliveryConfig, EmailSender, LogDelivery, email_delivery_methods,
/// };
///
/// /// The settings.
/// #[derive(Default)]
/// pub struct GreetingRecipe {
///     email_delivery: EmailDeliveryConfig,
/// }
///
/// email_delivery_methods!(GreetingRecipe);
///
/// // An application says how mails go, and the recipe in use sends them so:
/// let recipe = GreetingRecipe::default().email_delivery(LogDelivery);
/// let sender: EmailSender = recipe.email_delivery.build();
/// # let _ = sender;
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __email_delivery_methods {
    ($recipe:ident) => {
        impl $recipe {
            /// Sends the mails; the default writes their codes and links to the log.
            pub fn email_delivery(
                mut self,
                delivery: impl $crate::delivery::EmailDelivery + 'static,
            ) -> Self {
                self.email_delivery.set(delivery);
                self
            }

            /// Replaces the sending of mails; a later call lies around the earlier ones.
            pub fn override_email_delivery(
                mut self,
                delivery: impl $crate::delivery::EmailDeliveryOverride + 'static,
            ) -> Self {
                self.email_delivery.override_by(delivery);
                self
            }
        }
    };
}
#[doc(inline)]
pub use __email_delivery_methods as email_delivery_methods;
