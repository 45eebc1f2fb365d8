//! What passkeys are called.

use auth_webauthn::authenticator_name;
use uuid::Uuid;

/// Enough for "Ada's second security key, in the drawer"; the column's width.
const LONGEST_NAME: usize = 64;

/// A name as it is kept: one line of what can be seen; `None` where nothing is left. Joiners stay, as
/// some scripts and most emoji need them.
///
/// # Errors
/// Why it can't be kept, for people.
pub(super) fn clean(name: &str) -> Result<Option<String>, String> {
    let visible: String = name.chars().map(as_blank).filter(|c| !is_unseen(*c)).collect();
    let clean = visible.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    if clean.chars().count() > LONGEST_NAME {
        return Err(format!("The name must have no more than {LONGEST_NAME} characters"));
    }
    let has_something = clean.chars().any(|c| !is_joiner(c));
    Ok(Some(clean).filter(|_| has_something))
}

fn as_blank(c: char) -> char {
    if c.is_whitespace() { ' ' } else { c }
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}')
}

/// Control characters, marks of direction, which could turn what stands beside the name, and fillers.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0001}'
        )
}

/// What a passkey is shown by: what its user calls it, or else its authenticator's name.
pub(super) fn shown(given: Option<String>, aaguid: &str) -> Option<String> {
    given.or_else(|| {
        let aaguid = Uuid::try_parse(aaguid).ok()?;
        authenticator_name(aaguid.as_bytes()).map(str::to_owned)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_of_what_can_be_seen() {
        for (given, kept) in [
            ("Phone", Some("Phone")),
            ("  my\tnew \u{a0}\r\n phone ", Some("my new phone")),
            ("\u{202e}enohp\u{200b}\u{0}", Some("enohp")),
            ("👩\u{200d}💻 ❤\u{fe0f}", Some("👩\u{200d}💻 ❤\u{fe0f}")),
            ("", None),
            (" \u{2066}\u{feff}\u{200d} ", None),
        ] {
            assert_eq!(clean(given), Ok(kept.map(str::to_owned)), "{given:?}");
        }
    }

    #[test]
    fn a_name_has_no_more_than_sixty_four_characters_once_it_is_clean() {
        assert_eq!(clean(&format!(" {} \u{200b}", "é".repeat(64))), Ok(Some("é".repeat(64))));
        let reason = "The name must have no more than 64 characters";
        assert_eq!(clean(&"é".repeat(65)), Err(reason.to_owned()));
    }

    #[test]
    fn an_authenticator_s_name_stands_in_for_the_user_s() {
        let yubikey = "ee882879-721c-4913-9775-3dfcce97072a";
        assert_eq!(shown(Some("Mine".into()), yubikey).as_deref(), Some("Mine"));
        assert_eq!(shown(None, yubikey).as_deref(), Some("YubiKey 5"));
        for unknown in ["00000000-0000-0000-0000-000000000000", ""] {
            assert_eq!(shown(None, unknown), None);
        }
    }
}
