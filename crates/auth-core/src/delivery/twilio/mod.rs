//! Messages to phones by Twilio's HTTP API.

mod content;
mod settings;

use std::time::Duration;

use async_trait::async_trait;
pub use content::SmsContent;
use http::{StatusCode, header};
pub use settings::TwilioSettings;
use url::form_urlencoded;

use super::{
    Sms, SmsDelivery,
    retry::{SendFailure, with_retries},
};
use crate::{ConfigError, Context, Result, outgoing::with_causes, overrides::overridable};

/// How long one try may take, connecting included.
const TIME_LIMIT: Duration = Duration::from_secs(10);

overridable! {
    /// The two steps of a message's delivery.
    pub struct TwilioService;
    /// Replaces steps of [`TwilioService`].
    pub trait TwilioServiceOverride;
    trait TwilioServiceBase;

    /// Writes the message.
    async fn get_content(sms: Sms) -> Result<SmsContent>;

    /// Hands a message to Twilio; tries again after failures that may pass.
    async fn send_raw_sms(content: SmsContent) -> Result<()>;
}

/// Sends messages by Twilio. Their wording, and how they are handed over, can be replaced by
/// [`TwilioDelivery::override_service`].
pub struct TwilioDelivery {
    service: TwilioService,
}

impl TwilioDelivery {
    /// Checks the settings.
    pub fn new(settings: TwilioSettings) -> Result<Self, ConfigError> {
        let account = settings.check()?;
        // A redirect would carry the token elsewhere.
        let client = reqwest::Client::builder()
            .timeout(TIME_LIMIT)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| {
                let expected = "a system in which an HTTP client can be made";
                ConfigError::new("twilio_settings", with_causes(&error), expected)
            })?;
        Ok(Self { service: TwilioService::new(Base { client, account }) })
    }

    /// Replaces steps; a later call lies around the earlier ones.
    #[must_use]
    pub fn override_service(self, service: impl TwilioServiceOverride + 'static) -> Self {
        Self { service: self.service.overridden_by(service) }
    }
}

#[async_trait]
impl SmsDelivery for TwilioDelivery {
    async fn send_sms(&self, cx: &Context, sms: Sms) -> Result<()> {
        let content = self.service.get_content(cx, sms).await?;
        self.service.send_raw_sms(cx, content).await
    }
}

struct Base {
    client: reqwest::Client,
    account: settings::Checked,
}

#[async_trait]
impl TwilioServiceBase for Base {
    async fn get_content(&self, cx: &Context, sms: Sms) -> Result<SmsContent> {
        let text = sms.text(&cx.auth().app_info().app_name);
        Ok(SmsContent::new(sms.to(), text))
    }

    async fn send_raw_sms(&self, _cx: &Context, content: SmsContent) -> Result<()> {
        let (name, sender) = &self.account.sender;
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("To", &content.to_phone_number)
            .append_pair("Body", &content.body)
            .append_pair(name, sender)
            .finish();
        with_retries("SMS", &self.account.retry_delays, || self.post(body.clone())).await
    }
}

impl Base {
    async fn post(&self, body: String) -> Result<(), SendFailure> {
        let settings::Checked { url, account_sid, auth_token, .. } = &self.account;
        let response = self
            .client
            .post(url.clone())
            .basic_auth(account_sid, Some(auth_token.expose_secret()))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body)
            .send()
            .await
            .map_err(|error| {
                let is_unsent = error.is_connect();
                let text = with_causes(&error.without_url());
                // Once it is connected, the message may be on its way, and must not arrive twice.
                match is_unsent {
                    true => SendFailure::temporary(text),
                    false => SendFailure::permanent(text),
                }
            })?;
        // The answer's words may repeat the number.
        let status = response.status();
        let text = format!("Twilio answered {status}");
        match status {
            _ if status.is_success() => Ok(()),
            StatusCode::TOO_MANY_REQUESTS => Err(SendFailure::temporary(text)),
            _ if status.is_server_error() => Err(SendFailure::temporary(text)),
            _ => Err(SendFailure::permanent(text)),
        }
    }
}
