//! What stands in the messages.

use std::fmt;

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
