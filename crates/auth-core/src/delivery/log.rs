//! The default delivery, for development.

use async_trait::async_trait;

use super::{Email, EmailDelivery};
use crate::{Context, Result};

/// Writes each mail's link to the log at info level, in place of sending it: the default, so that
/// a fresh project works without a mail server. An application in production configures a real
/// delivery: who reads the log can use the links.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogDelivery;

#[async_trait]
impl EmailDelivery for LogDelivery {
    async fn send_email(&self, _cx: &Context, email: Email) -> Result<()> {
        tracing::info!(
            kind = email.type_name(),
            to = email.to(),
            link = email.link().map(auth_protocol::Secret::expose_secret),
            "no email delivery is configured; this would have been sent"
        );
        Ok(())
    }
}
