//! What an application asks beside the functions.

use super::{WebAuthn, WebAuthnInstance};
use crate::{Result, delivery::Email};

/// Several steps in one.
impl WebAuthn {
    /// Sends a mail by this recipe's delivery, and waits until it is sent.
    pub async fn send_email(&self, email: Email) -> Result<()> {
        let instance = WebAuthnInstance::of(&self.cx)?;
        instance.settings.email_delivery.send_email(&self.cx, email).await
    }
}
