//! The validators of addresses and passwords that apply unless the application has its own
//! (FDI: field validators).

use std::sync::LazyLock;

use regex::Regex;

#[expect(clippy::expect_used, reason = "the expression is constant and compiled by a test")]
static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"^(([^<>()\[\]\\.,;:\s@"]+(\.[^<>()\[\]\\.,;:\s@"]+)*)|(".+"))"#,
        r"@((\[[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\])",
        r"|(([a-zA-Z\-0-9]+\.)+[a-zA-Z]{2,}))$",
    ))
    .expect("a valid expression")
});

/// Why the text is no email address; `None` where it is one.
pub(in crate::recipes) fn email_problem(email: &str) -> Option<&'static str> {
    (!EMAIL.is_match(email)).then_some("Email is invalid")
}

/// Why the password is too weak; `None` where it isn't. Lengths count UTF-16 units, as front ends
/// do.
pub(super) fn password_problem(password: &str) -> Option<&'static str> {
    let length = password.encode_utf16().count();
    // The reference's patterns don't reach across lines, so a line break hides both kinds.
    let is_one_line = !password.contains(['\n', '\r', '\u{2028}', '\u{2029}']);
    if length < 8 {
        Some("Password must contain at least 8 characters, including a number")
    } else if length >= 100 {
        Some("Password's length must be lesser than 100 characters")
    } else if !(is_one_line && password.contains(|c: char| c.is_ascii_alphabetic())) {
        Some("Password must contain at least one alphabet")
    } else if !password.contains(|c: char| c.is_ascii_digit()) {
        Some("Password must contain at least one number")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_told_from_other_texts() {
        for email in [
            "ada@example.com",
            "Ada.Lovelace+test@sub.example.co.uk",
            "\"a b\"@example.com",
            "ada@[127.0.0.1]",
            "ünï@example.com",
            "a@b-c.de",
        ] {
            assert_eq!(email_problem(email), None, "{email}");
        }
        for email in [
            "",
            "ada",
            "ada@",
            "@example.com",
            "ada@example",
            "ada@example.c",
            "a b@example.com",
            "ada@@example.com",
            ".ada@example.com",
            "ada.@example.com",
            "ada@example.com\n",
            "ada@exam_ple.com",
            "a,b@example.com",
        ] {
            assert_eq!(email_problem(email), Some("Email is invalid"), "{email}");
        }
    }

    #[test]
    fn passwords_have_8_to_99_units_a_letter_and_a_digit_checked_in_this_order() {
        for (password, wanted) in [
            ("abcde12", Some("Password must contain at least 8 characters, including a number")),
            ("", Some("Password must contain at least 8 characters, including a number")),
            ("12345678", Some("Password must contain at least one alphabet")),
            ("abcdefgh", Some("Password must contain at least one number")),
            ("ääääää12", Some("Password must contain at least one alphabet")),
            ("abcd\n1234", Some("Password must contain at least one alphabet")),
            ("abcdefg1", None),
            // An emoji is two UTF-16 units.
            ("a1😀😀😀", None),
        ] {
            assert_eq!(password_problem(password), wanted, "{password}");
        }
        assert_eq!(password_problem(&format!("a1{}", "x".repeat(97))), None);
        assert_eq!(
            password_problem(&format!("a1{}", "x".repeat(98))),
            Some("Password's length must be lesser than 100 characters")
        );
    }

    proptest! {
        #[test]
        fn any_text_is_judged(text in ".{0,120}") {
            let _ = (email_problem(&text), password_problem(&text));
        }
    }
}
