//! What an application asks beside the functions.

use super::{SignInAlerts, SignInAlertsInstance};
use crate::{Result, delivery::Email};

impl SignInAlerts {
    /// Sends a mail by this recipe's delivery, and waits until it is sent.
    pub async fn send_email(&self, email: Email) -> Result<()> {
        let settings = &SignInAlertsInstance::of(&self.cx)?.settings;
        settings.email_delivery.send_email(&self.cx, email).await
    }
}
