//! As much of DER (X.690) as a certificate needs.

use crate::AttestationError;

pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

type Result<T> = std::result::Result<T, AttestationError>;

const UNREADABLE: AttestationError = AttestationError::UnreadableCertificate;

/// Where reading stands.
#[derive(Clone, Copy)]
pub(super) struct Der<'a> {
    rest: &'a [u8],
}

impl<'a> Der<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The contents of the next item, which must have this tag.
    pub(super) fn read(&mut self, tag: u8) -> Result<&'a [u8]> {
        let (_, contents) = self.whole(tag)?;
        Ok(contents)
    }

    /// What is within the next item, which must have this tag.
    pub(super) fn within(&mut self, tag: u8) -> Result<Self> {
        self.read(tag).map(Self::new)
    }

    /// The same, if the next item has this tag.
    pub(super) fn optional(&mut self, tag: u8) -> Result<Option<&'a [u8]>> {
        match self.rest.first() == Some(&tag) {
            true => self.read(tag).map(Some),
            false => Ok(None),
        }
    }

    /// The next item of whatever tag: the tag and its contents.
    pub(super) fn any(&mut self) -> Result<(u8, &'a [u8])> {
        let tag = *self.rest.first().ok_or(UNREADABLE)?;
        Ok((tag, self.read(tag)?))
    }

    /// The next item with its tag and length, and its contents.
    pub(super) fn whole(&mut self, tag: u8) -> Result<(&'a [u8], &'a [u8])> {
        let before = self.rest;
        let (&found, rest) = before.split_first().ok_or(UNREADABLE)?;
        let (&short, mut rest) = rest.split_first().ok_or(UNREADABLE)?;
        let mut length = usize::from(short);
        if short >= 0x80 {
            // In as few bytes as can be; a certificate is shorter than 64 KiB.
            let width = usize::from(short & 0x7f);
            let (bytes, after) = rest.split_at_checked(width).ok_or(UNREADABLE)?;
            length = match bytes {
                [byte] if *byte >= 0x80 => usize::from(*byte),
                [high, low] if *high != 0 => usize::from(u16::from_be_bytes([*high, *low])),
                _ => return Err(UNREADABLE),
            };
            rest = after;
        }
        let (contents, rest) = rest.split_at_checked(length).ok_or(UNREADABLE)?;
        if found != tag {
            return Err(UNREADABLE);
        }
        self.rest = rest;
        Ok((before.get(..before.len() - rest.len()).unwrap_or_default(), contents))
    }
}
