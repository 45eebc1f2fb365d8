//! How hard a password is to guess, as `zxcvbn` estimates it.

use auth_protocol::Secret;

use super::words::{Words, texts_of_address};
use crate::{Error, Result};

/// How many characters are judged: the time that it takes grows faster than the password, and what
/// follows makes no password weaker.
const JUDGED: usize = 64;

/// The score, from 0 to 4, off the async workers: it takes milliseconds.
pub(super) async fn score(
    password: &str,
    words: Option<&Words>,
    email: Option<&str>,
) -> Result<u8> {
    let judged: Secret = password.chars().take(JUDGED).collect::<String>().into();
    let own = words.into_iter().flat_map(Words::texts);
    let words: Vec<String> = own.chain(email.into_iter().flat_map(texts_of_address)).collect();
    let estimate = move || {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        u8::from(zxcvbn::zxcvbn(judged.expose_secret(), &words).score())
    };
    tokio::task::spawn_blocking(estimate).await.map_err(Error::other)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[tokio::test]
    async fn passwords_are_judged_with_what_is_known_about_their_user() {
        let words = Words::new("Northwind", &[]);
        let score = async |password| {
            score(password, Some(&words), Some("quillfeather@example.com")).await.expect("judged")
        };
        for weak in ["", "abcdefgh1", "qwertyuiop1", "northwind1", "quillfeather1"] {
            assert!(score(weak).await < 3, "{weak}");
        }
        for strong in ["plum kettle fog 3", "tr0mbone*Lichen"] {
            assert!(score(strong).await >= 3, "{strong}");
        }
    }

    #[tokio::test]
    async fn a_password_of_any_length_is_judged_in_bounded_time() {
        let start = Instant::now();
        for password in ["1q2w3e4r!".repeat(200), "a".repeat(1024), "🐢".repeat(1024)] {
            score(&password, None, None).await.expect("judged");
        }
        assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    }
}
