//! Mails by SMTP (RFC 5321), with a text and an HTML part.

mod content;
mod settings;

use async_trait::async_trait;
pub use content::EmailContent;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart, SinglePart},
    transport::smtp,
};
pub use settings::SmtpSettings;

use super::{
    Email, EmailDelivery,
    retry::{SendFailure, with_retries},
};
use crate::{ConfigError, Context, Result, outgoing::with_causes, overrides::overridable};

overridable! {
    /// The two steps of a mail's delivery.
    pub struct SmtpService;
    /// Replaces steps of [`SmtpService`].
    pub trait SmtpServiceOverride;
    trait SmtpServiceBase;

    /// Writes the mail.
    async fn get_content(email: Email) -> Result<EmailContent>;

    /// Hands a mail to the server; tries again after failures that may pass.
    async fn send_raw_email(content: EmailContent) -> Result<()>;
}

/// Sends mails by an SMTP server. The mails' wording, and how they are handed over, can be
/// replaced by [`SmtpDelivery::override_service`].
pub struct SmtpDelivery {
    service: SmtpService,
}

impl SmtpDelivery {
    /// Checks the settings. No connection is made before the first mail.
    pub fn new(settings: SmtpSettings) -> Result<Self, ConfigError> {
        let settings::Checked { transport, from, retry_delays } = settings.check()?;
        Ok(Self { service: SmtpService::new(Base { transport, from, retry_delays }) })
    }

    /// Replaces steps; a later call lies around the earlier ones.
    #[must_use]
    pub fn override_service(self, service: impl SmtpServiceOverride + 'static) -> Self {
        Self { service: self.service.overridden_by(service) }
    }
}

#[async_trait]
impl EmailDelivery for SmtpDelivery {
    async fn send_email(&self, cx: &Context, email: Email) -> Result<()> {
        let content = self.service.get_content(cx, email).await?;
        self.service.send_raw_email(cx, content).await
    }
}

struct Base {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    retry_delays: Vec<std::time::Duration>,
}

#[async_trait]
impl SmtpServiceBase for Base {
    async fn get_content(&self, cx: &Context, email: Email) -> Result<EmailContent> {
        Ok(content::content(&cx.auth().app_info().app_name, &email))
    }

    async fn send_raw_email(&self, _cx: &Context, content: EmailContent) -> Result<()> {
        with_retries("mail", &self.retry_delays, || async {
            let message = message(&self.from, content.clone())?;
            self.transport.send(message).await.map(drop).map_err(|error| failure(&error))
        })
        .await
    }
}

fn message(from: &Mailbox, content: EmailContent) -> Result<Message, SendFailure> {
    let address = content.to_email.parse().map_err(|_| {
        SendFailure::permanent("the recipient's address can't be written in a mail")
    })?;
    let builder = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, address))
        .subject(content.subject)
        .message_id(None)
        .date_now();
    let message = match content.html_body {
        Some(html) => builder.multipart(MultiPart::alternative_plain_html(content.text_body, html)),
        None => builder.singlepart(SinglePart::plain(content.text_body)),
    };
    message.map_err(|error| SendFailure::permanent(error.to_string()))
}

/// What went wrong, without the server's words: they may repeat the address.
fn failure(error: &smtp::Error) -> SendFailure {
    if let Some(code) = error.status() {
        let text = format!("the mail server answered {code}");
        return match error.is_permanent() {
            true => SendFailure::permanent(text),
            false => SendFailure::temporary(text),
        };
    }
    let text = with_causes(error);
    match error.is_client() || error.is_tls() {
        true => SendFailure::permanent(text),
        false => SendFailure::temporary(text),
    }
}
