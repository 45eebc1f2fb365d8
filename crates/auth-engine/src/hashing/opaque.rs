//! Passwords in one form (RFC 8265, section 4.2: `OpaqueString`): the same characters typed on
//! another keyboard may be other code points.

use auth_protocol::Secret;
use unicode_normalization::UnicodeNormalization;

/// Blanks of every kind as one, and composed characters.
pub(super) fn prepare(password: &str) -> Secret {
    if password.is_ascii() {
        return password.into();
    }
    let is_blank = |c: char| {
        matches!(
            c,
            '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
        )
    };
    let blanks = password.chars().map(|c| if is_blank(c) { ' ' } else { c });
    Secret::new(blanks.nfc().collect::<String>())
}

/// What a stored hash may be of: the one form; what was typed, or its decomposed form, where the
/// hash is older than the rule or was made elsewhere. Never two that are the same.
pub(super) fn candidates(password: &str) -> Vec<Secret> {
    let mut all = vec![prepare(password)];
    if password.is_ascii() {
        return all;
    }
    for other in [password.into(), Secret::new(password.nfd().collect::<String>())] {
        if !all.iter().any(|it| it.expose_secret() == other.expose_secret()) {
            all.push(other);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composed_and_decomposed_characters_and_all_blanks_are_one() {
        for (typed, prepared) in [
            ("pässwörd 1", "pässwörd 1"),
            ("pa\u{308}sswo\u{308}rd 1", "pässwörd 1"),
            ("p\u{e4}ss\u{a0}\u{3000}1", "päss  1"),
            ("\u{212b}", "\u{c5}"),
            ("Password\t", "Password\t"),
            // Never by compatibility, nor by case (RFC 8265, section 4.2.1).
            ("ＡẞＢ", "ＡẞＢ"),
        ] {
            assert_eq!(prepare(typed).expose_secret(), prepared, "{typed}");
        }
    }

    #[test]
    fn only_what_is_not_ascii_has_several_forms() {
        assert_eq!(candidates("enchantress1").len(), 1);
        assert_eq!(candidates("日本語").len(), 1);
        assert_eq!(candidates("p\u{e4}ss").len(), 2);
        assert_eq!(candidates("pa\u{308}ss").len(), 2);
    }
}
