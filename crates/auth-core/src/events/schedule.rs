//! When a delivery that failed is tried again.

use std::time::Duration;

const fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

/// The waits that Standard Webhooks proposes: three days in all.
const WAITS: [Duration; 9] = [
    Duration::from_secs(5),
    minutes(5),
    minutes(30),
    minutes(2 * 60),
    minutes(5 * 60),
    minutes(10 * 60),
    minutes(14 * 60),
    minutes(20 * 60),
    minutes(24 * 60),
];

/// By how much a wait may be longer, so that what failed together doesn't come back together.
const JITTER: f64 = 0.2;

/// The waits before each further try of one event. After the last one the event is given up.
#[derive(Clone, Debug)]
pub struct RetrySchedule(Vec<Duration>);

impl Default for RetrySchedule {
    fn default() -> Self {
        Self(WAITS.to_vec())
    }
}

impl RetrySchedule {
    /// A schedule of one's own; each wait becomes up to a fifth longer.
    pub fn new(waits: impl IntoIterator<Item = Duration>) -> Self {
        Self(waits.into_iter().collect())
    }

    /// How long to wait after so many tries that failed; `None` where there is no further one.
    pub(super) fn wait_after(&self, tries: usize) -> Option<Duration> {
        let wait = self.0.get(tries.checked_sub(1)?)?;
        Some(wait.mul_f64(rand::random_range(1.0..=1.0 + JITTER)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_become_longer_and_end_after_three_days() {
        let schedule = RetrySchedule::default();
        let waits: Vec<Duration> = (1..=9).map(|it| schedule.wait_after(it).unwrap()).collect();
        assert!(waits.is_sorted(), "{waits:?}");
        let days = waits.iter().sum::<Duration>().as_secs_f64() / 86_400.0;
        assert!((3.0..4.0).contains(&days), "{days}");
        assert_eq!(schedule.wait_after(10), None);
        assert_eq!(RetrySchedule::new([]).wait_after(1), None);
    }
}
