//! What a receiver does with a webhook.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderName};

use super::{ID, SIGNATURE, TIMESTAMP, WebhookSecret};
use crate::ConfigError;

/// How old a message may be, or how far ahead of the receiver's clock.
const TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// Checks webhooks that were received: the signature by one of the secrets, in constant time, and
/// that the message is at most five minutes old, or ahead of the clock.
///
/// ```
/// use std::time::SystemTime;
/// use auth_core::events::webhooks::WebhookVerifier;
///
/// # fn receive(headers: &http::HeaderMap, body: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
/// // The old secret stays until the sender has the new one.
/// let verifier = WebhookVerifier::new(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])?;
/// let id = verifier.verify(headers, body, SystemTime::now())?;
/// // A message may come more than once, by the same id: note it together with what it led to.
/// # let _ = id;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct WebhookVerifier {
    secrets: Vec<WebhookSecret>,
}

/// Why a message isn't believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookError {
    /// One of the three headers is missing, or no text.
    #[error("the webhook lacks a header, or has one that can't be read")]
    Headers,
    /// Older than five minutes, or as far ahead.
    #[error("the webhook's time is too far from the clock's")]
    Time,
    /// None of the secrets has signed it.
    #[error("the webhook's signature is wrong")]
    Signature,
}

impl WebhookVerifier {
    /// A verifier by these secrets.
    ///
    /// # Errors
    /// [`ConfigError`] where there is none, or one can't be read.
    pub fn new(secrets: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Self, ConfigError> {
        let secrets = secrets.into_iter().map(|text| WebhookSecret::parse(text.as_ref()));
        let secrets = secrets.collect::<Result<Vec<_>, _>>()?;
        match secrets.is_empty() {
            true => Err(ConfigError::new("webhook.secret", "there is none", "one secret or more")),
            false => Ok(Self { secrets }),
        }
    }

    /// Checks a message, with its body as it was received, and gives its id.
    ///
    /// # Errors
    /// [`WebhookError`]: answer with 400 or 401, and read nothing of the body.
    pub fn verify<'h>(
        &self,
        headers: &'h HeaderMap,
        body: &[u8],
        now: SystemTime,
    ) -> Result<&'h str, WebhookError> {
        let text = |name: &HeaderName| {
            let value = headers.get(name).and_then(|value| value.to_str().ok());
            value.ok_or(WebhookError::Headers)
        };
        let (id, timestamp, signatures) = (text(&ID)?, text(&TIMESTAMP)?, text(&SIGNATURE)?);
        let sent_secs: u64 = timestamp.parse().map_err(|_| WebhookError::Headers)?;
        let now_secs = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        if sent_secs.abs_diff(now_secs) > TOLERANCE.as_secs() {
            return Err(WebhookError::Time);
        }
        let is_right = |secret: &WebhookSecret| secret.has_signed(signatures, id, timestamp, body);
        match self.secrets.iter().any(is_right) {
            true => Ok(id),
            false => Err(WebhookError::Signature),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const SECRETS: [&str; 2] =
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBka"];
    const SENT_SECS: u64 = 1_700_000_000;

    fn headers(secret: &str) -> HeaderMap {
        let sent = SENT_SECS.to_string();
        let signature = WebhookSecret::parse(secret).unwrap().sign("msg_1", &sent, b"{}");
        let lines = [(ID, "msg_1"), (TIMESTAMP, &sent), (SIGNATURE, &signature)];
        lines.into_iter().map(|(name, value)| (name, value.parse().unwrap())).collect()
    }

    #[test]
    fn either_secret_is_good_within_five_minutes() {
        let verifier = WebhookVerifier::new(SECRETS).unwrap();
        let verify = |headers: &HeaderMap, body: &[u8], now_secs| {
            let now = UNIX_EPOCH + Duration::from_secs(now_secs);
            verifier.verify(headers, body, now).map(str::to_owned)
        };
        for secret in SECRETS {
            for now_secs in [SENT_SECS - 300, SENT_SECS, SENT_SECS + 300] {
                assert_eq!(verify(&headers(secret), b"{}", now_secs), Ok("msg_1".to_owned()));
            }
            for now_secs in [0, SENT_SECS - 301, SENT_SECS + 301] {
                assert_eq!(verify(&headers(secret), b"{}", now_secs), Err(WebhookError::Time));
            }
        }
        let foreign = headers("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        assert_eq!(verify(&foreign, b"{}", SENT_SECS), Err(WebhookError::Signature));
        assert_eq!(verify(&headers(SECRETS[0]), b"{ }", SENT_SECS), Err(WebhookError::Signature));
        for (name, value) in [(ID, "\u{e4}"), (TIMESTAMP, "-1"), (TIMESTAMP, "x")] {
            let mut headers = headers(SECRETS[0]);
            headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
            assert_eq!(verify(&headers, b"{}", SENT_SECS), Err(WebhookError::Headers));
        }
        for name in [ID, TIMESTAMP, SIGNATURE] {
            let mut headers = headers(SECRETS[0]);
            headers.remove(name);
            assert_eq!(verify(&headers, b"{}", SENT_SECS), Err(WebhookError::Headers));
        }
        assert!(WebhookVerifier::new([""; 0]).is_err() && WebhookVerifier::new(["x"]).is_err());
    }
}
