//! How email addresses are written.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;
use idna::{
    AsciiDenyList,
    uts46::{DnsLength, Hyphens, Uts46},
};

use crate::text::is_unfit;

/// No address is longer, in any script.
const LONGEST_INPUT: usize = 1000;

/// The form of an address in which it is stored, compared and sent to: without surrounding white
/// space, in lower case, its domain as the network knows it (IDNA) and what stands before in
/// Unicode's composed form; `None` where it holds characters that can't be seen, or a domain of
/// another script that can't be read.
///
/// Whether the text is an address at all isn't judged: an application may sign users in by other
/// names. Letters whose two cases aren't a pair stay as they are, as another mailbox might be meant
/// by what they become.
///
/// ```
/// use auth_protocol::parse_email;
///
/// assert_eq!(parse_email(" Ada@Example.com ").as_deref(), Some("ada@example.com"));
/// assert_eq!(parse_email("ada@Bücher.example").as_deref(), Some("ada@xn--bcher-kva.example"));
/// assert_eq!(parse_email("ada\u{200b}@example.com"), None);
/// ```
pub fn parse_email(text: &str) -> Option<String> {
    let text = text.trim();
    if text.chars().any(is_unfit) {
        return None;
    }
    if text.is_ascii() {
        return Some(text.to_ascii_lowercase());
    }
    if text.len() > LONGEST_INPUT {
        return None;
    }
    match text.rsplit_once('@') {
        Some((local, domain)) => Some(format!("{}@{}", fold(local), domain_to_ascii(domain)?)),
        None => Some(fold(text)),
    }
}

/// The same for comparing: a text that isn't [read](parse_email) equals no address that is, and is
/// given as it is but for surrounding white space.
///
/// ```
/// use auth_protocol::normalise_email;
///
/// assert_eq!(normalise_email(" Ada@Example.com "), "ada@example.com");
/// // A Kelvin sign is a K: the mailbox is the one that everybody calls so.
/// assert_eq!(normalise_email("vic\u{212a}@example.com"), "vick@example.com");
/// ```
pub fn normalise_email(text: &str) -> String {
    parse_email(text).unwrap_or_else(|| text.trim().to_owned())
}

fn fold(text: &str) -> String {
    let composed = compose(text);
    let folded: String = composed.chars().map(lower).collect();
    compose(&folded).into_owned()
}

fn compose(text: &str) -> Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// The small letter of which this one is the capital.
fn lower(c: char) -> char {
    let mut small = c.to_lowercase();
    match (small.next(), small.next()) {
        (Some(one), None) if one.to_uppercase().eq([c]) => one,
        _ => c,
    }
}

fn domain_to_ascii(domain: &str) -> Option<String> {
    if domain.is_ascii() {
        return Some(domain.to_ascii_lowercase());
    }
    let idna = Uts46::new();
    let read =
        idna.to_ascii(domain.as_bytes(), AsciiDenyList::STD3, Hyphens::Allow, DnsLength::Verify);
    read.ok().map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_of_ascii_are_trimmed_and_lower_cased_and_nothing_else() {
        for (text, wanted) in [
            ("ada@example.com", "ada@example.com"),
            ("\t Ada.B+c@EXAMPLE.com\n", "ada.b+c@example.com"),
            ("\"a b\"@exam_ple..com", "\"a b\"@exam_ple..com"),
            ("ada@XN--BCHER-KVA.example", "ada@xn--bcher-kva.example"),
            ("Ada", "ada"),
            ("", ""),
        ] {
            assert_eq!(parse_email(text).as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn a_domain_has_one_form_however_it_is_written() {
        for text in [
            "ada@bücher.example",
            "ada@BÜCHER.Example",
            "ada@bu\u{308}cher.example",
            "ada@bücher。example",
            "ada@ｂücher.example",
            "ADA@xn--bcher-kva.EXAMPLE",
        ] {
            assert_eq!(normalise_email(text), "ada@xn--bcher-kva.example", "{text}");
        }
        assert_eq!(normalise_email("ada@ｅｘａｍｐｌｅ.com"), "ada@example.com");
        for text in ["ada@bü cher.example", "ada@ü＠example.com", "ada@ü／example.com", "ada@.ü"]
        {
            assert_eq!(parse_email(text), None, "{text}");
        }
    }

    #[test]
    fn letters_are_folded_where_both_cases_are_a_pair() {
        for (text, wanted) in [
            ("ÄDA@example.com", "äda@example.com"),
            ("A\u{308}da@example.com", "äda@example.com"),
            ("ΟΔΟΣ@example.com", "οδοσ@example.com"),
            // Unicode says that these are the letters: K, Å, Ω.
            ("\u{212a}\u{212b}\u{2126}@example.com", "kåω@example.com"),
            // These aren't: a mailbox of one isn't a mailbox of the other.
            ("\u{130}ada@example.com", "\u{130}ada@example.com"),
            ("\u{1e9e}@example.com", "\u{1e9e}@example.com"),
            ("\u{17f}am@example.com", "\u{17f}am@example.com"),
            ("ｖｉｃ@example.com", "ｖｉｃ@example.com"),
        ] {
            assert_eq!(parse_email(text).as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_no_part_of_an_address() {
        for c in [
            '\u{0}',
            '\u{7}',
            '\u{9}',
            '\u{7f}',
            '\u{85}',
            '\u{a0}',
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{115f}',
            '\u{180e}',
            '\u{2003}',
            '\u{200b}',
            '\u{200c}',
            '\u{200d}',
            '\u{200e}',
            '\u{200f}',
            '\u{2028}',
            '\u{202e}',
            '\u{2060}',
            '\u{2066}',
            '\u{2069}',
            '\u{206a}',
            '\u{2800}',
            '\u{3000}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{fffb}',
            '\u{e000}',
            '\u{e0041}',
            '\u{e0101}',
            '\u{1d173}',
            '\u{fdd0}',
        ] {
            for text in [format!("a{c}da@example.com"), format!("ada@exa{c}mple.com")] {
                assert_eq!(parse_email(&text), None, "{text:?}");
                assert_eq!(normalise_email(&text), text);
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_a_normal_form_stays_as_it_is(
            text in "\\PC{0,20}(@\\PC{0,20})?|.{0,20}|[a-zA-Zäöüßéİıſ\u{212a}\u{308}@.-]{0,20}"
        ) {
            let normal = normalise_email(&text);
            prop_assert_eq!(normalise_email(&normal), normal.clone());
            if let Some(read) = parse_email(&text) {
                prop_assert_eq!(parse_email(&read), Some(normal));
            }
        }
    }
}
