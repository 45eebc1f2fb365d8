//! How long sessions live.

use crate::{Engine, clock::saturating_ms};

/// A time, and what it means to sessions.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_field_names, reason = "each names its unit")]
pub(super) struct Moment {
    pub(super) now_ms: i64,
    refresh_validity_ms: i64,
    /// How old a session may become, however often it is refreshed.
    absolute_ms: Option<i64>,
}

impl Moment {
    /// The current time.
    pub(super) fn now(engine: &Engine) -> Self {
        let config = engine.config();
        Self {
            now_ms: engine.clock().now_ms(),
            refresh_validity_ms: saturating_ms(config.refresh_token_validity),
            absolute_ms: config.session_absolute_lifetime.map(saturating_ms),
        }
    }

    /// When a session ends that was started at a time and is refreshed now.
    pub(super) fn end_of(self, created_at_ms: i64) -> i64 {
        let end_ms = self.now_ms.saturating_add(self.refresh_validity_ms);
        self.capped(end_ms, created_at_ms)
    }

    /// A time, or the end of a session that was started at a time where that comes first.
    pub(super) fn capped(self, time_ms: i64, created_at_ms: i64) -> i64 {
        let end_ms = self.absolute_ms.map(|absolute| created_at_ms.saturating_add(absolute));
        end_ms.map_or(time_ms, |end_ms| end_ms.min(time_ms))
    }

    /// Whether a session that was started at a time may still be used.
    pub(super) fn is_young_enough(self, created_at_ms: i64) -> bool {
        created_at_ms >= self.oldest_start_ms()
    }

    /// When the oldest session was started that may still be used.
    pub(super) fn oldest_start_ms(self) -> i64 {
        self.absolute_ms.map_or(i64::MIN, |absolute| self.now_ms.saturating_sub(absolute))
    }
}
