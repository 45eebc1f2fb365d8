//! The passwords that are guessed first.

use std::borrow::Cow;

use passwords::analyzer::is_common_password;
use unicode_normalization::UnicodeNormalization;

const PROBLEM: &str =
    "This password is one of those that are used most often. Please choose another one";

/// Why the password is too common, for the user; `None` where it isn't.
pub(super) fn problem(password: &str) -> Option<&'static str> {
    is_common(password).then_some(PROBLEM)
}

/// Whether the password is among the hundred thousand commonest of public leaks, whatever the case
/// of its letters, with blanks around it, or written with other forms of the same characters: who
/// guesses tries those as well.
fn is_common(password: &str) -> bool {
    let plain: Cow<'_, str> = match password.is_ascii() {
        true => password.into(),
        false => password.nfkc().collect(),
    };
    let plain = plain.trim();
    is_common_password(plain) || is_common_password(plain.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commonest_passwords_are_known_in_every_spelling() {
        for password in [
            "password1",
            "12345678a",
            "qwerty123",
            "Password1",
            "QWERTY123",
            " password1 ",
            "abc12345",
            "iloveyou1",
            "1q2w3e4r",
            "p@ssw0rd",
            "welcome123",
            "пароль",
            "Ｐａｓｓｗｏｒｄ１",
            // The Cyrillic letter й in two code points.
            "люби\u{43c}ы\u{438}\u{306}",
        ] {
            assert!(is_common(password), "{password}");
        }
    }

    #[test]
    fn other_passwords_are_not() {
        for password in ["", "correct-horse-1", "enchantress1", "validpass123", "tr0ub4dor&3", "ß"]
        {
            assert!(!is_common(password), "{password}");
        }
    }
}
