//! The secret of an endpoint, and signatures with it (Standard Webhooks, "Signature scheme").

use std::fmt;

use auth_protocol::Secret;
use aws_lc_rs::hmac;
use base64::{Engine as _, prelude::BASE64_STANDARD};

use crate::ConfigError;

const PREFIX: &str = "whsec_";
/// How many bytes a secret has.
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=64;
/// How many of them.
const DRAWN_BYTES: usize = 32;
/// The version of the scheme: HMAC-SHA256 with a shared secret.
const VERSION: &str = "v1";

/// A secret that sender and receiver share: `whsec_` and 24 to 64 random bytes in base64.
#[derive(Clone)]
pub struct WebhookSecret(hmac::Key);

impl WebhookSecret {
    /// Reads a secret.
    ///
    /// # Errors
    /// [`ConfigError`] for the field `webhook.secret`; it doesn't repeat the text.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let expected = "`whsec_` and 24 to 64 random bytes in base64";
        let wrong = |problem: &str| ConfigError::new("webhook.secret", problem, expected);
        let base64 = text.strip_prefix(PREFIX).ok_or_else(|| wrong("it lacks its prefix"))?;
        let bytes = BASE64_STANDARD.decode(base64).map_err(|_| wrong("it is no base64"))?;
        if !LENGTHS.contains(&bytes.len()) {
            return Err(wrong("it is too short or too long"));
        }
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
    }

    /// Draws the text of a new secret, of 32 bytes.
    pub fn generate() -> Secret {
        let bytes: [u8; DRAWN_BYTES] = rand::random();
        Secret::new(format!("{PREFIX}{}", BASE64_STANDARD.encode(bytes)))
    }

    /// The signature of a message, as it stands in `webhook-signature`.
    pub(super) fn sign(&self, id: &str, timestamp: &str, body: &[u8]) -> String {
        let tag = hmac::sign(&self.0, &signed(id, timestamp, body));
        format!("{VERSION},{}", BASE64_STANDARD.encode(tag))
    }

    /// Whether one of the signatures of a header is right, in constant time.
    pub(super) fn has_signed(
        &self,
        signatures: &str,
        id: &str,
        timestamp: &str,
        body: &[u8],
    ) -> bool {
        let message = signed(id, timestamp, body);
        signatures.split(' ').filter_map(|one| one.split_once(',')).any(|(version, base64)| {
            let tag = BASE64_STANDARD.decode(base64).unwrap_or_default();
            version == VERSION && hmac::verify(&self.0, &message, &tag).is_ok()
        })
    }
}

fn signed(id: &str, timestamp: &str, body: &[u8]) -> Vec<u8> {
    [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat()
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookSecret").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    #[test]
    fn the_published_vector_is_signed_and_found_right() {
        let (time, body) = ("1614265330", br#"{"test": 2432232314}"#);
        let secret = WebhookSecret::parse(SECRET).unwrap();
        assert_eq!(secret.sign(ID, time, body), SIGNATURE);
        let other = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";
        for signatures in [SIGNATURE.to_owned(), format!("v1a,AAAA {other} {SIGNATURE}")] {
            assert!(secret.has_signed(&signatures, ID, time, body), "{signatures}");
        }
        for signatures in ["", "v1,", other, &SIGNATURE.replace("v1", "v2"), &SIGNATURE[3..]] {
            assert!(!secret.has_signed(signatures, ID, time, body), "{signatures}");
        }
        assert!(!secret.has_signed(SIGNATURE, "msg_2", time, body));
        assert!(!secret.has_signed(SIGNATURE, ID, "1614265331", body));
        assert!(!secret.has_signed(SIGNATURE, ID, time, br#"{"test": 2432232315}"#));
    }

    #[test]
    fn a_secret_has_its_prefix_and_length_and_shows_nothing() {
        let short = format!("{PREFIX}{}", BASE64_STANDARD.encode([1; 23]));
        let long = format!("{PREFIX}{}", BASE64_STANDARD.encode([1; 65]));
        for text in ["", "whsec_", "whsec_?", &SECRET[6..], &short, &long] {
            assert_eq!(WebhookSecret::parse(text).unwrap_err().field(), "webhook.secret");
        }
        let drawn = WebhookSecret::generate();
        assert!(WebhookSecret::parse(drawn.expose_secret()).is_ok());
        assert_eq!(format!("{:?}", WebhookSecret::parse(SECRET)), "Ok(WebhookSecret { .. })");
    }
}
