//! The default delivery, for development.

use async_trait::async_trait;
use auth_protocol::Secret;

use super::{Email, EmailDelivery, Sms, SmsDelivery};
use crate::{Context, Result};

/// Writes the link and the code of each mail and message to the log at info level, in place of
/// sending it: the default, so that a fresh project works without a mail server. An application in
/// production configures a real delivery: who reads the log can use them.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogDelivery;

#[async_trait]
impl EmailDelivery for LogDelivery {
    async fn send_email(&self, _cx: &Context, email: Email) -> Result<()> {
        tracing::info!(
            kind = email.type_name(),
            to = email.to(),
            link = email.link().map(Secret::expose_secret),
            code = email.user_input_code().map(Secret::expose_secret),
            "no email delivery is configured; this would have been sent"
        );
        Ok(())
    }
}

#[async_trait]
impl SmsDelivery for LogDelivery {
    async fn send_sms(&self, _cx: &Context, sms: Sms) -> Result<()> {
        tracing::info!(
            kind = sms.type_name(),
            to = sms.to(),
            link = sms.link().map(Secret::expose_secret),
            code = sms.user_input_code().map(Secret::expose_secret),
            "no SMS delivery is configured; this would have been sent"
        );
        Ok(())
    }
}
