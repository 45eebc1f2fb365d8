//! A strict reader of the CBOR that authenticators speak: the CTAP2 canonical form (CTAP 2.1
//! section 8, RFC 8949). It borrows, and allocates nothing.
//!
//! Refused are lengths that aren't in their shortest form, indefinite lengths, tags, keys that come
//! twice or out of order, nesting beyond [`MAX_DEPTH`] and bytes that are left over.

/// CTAP2 nests four levels; an attestation of several statements (WebAuthn section 8.9) two more.
const MAX_DEPTH: u8 = 8;

const UNSIGNED: u8 = 0;
const NEGATIVE: u8 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;
const SIMPLE: u8 = 7;

/// Why an item was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CborError {
    /// The bytes end within an item.
    #[error("the CBOR ends too early")]
    Truncated,
    /// Bytes are left over after the item.
    #[error("bytes follow the CBOR")]
    TrailingBytes,
    /// A number or a length isn't in its shortest form, or a length is indefinite.
    #[error("a number in the CBOR is not in its shortest form")]
    NotShortest,
    /// A tag, a break or a simple value that CTAP2 doesn't know.
    #[error("the CBOR has an item that may not be there")]
    Forbidden,
    /// The keys of a map are out of order, or one comes twice.
    #[error("the keys of a CBOR map are out of order or doubled")]
    KeyOrder,
    /// Text that isn't UTF-8.
    #[error("a CBOR text is not UTF-8")]
    NotUtf8,
    /// Maps or arrays within each other, too deep.
    #[error("the CBOR is nested too deep")]
    TooDeep,
    /// Another type than must stand there, or a number out of range.
    #[error("a CBOR item has another type than it must have")]
    WrongType,
    /// A map has an entry that it may not have, or lacks one, or has one with another value.
    #[error("a CBOR map has an entry that it may not have, or lacks one")]
    WrongEntry,
}

type Result<T> = std::result::Result<T, CborError>;

/// Where reading stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Nothing may be left.
    pub(crate) fn finish(self) -> Result<()> {
        if self.rest.is_empty() { Ok(()) } else { Err(CborError::TrailingBytes) }
    }

    /// What hasn't been read.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) fn text(&mut self) -> Result<&'a str> {
        let length = self.length(TEXT)?;
        std::str::from_utf8(self.take(length)?).map_err(|_| CborError::NotUtf8)
    }

    pub(crate) fn bytes(&mut self) -> Result<&'a [u8]> {
        let length = self.length(BYTES)?;
        self.take(length)
    }

    pub(crate) fn integer(&mut self) -> Result<i64> {
        let (major, value) = self.head()?;
        let value = i64::try_from(value).map_err(|_| CborError::WrongType)?;
        match major {
            UNSIGNED => Ok(value),
            // -1 - n, which no n beyond i64 is for.
            NEGATIVE => Ok(-1 - value),
            _ => Err(CborError::WrongType),
        }
    }

    /// How many items follow. It may be more than there are bytes, so nobody may reserve room for it.
    pub(crate) fn array(&mut self) -> Result<usize> {
        self.length(ARRAY)
    }

    /// How many pairs follow; see [`array`](Self::array).
    pub(crate) fn map(&mut self) -> Result<usize> {
        self.length(MAP)
    }

    /// Reads any item, and gives its bytes.
    pub(crate) fn item(&mut self) -> Result<&'a [u8]> {
        let before = self.rest;
        self.skip(MAX_DEPTH)?;
        Ok(before.get(..before.len() - self.rest.len()).unwrap_or_default())
    }

    fn skip(&mut self, depth: u8) -> Result<()> {
        let (major, value) = self.head()?;
        match major {
            BYTES => drop(self.take(size(value)?)?),
            TEXT => {
                let text = self.take(size(value)?)?;
                std::str::from_utf8(text).map_err(|_| CborError::NotUtf8)?;
            }
            ARRAY => {
                let depth = depth.checked_sub(1).ok_or(CborError::TooDeep)?;
                for _ in 0..value {
                    self.skip(depth)?;
                }
            }
            MAP => {
                let depth = depth.checked_sub(1).ok_or(CborError::TooDeep)?;
                let mut keys = Keys::default();
                for _ in 0..value {
                    let before = self.rest;
                    self.skip(depth)?;
                    let key = before.get(..before.len() - self.rest.len()).unwrap_or_default();
                    keys.next(key)?;
                    self.skip(depth)?;
                }
            }
            // Numbers, simple values and floats, which `head` has looked at; no tags, which it refuses.
            _ => {}
        }
        Ok(())
    }

    fn length(&mut self, expected: u8) -> Result<usize> {
        let (major, value) = self.head()?;
        if major == expected { size(value) } else { Err(CborError::WrongType) }
    }

    /// The major type, and its number in shortest form.
    fn head(&mut self) -> Result<(u8, u64)> {
        let (&first, rest) = self.rest.split_first().ok_or(CborError::Truncated)?;
        self.rest = rest;
        let (major, short) = (first >> 5, first & 0x1f);
        if major == 6 {
            return Err(CborError::Forbidden);
        }
        let (width, smallest) = match short {
            0..24 if major == SIMPLE && short < 20 => return Err(CborError::Forbidden),
            0..24 => return Ok((major, u64::from(short))),
            24 if major == SIMPLE => return Err(CborError::Forbidden),
            24 => (1, 24),
            25 => (2, 1 << 8),
            26 => (4, 1 << 16),
            27 => (8, 1 << 32),
            // 31 is an indefinite length, or its end.
            31 => return Err(CborError::NotShortest),
            _ => return Err(CborError::Forbidden),
        };
        let value = self.take(width)?.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
        // A float keeps the width that it has.
        if major != SIMPLE && value < smallest {
            return Err(CborError::NotShortest);
        }
        Ok((major, value))
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(CborError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }
}

