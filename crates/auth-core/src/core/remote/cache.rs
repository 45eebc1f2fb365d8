//! What was read from the core while one request is served.

use std::{collections::HashMap, fmt};

use bytes::Bytes;
use parking_lot::Mutex;

/// Which read it was. Some share path and query, and differ in the recipe that is asked.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Read {
    pub(super) rid: Option<&'static str>,
    /// Path and query.
    pub(super) target: String,
}

/// Answers to reads. A request that writes forgets them all.
#[derive(Default)]
pub(crate) struct CallCache(Mutex<Answers>);

#[derive(Default)]
struct Answers {
    by_read: HashMap<Read, Bytes>,
    /// How often they were forgotten.
    writes: u64,
}

impl CallCache {
    pub(super) fn get(&self, read: &Read) -> Option<Bytes> {
        self.0.lock().by_read.get(read).cloned()
    }

    /// How many writes there were, to be told when an answer is [put](Self::put).
    pub(super) fn writes(&self) -> u64 {
        self.0.lock().writes
    }

    /// Keeps an answer that was asked for after this many writes, unless there were more since.
    pub(super) fn put(&self, read: Read, body: Bytes, after: u64) {
        let mut answers = self.0.lock();
        if answers.writes == after {
            answers.by_read.insert(read, body);
        }
    }

    /// Forgets everything: there is a write.
    pub(crate) fn clear(&self) {
        let mut answers = self.0.lock();
        answers.by_read.clear();
        answers.writes += 1;
    }
}

impl fmt::Debug for CallCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CallCache({})", self.0.lock().by_read.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipes_that_share_a_path_do_not_share_answers() {
        let of = |rid| Read { rid: Some(rid), target: "/recipe/user?userId=u".to_owned() };
        let cache = CallCache::default();
        cache.put(of("emailpassword"), Bytes::from_static(b"{}"), cache.writes());
        assert!(cache.get(&of("emailpassword")).is_some());
        assert!(cache.get(&of("passwordless")).is_none());
    }
}
