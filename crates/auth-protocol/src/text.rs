//! What can be seen of a text, and what people mean by it who type or paste it.

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{DefaultIgnorableCodePoint, GeneralCategory},
};

/// What somebody typed or pasted as a code of digits and letters: without the white space and the
/// dashes that group it and the characters that can't be seen, and with the digits of any script,
/// and the full-width letters, as ASCII has them.
///
/// ```
/// use auth_protocol::read_typed;
///
/// assert_eq!(read_typed(" 123-456\u{200b}"), "123456");
/// assert_eq!(read_typed("１２３ ٤٥٦"), "123456");
/// assert_eq!(read_typed("gezd gnbv"), "gezdgnbv");
/// ```
pub fn read_typed(text: &str) -> String {
    text.chars().filter(|c| !is_separator(*c) && !is_invisible(*c)).map(as_ascii).collect()
}

/// Whether the character is there only for how others are shown, or not at all: joiners, marks of
/// direction, fillers, variation selectors. White space and control characters are not meant.
pub(crate) fn is_invisible(c: char) -> bool {
    // A pattern of Braille without dots is the one symbol that shows nothing.
    !c.is_ascii()
        && (category(c) == GeneralCategory::Format
            || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
            || c == '\u{2800}')
}

/// Whether an identity may not hold the character: one can't be seen, or not told from others.
pub(crate) fn is_unfit(c: char) -> bool {
    use GeneralCategory as Is;
    match c {
        ' ' => false,
        _ if c.is_ascii() => c.is_ascii_control(),
        _ => {
            is_invisible(c)
                || matches!(
                    category(c),
                    Is::Control
                        | Is::PrivateUse
                        | Is::Unassigned
                        | Is::SpaceSeparator
                        | Is::LineSeparator
                        | Is::ParagraphSeparator
                )
        }
    }
}

/// A digit, white space or dash of any script, or a full-width character, as ASCII has it; others as
/// they are.
pub(crate) fn as_ascii(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    if let Some(digit) = decimal_digit(c) {
        return char::from(b'0' + digit);
    }
    match c {
        _ if c.is_whitespace() => ' ',
        _ if is_dash(c) => '-',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || is_dash(c)
}

/// A hyphen, a dash, or the minus sign.
fn is_dash(c: char) -> bool {
    c == '-'
        || c == '\u{2212}'
        || (!c.is_ascii() && category(c) == GeneralCategory::DashPunctuation)
}

/// The value of a decimal digit. Digits stand in runs of ten, from zero to nine, of which several
/// may follow each other (Unicode's stability policy).
fn decimal_digit(c: char) -> Option<u8> {
    let is_digit = |c| category(c) == GeneralCategory::DecimalNumber;
    if !is_digit(c) {
        return None;
    }
    let before = |c: char| char::from_u32(u32::from(c).checked_sub(1)?);
    let mut offset = 0_u32;
    let mut current = c;
    while let Some(previous) = before(current).filter(|c| is_digit(*c)) {
        (offset, current) = (offset + 1, previous);
    }
    u8::try_from(offset % 10).ok()
}

fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_every_script_are_read() {
        for digits in [
            "0123456789",
            "０１２３４５６７８９",
            "٠١٢٣٤٥٦٧٨٩",
            "۰۱۲۳۴۵۶۷۸۹",
            "०१२३४५६७८९",
            "০১২৩৪৫৬৭৮৯",
            "๐๑๒๓๔๕๖๗๘๙",
            "០១២៣៤៥៦៧៨៩",
            "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
            "𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿",
        ] {
            assert_eq!(read_typed(digits), "0123456789", "{digits}");
        }
        // Every run of ten, wherever it stands.
        let zeros = ('\u{80}'..=char::MAX).filter(|c| decimal_digit(*c) == Some(0));
        let nines = ('\u{80}'..=char::MAX).filter(|c| decimal_digit(*c) == Some(9));
        let ends: Vec<u32> = nines.map(u32::from).collect();
        let starts: Vec<u32> = zeros.map(|c| u32::from(c) + 9).collect();
        assert!(starts.len() > 60);
        assert_eq!(starts, ends);
    }

    #[test]
    fn what_groups_and_what_cannot_be_seen_is_left_out() {
        for text in [
            "123456",
            " 123 456\n",
            "123-456",
            "1\u{2011}2\u{2013}3\u{2212}456",
            "123\u{a0}456",
            "123\u{202f}456\u{3000}",
            "\u{200e}123456\u{200f}",
            "\u{202a}123456\u{202c}",
            "123\u{200b}45\u{200d}6\u{feff}",
            "12\u{ad}3456\u{2060}",
            "1\u{fe0f}23456",
        ] {
            assert_eq!(read_typed(text), "123456", "{text:?}");
        }
        for text in ["12345a", "１２３４５ａ"] {
            assert_eq!(read_typed(text), "12345a");
        }
        // What can be seen isn't left out, and neither are control characters.
        for text in ["12\u{0}456", "12.456", "²²", "十二", "Ⅻ", "🕛"] {
            assert_eq!(read_typed(text), text, "{text:?}");
        }
    }
}
