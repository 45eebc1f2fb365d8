//! The elements of a list in a header line, from its end.

/// The longest element that is looked at; an address needs 53 bytes, the rest is for the other
/// parameters of `Forwarded`.
const MAX_ELEMENT_BYTES: usize = 512;

/// The elements of a header line from the last to the first, without white space around them; `None`
/// in the place of one that is too long, after which there are no more.
///
/// It begins at the end because what stands there was written by the nearest proxy. Read from the
/// front, a quotation mark that a client leaves open would swallow what proxies append.
pub(super) struct Elements<'l> {
    rest: Option<&'l [u8]>,
    is_quoted: bool,
}

impl<'l> Elements<'l> {
    /// `is_quoted` says whether a comma within quotation marks is none (RFC 9110 section 5.6.4).
    pub(super) fn new(line: &'l [u8], is_quoted: bool) -> Self {
        Self { rest: Some(line), is_quoted }
    }
}

impl<'l> Iterator for Elements<'l> {
    type Item = Option<&'l [u8]>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest.take()?;
        let mut in_quotes = false;
        for (position, byte) in rest.iter().enumerate().rev().take(MAX_ELEMENT_BYTES) {
            match byte {
                b',' if !in_quotes => {
                    self.rest = rest.get(..position);
                    return Some(rest.get(position + 1..).map(<[u8]>::trim_ascii));
                }
                b'"' if self.is_quoted && !(in_quotes && is_escaped(rest, position)) => {
                    in_quotes = !in_quotes;
                }
                _ => {}
            }
        }
        Some((rest.len() <= MAX_ELEMENT_BYTES).then(|| rest.trim_ascii()))
    }
}

/// Whether an odd number of backslashes stands before a byte.
fn is_escaped(line: &[u8], position: usize) -> bool {
    let before = line.get(..position).unwrap_or_default();
    let backslashes = before.iter().rev().take_while(|byte| **byte == b'\\');
    backslashes.take(MAX_ELEMENT_BYTES).count() % 2 == 1
}
