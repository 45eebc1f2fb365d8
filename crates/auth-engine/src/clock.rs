//! The time, and a time that tests can set.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Where the engine reads the time. Clones share it.
///
/// ```
/// use std::time::Duration;
/// use auth_engine::Clock;
///
/// let clock = Clock::manual(1_000);
/// clock.advance(Duration::from_secs(2));
/// assert_eq!(clock.now_ms(), 3_000);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Clock {
    manual: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands still at `start_ms` (milliseconds since the epoch) until it is moved.
    pub fn manual(start_ms: i64) -> Self {
        Self { manual: Some(Arc::new(AtomicI64::new(start_ms))) }
    }

    /// The time, in milliseconds since the epoch.
    pub fn now_ms(&self) -> i64 {
        match &self.manual {
            Some(now) => now.load(Ordering::SeqCst),
            None => SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, saturating_ms),
        }
    }

    /// Moves a manual clock forward. The system's clock is not moved.
    pub fn advance(&self, by: Duration) {
        if let Some(now) = &self.manual {
            now.fetch_add(saturating_ms(by), Ordering::SeqCst);
        }
    }

    /// Sets a manual clock, in milliseconds since the epoch. The system's clock is not set.
    pub fn set(&self, now_ms: i64) {
        if let Some(now) = &self.manual {
            now.store(now_ms, Ordering::SeqCst);
        }
    }
}

/// A duration in whole milliseconds.
pub(crate) fn saturating_ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
