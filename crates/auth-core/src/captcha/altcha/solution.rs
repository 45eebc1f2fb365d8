//! What a browser sends back.

use aws_lc_rs::hmac;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::Deserialize;
use subtle::ConstantTimeEq;

use super::challenge::{ALGORITHM, END_OF_SALT, digest_of, signature_of};

/// The longest solution; ours have some 400 bytes.
const LONGEST_BYTES: usize = 2048;

/// What a browser sends back: the challenge, and the number that it has found. The widget adds other
/// members, such as how long it took, which prove nothing.
#[derive(Deserialize)]
pub(super) struct Solution {
    algorithm: String,
    pub(super) challenge: String,
    number: u64,
    salt: String,
    signature: String,
}

impl Solution {
    /// Reads the widget's payload: JSON in base64.
    pub(super) fn read(token: &str) -> Option<Self> {
        let token = Some(token.trim()).filter(|token| token.len() <= LONGEST_BYTES)?;
        serde_json::from_slice(&BASE64_STANDARD.decode(token).ok()?).ok()
    }

    /// Whether it answers a challenge of ours that hasn't expired.
    pub(super) fn is_right(&self, key: &hmac::Key, max_number: u32, now_secs: i64) -> bool {
        let signature = signature_of(key, &self.challenge);
        let is_ours = bool::from(signature.as_bytes().ct_eq(self.signature.as_bytes()));
        is_ours
            && self.algorithm == ALGORITHM
            && self.number <= u64::from(max_number)
            && self.expires_secs().is_some_and(|expires_secs| now_secs < expires_secs)
            && digest_of(&self.salt, self.number) == self.challenge
    }

    /// The salt's parameter; none where the salt doesn't end as ours do.
    fn expires_secs(&self) -> Option<i64> {
        let (_, parameters) = self.salt.strip_suffix(END_OF_SALT)?.split_once('?')?;
        parameters.strip_prefix("expires=")?.parse().ok()
    }
}
