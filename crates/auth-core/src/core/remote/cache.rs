//! What was read from the core while one request is served.

use std::{collections::HashMap, fmt};

use bytes::Bytes;
use parking_lot::Mutex;

/// Answers to reads, by path and query. A request that writes forgets them all.
#[derive(Default)]
pub(crate) struct CallCache(Mutex<HashMap<String, Bytes>>);

impl CallCache {
    pub(super) fn get(&self, target: &str) -> Option<Bytes> {
        self.0.lock().get(target).cloned()
    }

    pub(super) fn put(&self, target: String, body: Bytes) {
        self.0.lock().insert(target, body);
    }

    pub(super) fn clear(&self) {
        self.0.lock().clear();
    }
}

impl fmt::Debug for CallCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CallCache({})", self.0.lock().len())
    }
}
