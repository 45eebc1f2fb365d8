//! Webhooks: events posted to an address, signed as [Standard Webhooks] has it.
//!
//! [Standard Webhooks]: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

mod message;
mod secret;
mod verifier;

use std::{
    collections::HashSet,
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use async_trait::async_trait;
use auth_protocol::audit::AuditKind;
use auth_providers::{Outbound, OutboundBuilder};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use url::Url;

pub use secret::WebhookSecret;
pub use verifier::{WebhookError, WebhookVerifier};

use super::{Event, EventSink, NotDelivered, RetrySchedule};
use crate::ConfigError;

const ID: HeaderName = HeaderName::from_static("webhook-id");
const TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");

/// Where events are posted to, and which. The address must be https and public, unless its host is
/// [allowed by name](WebhookBuilder::allow_private_network_hosts); no redirect is followed.
///
/// An answer of 2xx is a delivery. 410 (Gone) disables the endpoint until the program starts again,
/// without losing its place. Any other answer, or none, is tried again by the schedule of
/// [`EventSink`].
///
/// ```
/// use auth_core::events::webhooks::Webhook;
/// use auth_core::protocol::audit::AuditKind;
///
/// # fn main() -> Result<(), auth_core::ConfigError> {
/// let webhook = Webhook::builder("https://hooks.example.com/auth")
///     .secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
///     .kinds([AuditKind::TokenTheft, AuditKind::UserDeleted])
///     .build()?;
/// # let _ = webhook;
/// # Ok(())
/// # }
/// ```
pub struct Webhook {
    url: Url,
    secrets: Vec<WebhookSecret>,
    kinds: Option<HashSet<AuditKind>>,
    schedule: RetrySchedule,
    outbound: Outbound,
}

/// The settings of a [`Webhook`].
#[must_use]
pub struct WebhookBuilder {
    url: String,
    secrets: Vec<String>,
    kinds: Option<HashSet<AuditKind>>,
    schedule: RetrySchedule,
    outbound: OutboundBuilder,
}

impl Webhook {
    /// A webhook to this address.
    pub fn builder(url: impl Into<String>) -> WebhookBuilder {
        WebhookBuilder {
            url: url.into(),
            secrets: Vec::new(),
            kinds: None,
            schedule: RetrySchedule::default(),
            outbound: Outbound::builder(),
        }
    }
}

impl WebhookBuilder {
    /// Signs with this secret, `whsec_…`. With several each message has a signature by every one, so
    /// that a receiver can go from the old one to the new one.
    pub fn secret(mut self, secret: impl Into<String>) -> Self {
        self.secrets.push(secret.into());
        self
    }

    /// Posts events of these kinds alone; all of them unless set.
    pub fn kinds(mut self, kinds: impl IntoIterator<Item = AuditKind>) -> Self {
        self.kinds = Some(kinds.into_iter().collect());
        self
    }

    /// When what failed is tried again; that of [`EventSink`] unless set.
    pub fn retry_schedule(mut self, schedule: RetrySchedule) -> Self {
        self.schedule = schedule;
        self
    }

    /// How long the receiver may take, connecting included; 10 s unless set, 30 s at most.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.outbound = self.outbound.timeout(timeout.min(super::LONGEST_DELIVERY));
        self
    }

    /// Allows hosts of private networks, and http for them: `localhost:9000`.
    pub fn allow_private_network_hosts(
        mut self,
        hosts: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.outbound = self.outbound.allow_private_network_hosts(hosts);
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`ConfigError`] names the one that is wrong.
    pub fn build(self) -> Result<Webhook, ConfigError> {
        let expected = "an https address, or one of a host that is allowed by name";
        let wrong = |problem: String| ConfigError::new("webhook.url", problem, expected);
        // The address may hold a secret, so it isn't repeated.
        let Self { url, secrets, kinds, schedule, outbound } = self;
        let url = Url::parse(&url).map_err(|_| wrong("it is no address".to_owned()))?;
        let outbound = outbound.build().map_err(|error| {
            let field = format!("webhook.{}", error.field());
            ConfigError::new(field, error.problem(), error.expected())
        })?;
        outbound.check(&url).map_err(|problem| wrong(problem.to_string()))?;
        let secrets = secrets.iter().map(|text| WebhookSecret::parse(text));
        let secrets = secrets.collect::<Result<Vec<_>, _>>()?;
        if secrets.is_empty() {
            let expected = "one, such as `WebhookSecret::generate` draws";
            return Err(ConfigError::new("webhook.secret", "there is none", expected));
        }
        Ok(Webhook { url, secrets, kinds, schedule, outbound })
    }
}

impl Webhook {
    fn headers(&self, id: &str, body: &[u8]) -> Option<HeaderMap> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let timestamp = now.as_secs().to_string();
        let signatures: Vec<String> =
            self.secrets.iter().map(|secret| secret.sign(id, &timestamp, body)).collect();
        let mut headers = HeaderMap::with_capacity(3);
        headers.insert(ID, HeaderValue::try_from(id).ok()?);
        headers.insert(TIMESTAMP, HeaderValue::try_from(timestamp).ok()?);
        headers.insert(SIGNATURE, HeaderValue::try_from(signatures.join(" ")).ok()?);
        Some(headers)
    }
}

#[async_trait]
impl EventSink for Webhook {
    fn wants(&self, event: &Event) -> bool {
        let has =
            |kinds: &HashSet<AuditKind>| kinds.iter().any(|kind| kind.as_str() == event.entry.kind);
        self.kinds.as_ref().is_none_or(has)
    }

    fn retry_schedule(&self) -> RetrySchedule {
        self.schedule.clone()
    }

    async fn deliver(&self, event: &Event) -> Result<(), NotDelivered> {
        let body = message::body(event);
        let headers = self
            .headers(&event.id(), &body)
            .ok_or_else(|| NotDelivered::later("its headers can't be written"))?;
        match self.outbound.post_json(self.url.clone(), headers, body).await {
            Ok(status) if status.is_success() => Ok(()),
            Ok(StatusCode::GONE) => {
                Err(NotDelivered::disabled("the endpoint answered 410: it is gone"))
            }
            Ok(status) => Err(NotDelivered::later(format!("the endpoint answered {status}"))),
            Err(problem) => Err(NotDelivered::later(problem.to_string())),
        }
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook").field("host", &self.url.host_str()).finish_non_exhaustive()
    }
}
