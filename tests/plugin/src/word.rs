//! Words, and what is kept of them in a user's metadata.

use std::time::Duration;

use auth_core::{
    Context, Result,
    protocol::{Secret, UserId},
};
use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{SHA256, digest},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};

/// How long a word is good.
pub(crate) const LIFETIME: Duration = Duration::from_secs(15 * 60);
/// How long nobody gets another one.
const PAUSE: Duration = Duration::from_secs(30);
/// The root key in the metadata.
const KEY: &str = "magicWord";

const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
const VOWELS: &[u8; 4] = b"aiou";

/// What a user has of this recipe. It doesn't hold the word: who reads it can't use it.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Kept {
    /// Whether a word of the user was right once.
    pub(crate) is_set_up: bool,
    sent: Option<Sent>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    digest: String,
    at_ms: i64,
}

impl Kept {
    pub(crate) async fn read(cx: &Context, user_id: &UserId) -> Result<Self> {
        Ok(cx.usermetadata()?.get_value(user_id, KEY).await?.unwrap_or_default())
    }

    pub(crate) async fn write(&self, cx: &Context, user_id: &UserId) -> Result<()> {
        cx.usermetadata()?.set_value(user_id, KEY, self).await
    }

    /// A new word in the place of the last one; `None` where that was sent a moment ago.
    pub(crate) fn draw(&mut self, now_ms: i64) -> Option<Secret> {
        if self.sent.as_ref().is_some_and(|sent| sent.is_younger_than(PAUSE, now_ms)) {
            return None;
        }
        let word = word(rand::random());
        self.sent = Some(Sent { digest: digest_of(&word), at_ms: now_ms });
        Some(Secret::from(word))
    }

    /// Whether the word is the one that was sent last; it is good once.
    pub(crate) fn take(&mut self, word: &Secret, now_ms: i64) -> bool {
        let word = word.expose_secret().trim().to_lowercase();
        let digest = digest_of(&word);
        let is_right = self.sent.as_ref().is_some_and(|sent| {
            sent.is_younger_than(LIFETIME, now_ms)
                && verify_slices_are_equal(sent.digest.as_bytes(), digest.as_bytes()).is_ok()
        });
        if is_right {
            *self = Self { is_set_up: true, sent: None };
        }
        is_right
    }
}

impl Sent {
    fn is_younger_than(&self, age: Duration, now_ms: i64) -> bool {
        let age_ms = now_ms.saturating_sub(self.at_ms).max(0).unsigned_abs();
        u128::from(age_ms) < age.as_millis()
    }
}

fn digest_of(word: &str) -> String {
    BASE64_STANDARD.encode(digest(&SHA256, word.as_bytes()))
}

/// A number as a word that can be said: `lusab-babad-gutih-tugad`. At 64 bits, tries needn't be
/// counted.
fn word(number: u64) -> String {
    let mut rest = number;
    let mut letter = |letters: &[u8]| {
        let count = letters.len() as u64;
        let at = usize::try_from(rest % count).unwrap_or_default();
        rest /= count;
        char::from(letters[at])
    };
    let mut parts = Vec::new();
    for _ in 0..4 {
        let part = [
            letter(CONSONANTS),
            letter(VOWELS),
            letter(CONSONANTS),
            letter(VOWELS),
            letter(CONSONANTS),
        ];
        parts.push(part.into_iter().collect::<String>());
    }
    parts.join("-")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "these are tests")]

    use super::*;

    #[test]
    fn every_number_has_a_word_of_its_own() {
        assert_eq!(word(0), "babab-babab-babab-babab");
        assert_eq!(word(u64::MAX), "zuzuz-zuzuz-zuzuz-zuzuz");
        assert_ne!(word(1 << 63), word(0));
    }

    #[test]
    fn a_word_is_good_once_for_a_quarter_of_an_hour() {
        let mut kept = Kept::default();
        let word = kept.draw(0).unwrap();
        assert!(!kept.take(&Secret::from("babab"), 1));
        assert!(!kept.is_set_up);
        let as_typed = format!(" {} ", word.expose_secret().to_uppercase());
        assert!(kept.take(&Secret::from(as_typed), 899_999));
        assert!(kept.is_set_up);
        assert!(!kept.take(&word, 899_999), "once");
        let word = kept.draw(1_000_000).unwrap();
        assert!(!kept.take(&word, 1_900_000), "late");
    }

    #[test]
    fn nobody_gets_two_words_in_half_a_minute_and_the_last_one_is_good() {
        let mut kept = Kept::default();
        let first = kept.draw(0).unwrap();
        assert!(kept.draw(29_999).is_none());
        let second = kept.draw(30_000).unwrap();
        assert!(!kept.take(&first, 30_000));
        assert!(kept.take(&second, 30_000));
    }
}
