//! The reference's rule for passwords (FDI §10).

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
    use super::*;

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
}
