//! A request's head, in one piece of memory.

use std::str;

/// The target and the header lines, copied side by side into one buffer. A session check needs a
/// head that outlives the framework's own, in front of every protected route: this one costs a
/// single allocation and shares nothing.
#[derive(Clone)]
pub(super) struct Head {
    /// The target, then for each line the lengths of its name and value, followed by both.
    bytes: Vec<u8>,
    path_len: usize,
    target_len: usize,
}

/// The lengths in front of a line, each a `u32`.
const LENGTHS_BYTES: usize = 8;

/// Room for the head of a usual request.
const CAPACITY_BYTES: usize = 1024;

impl Head {
    pub(super) fn new<N, V>(target: &str, headers: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: AsRef<[u8]>,
        V: AsRef<[u8]>,
    {
        let mut bytes = Vec::with_capacity(CAPACITY_BYTES);
        bytes.extend_from_slice(target.as_bytes());
        for (name, value) in headers {
            let (name, value) = (name.as_ref(), value.as_ref());
            // No server reads a line of 4 GiB.
            if let (Ok(name_len), Ok(value_len)) =
                (u32::try_from(name.len()), u32::try_from(value.len()))
            {
                let lengths = (u64::from(name_len) << 32) | u64::from(value_len);
                bytes.extend_from_slice(&lengths.to_le_bytes());
                bytes.extend_from_slice(name);
                bytes.extend_from_slice(value);
            }
        }
        let path_len = target.bytes().position(|byte| byte == b'?').unwrap_or(target.len());
        Self { bytes, path_len, target_len: target.len() }
    }

    pub(super) fn path(&self) -> &str {
        text(self.path_bytes())
    }

    pub(super) fn path_bytes(&self) -> &[u8] {
        self.bytes.get(..self.path_len).unwrap_or_default()
    }

    /// What follows the question mark.
    pub(super) fn query(&self) -> Option<&str> {
        self.bytes.get(self.path_len + 1..self.target_len).map(text)
    }

    /// Every header line's name and value, in the order sent.
    pub(super) fn lines(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let mut rest = self.bytes.get(self.target_len..).unwrap_or_default();
        std::iter::from_fn(move || {
            let (lengths, after) = rest.split_first_chunk::<LENGTHS_BYTES>()?;
            let lengths = u64::from_le_bytes(*lengths);
            let name_len = usize::try_from(lengths >> 32).ok()?;
            let value_len = usize::try_from(lengths & u64::from(u32::MAX)).ok()?;
            let (name, after) = after.split_at_checked(name_len)?;
            let (value, after) = after.split_at_checked(value_len)?;
            rest = after;
            Some((name, value))
        })
    }

    /// Every value of a header, in the order sent.
    pub(super) fn values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.lines()
            .filter(move |(other, _)| other.eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, value)| value)
    }
}

/// It was text when it was copied.
fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap_or_default()
}
