//! An upload of any length, of which nothing is kept.

use serde_json::json;

use super::{Answer, Probe};

/// An upload on its way. Dropped before its end it counts as aborted.
pub(super) struct Upload {
    probe: Probe,
    bytes: u64,
    checksum: Checksum,
    is_whole: bool,
}

impl Upload {
    pub(super) fn new(probe: Probe) -> Self {
        Self { probe, bytes: 0, checksum: Checksum::default(), is_whole: false }
    }

    pub(super) fn take(&mut self, piece: &[u8]) {
        let length = piece.len() as u64;
        self.bytes += length;
        self.checksum.update(piece);
        self.probe.count_uploaded(length);
    }

    pub(super) fn finish(mut self) -> Answer {
        self.is_whole = true;
        Answer::json(&json!({ "bytes": self.bytes, "checksum": self.checksum.0 }))
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if !self.is_whole {
            self.probe.count_aborted();
        }
    }
}

/// FNV-1a, so that bytes in another order are other bytes.
#[derive(Clone, Copy, Debug)]
struct Checksum(u64);

impl Default for Checksum {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Checksum {
    fn update(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

/// The checksum that an upload of these bytes is answered with.
pub fn checksum(bytes: &[u8]) -> u64 {
    let mut checksum = Checksum::default();
    checksum.update(bytes);
    checksum.0
}