fn size(value: u64) -> Result<usize> {
    usize::try_from(value).map_err(|_| CborError::Truncated)
}

/// Sees to it that a map's keys come in order, each once.
#[derive(Debug, Default)]
pub(crate) struct Keys<'a> {
    last: &'a [u8],
}

impl<'a> Keys<'a> {
    /// Takes the next key as it is encoded: the lower type sorts first, then the shorter key, then
    /// the lower bytes.
    pub(crate) fn next(&mut self, key: &'a [u8]) -> Result<()> {
        let order = |key: &'a [u8]| (key.first().map(|first| first >> 5), key.len(), key);
        if !self.last.is_empty() && order(self.last) >= order(key) {
            return Err(CborError::KeyOrder);
        }
        self.last = key;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(bytes: &[u8]) -> Result<()> {
        let mut reader = Reader::new(bytes);
        reader.item()?;
        reader.finish()
    }

    #[test]
    fn items_of_every_kind_are_read() {
        let nested = [&[0x81; 8][..], &[0]].concat();
        for bytes in [
            &b"\x17"[..],
            b"\x18\x18",
            b"\x19\x01\x00",
            b"\x3b\x00\x00\x00\x01\x00\x00\x00\x00",
            b"\x42ab",
            b"\x62\xc3\xa4",
            b"\x82\x01\xf5",
            // The integers 1, 3, -1; then texts by length, then by letters.
            b"\xa3\x01\x02\x03\x26\x20\x01",
            b"\xa3\x61z\xf6\x62aa\xf7\x62ab\xf9\x3c\x00",
            &nested,
        ] {
            assert_eq!(item(bytes), Ok(()), "{bytes:02x?}");
        }
    }

    #[test]
    fn what_is_not_canonical_is_refused() {
        let nested = [&[0x81; 9][..], &[0]].concat();
        for (bytes, error) in [
            (&b""[..], CborError::Truncated),
            (b"\x42a", CborError::Truncated),
            (b"\x82\x01", CborError::Truncated),
            (b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff", CborError::Truncated),
            (b"\x5b\xff\xff\xff\xff\xff\xff\xff\xff", CborError::Truncated),
            (b"\x01\x01", CborError::TrailingBytes),
            (b"\x18\x17", CborError::NotShortest),
            (b"\x19\x00\xff", CborError::NotShortest),
            (b"\x1a\x00\x00\xff\xff", CborError::NotShortest),
            (b"\x1b\x00\x00\x00\x00\xff\xff\xff\xff", CborError::NotShortest),
            (b"\x58\x01a", CborError::NotShortest),
            (b"\x5f\x41a\xff", CborError::NotShortest),
            (b"\x9f\xff", CborError::NotShortest),
            (b"\xbf\xff", CborError::NotShortest),
            (b"\xff", CborError::NotShortest),
            (b"\xc0\x60", CborError::Forbidden),
            (b"\xe0", CborError::Forbidden),
            (b"\xf8\x20", CborError::Forbidden),
            (b"\x1c", CborError::Forbidden),
            (b"\x61\xff", CborError::NotUtf8),
            // Twice the same, the longer first, the higher first, another type first.
            (b"\xa2\x01\x01\x01\x01", CborError::KeyOrder),
            (b"\xa2\x62aa\x01\x61z\x01", CborError::KeyOrder),
            (b"\xa2\x61b\x01\x61a\x01", CborError::KeyOrder),
            (b"\xa2\x20\x01\x01\x01", CborError::KeyOrder),
            (b"\x81\xa2\x20\x01\x20\x01", CborError::KeyOrder),
            (&nested, CborError::TooDeep),
        ] {
            assert_eq!(item(bytes), Err(error), "{bytes:02x?}");
        }
    }

    #[test]
    fn numbers_have_the_range_of_i64() {
        assert_eq!(Reader::new(b"\x3b\x7f\xff\xff\xff\xff\xff\xff\xff").integer(), Ok(i64::MIN));
        for bytes in [
            &b"\x1b\x80\x00\x00\x00\x00\x00\x00\x00"[..],
            b"\x3b\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\x41a",
            b"\xf5",
        ] {
            assert_eq!(Reader::new(bytes).integer(), Err(CborError::WrongType), "{bytes:02x?}");
        }
    }
}
