//! What a browser gets to solve.

use std::fmt::Write as _;

use aws_lc_rs::{digest, hmac, rand};
use serde::Serialize;

use crate::{Error, Result};

/// The algorithm's name on the wire.
pub(super) const ALGORITHM: &str = "SHA-256";

/// What stands between the salt and the number, so that no digit can be moved from one to the other.
pub(super) const END_OF_SALT: char = '&';

/// What a browser gets to solve: which number from 0 to `maxnumber`, written behind the salt, has this
/// digest.
#[derive(Debug, Serialize)]
pub(super) struct Challenge {
    algorithm: &'static str,
    #[serde(rename = "challenge")]
    digest: String,
    maxnumber: u32,
    salt: String,
    signature: String,
}

impl Challenge {
    pub(super) fn new(key: &hmac::Key, max_number: u32, expires_secs: i64) -> Result<Self> {
        let (mut salt, mut number) = ([0; 20], [0; 8]);
        let no_randomness = |_| Error::other("the system gives no random bytes");
        rand::fill(&mut salt).map_err(no_randomness)?;
        rand::fill(&mut number).map_err(no_randomness)?;
        let number = u64::from_le_bytes(number) % (u64::from(max_number) + 1);
        let salt = format!("{}?expires={expires_secs}{END_OF_SALT}", hex(&salt));
        let digest = digest_of(&salt, number);
        let signature = signature_of(key, &digest);
        Ok(Self { algorithm: ALGORITHM, digest, maxnumber: max_number, salt, signature })
    }
}

pub(super) fn digest_of(salt: &str, number: u64) -> String {
    hex(digest::digest(&digest::SHA256, format!("{salt}{number}").as_bytes()).as_ref())
}

pub(super) fn signature_of(key: &hmac::Key, challenge: &str) -> String {
    hex(hmac::sign(key, challenge.as_bytes()).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
