//! How phone numbers are written.

use phonenumber::Mode;

use crate::text::{as_ascii, is_invisible};

/// No number is longer, however it is spaced; libphonenumber reads no more than this either.
const LONGEST_INPUT: usize = 250;

/// The E.164 form of a number that is written with its country code, such as `+49 170 1234567`;
/// `None` where the text is no valid number. The digits may be those of any script, marks of
/// direction and other characters that can't be seen are passed over, and so is a leading `tel:`
/// (RFC 3966).
///
/// ```
/// use auth_protocol::parse_phone_number;
///
/// assert_eq!(parse_phone_number(" +49 170 1234567"), Some("+491701234567".to_owned()));
/// assert_eq!(parse_phone_number("tel:+٤٩-170-1234567"), Some("+491701234567".to_owned()));
/// assert_eq!(parse_phone_number("+49 1"), None);
/// ```
pub fn parse_phone_number(text: &str) -> Option<String> {
    parse(&clean(text)).filter(phonenumber::PhoneNumber::is_valid).map(|number| e164(&number))
}

/// The form in which numbers are stored and compared: E.164 where the text reads as a number, or
/// else the trimmed text (CDI §0.7), as it is read for [`parse_phone_number`].
///
/// ```
/// use auth_protocol::normalise_phone_number;
///
/// assert_eq!(normalise_phone_number(" +49 (170) 1234567 "), "+491701234567");
/// assert_eq!(normalise_phone_number(" 110 "), "110");
/// ```
pub fn normalise_phone_number(text: &str) -> String {
    let text = clean(text);
    parse(&text).map_or_else(|| text.clone(), |number| e164(&number))
}

/// The text in ASCII's digits, without what can't be seen and what says that it is a number.
fn clean(text: &str) -> String {
    let visible: String = text.chars().filter(|c| !is_invisible(*c)).map(as_ascii).collect();
    let mut text = visible.trim();
    while let Some((scheme, number)) = text.split_at_checked(4)
        && scheme.eq_ignore_ascii_case("tel:")
    {
        text = number.trim();
    }
    text.to_owned()
}

fn parse(text: &str) -> Option<phonenumber::PhoneNumber> {
    // Without a country code there is no country to read it by.
    if text.len() > LONGEST_INPUT || !text.starts_with('+') {
        return None;
    }
    phonenumber::parse(None, text).ok()
}

fn e164(number: &phonenumber::PhoneNumber) -> String {
    number.format().mode(Mode::E164).to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_ways_to_write_a_number_are_one_number() {
        for text in ["+14155552671", "+1 (415) 555-2671", "+1.415.555.2671", "  +1 415 555 2671\n"]
        {
            assert_eq!(parse_phone_number(text).as_deref(), Some("+14155552671"), "{text}");
            assert_eq!(normalise_phone_number(text), "+14155552671");
        }
        for text in [
            "＋１４１５５５５２６７１",
            "+١٤١٥٥٥٥٢٦٧١",
            "+۱ ۴۱۵ ۵۵۵ ۲۶۷۱",
            "\u{202a}+1 (415) 555‑2671\u{202c}",
            "\u{200e}+1\u{a0}415\u{202f}555\u{ad}\u{2013}2671\u{200f}\u{feff}",
            "tel:+1-415-555-2671",
            "TEL: +1.415.555.2671",
            "\u{2066}tel:+14155552671\u{2069}",
        ] {
            assert_eq!(parse_phone_number(text).as_deref(), Some("+14155552671"), "{text}");
            assert_eq!(normalise_phone_number(text), "+14155552671");
        }
        assert_eq!(normalise_phone_number("\u{202d}１１０"), "110");
        // Numbers in Italy keep their leading zero.
        assert_eq!(parse_phone_number("+39 06 1234 5678").as_deref(), Some("+390612345678"));
    }

    #[test]
    fn what_is_no_number_is_refused_or_kept_as_it_is() {
        for text in ["", "+", "abc", "+abc", "0170 1234567", "+49 1", "+999 123456789", "tel:+49"] {
            assert_eq!(parse_phone_number(text), None, "{text}");
        }
        assert_eq!(normalise_phone_number(" abc "), "abc");
        assert_eq!(parse_phone_number(&format!("+{}", "1".repeat(100_000))), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_a_normal_form_stays_as_it_is(text in "\\PC{0,40}|\\+[0-9 ;=()x-]{0,30}") {
            let normal = normalise_phone_number(&text);
            prop_assert_eq!(normalise_phone_number(&normal), normal);
        }
    }
}
