//! How a budget refills: the generic cell rate algorithm, without I/O.

use std::time::Duration;

/// Times and sums of times stay below half of what their type holds, so that none overflows.
const LATEST_MS: i64 = i64::MAX / 4;

/// By how much clocks of processes may differ, and a clock may be set back, before a time that can't
/// be is put right.
const SLACK_MS: i64 = 5 * 60 * 1000;

/// How much there is at once, and how long it takes until one is there again.
///
/// Of a budget one number is kept: the time at which the whole of it is there. Taking moves it on by
/// the interval, and it can't be moved further than the whole budget ahead. So in any time `t` no more
/// is given than `most + t / interval`, whichever instants are looked at: there are no windows at
/// whose edge twice as much is to be had.
///
/// ```
/// use std::time::Duration;
/// use auth_protocol::limits::Rate;
///
/// let rate = Rate::new(2, Duration::from_secs(60));
/// let first = rate.take(None, 1, 0).unwrap();
/// let second = rate.take(Some(first.full_at_ms), 1, 0).unwrap();
/// assert_eq!((first.left, second.left), (1, 0));
/// let empty = rate.take(Some(second.full_at_ms), 1, 15_000).unwrap_err();
/// assert_eq!(empty.retry_after, Duration::from_secs(45));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rate {
    most: u32,
    interval_ms: i64,
}

/// What was taken from a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// When the whole budget will be there again, in milliseconds since the epoch.
    pub full_at_ms: i64,
    /// How much is left.
    pub left: u32,
}

/// A budget that has less than was wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Empty {
    /// In how long it has as much.
    pub retry_after: Duration,
    /// The time to keep in place of the one that was read, which can't be: a clock was set back, or the
    /// budget was larger once.
    pub put_right_ms: Option<i64>,
}

impl Rate {
    /// At most `most` at once, and one more each `interval`. There is at least one, and it takes at
    /// least a millisecond.
    pub fn new(most: u32, interval: Duration) -> Self {
        let most = most.max(1);
        let longest_ms = LATEST_MS / i64::from(most);
        let interval_ms = i64::try_from(interval.as_millis()).unwrap_or(i64::MAX);
        Self { most, interval_ms: interval_ms.clamp(1, longest_ms) }
    }

    /// How much there is at once.
    pub fn most(self) -> u32 {
        self.most
    }

    /// How long it takes until one is there again.
    pub fn interval(self) -> Duration {
        Duration::from_millis(self.interval_ms.unsigned_abs())
    }

    /// How long it takes until so many are there again, in milliseconds.
    pub fn refill_ms(self, count: u32) -> i64 {
        self.interval_ms.saturating_mul(i64::from(count.min(self.most)))
    }

    /// A time as budgets reckon with it: none before the epoch, none in the last of days.
    pub fn within_bounds(now_ms: i64) -> i64 {
        now_ms.clamp(0, LATEST_MS)
    }

    /// The latest time to be full at from which `count` can be taken; `None` where it is more than
    /// there ever is.
    pub fn latest_to_take(self, count: u32, now_ms: i64) -> Option<i64> {
        let rest = self.most.checked_sub(count)?;
        Some(Self::within_bounds(now_ms) + self.refill_ms(rest))
    }

    /// How much there is of a budget that is full at a time; `None` where nothing was taken.
    pub fn left(self, full_at_ms: Option<i64>, now_ms: i64) -> u32 {
        let now_ms = Self::within_bounds(now_ms);
        let debt_ms = full_at_ms.unwrap_or(0).saturating_sub(now_ms).max(0);
        let taken = debt_ms.unsigned_abs().div_ceil(self.interval_ms.unsigned_abs());
        self.most.saturating_sub(u32::try_from(taken).unwrap_or(u32::MAX))
    }

    /// Takes from a budget that is full at a time; `None` where nothing was taken before.
    ///
    /// # Errors
    /// [`Empty`] where there is less.
    pub fn take(self, full_at_ms: Option<i64>, count: u32, now_ms: i64) -> Result<Taken, Empty> {
        let now_ms = Self::within_bounds(now_ms);
        let before_ms = full_at_ms.unwrap_or(0).max(now_ms);
        if self.latest_to_take(count, now_ms).is_none_or(|latest_ms| before_ms > latest_ms) {
            return Err(self.empty(before_ms, count, now_ms));
        }
        let full_at_ms = before_ms + self.refill_ms(count);
        Ok(Taken { full_at_ms, left: self.left(Some(full_at_ms), now_ms) })
    }

    /// What is said of a budget that is full at a time and has less than was wanted.
    pub fn empty(self, full_at_ms: i64, count: u32, now_ms: i64) -> Empty {
        let now_ms = Self::within_bounds(now_ms);
        let all_taken_ms = now_ms + self.refill_ms(self.most);
        let can_not_be = full_at_ms > all_taken_ms + self.interval_ms.max(SLACK_MS);
        let full_at_ms = if can_not_be { all_taken_ms } else { full_at_ms };
        let wait_ms = match self.latest_to_take(count, now_ms) {
            Some(latest_ms) => full_at_ms.saturating_sub(latest_ms).max(0),
            None => LATEST_MS,
        };
        Empty {
            retry_after: Duration::from_millis(wait_ms.unsigned_abs()),
            put_right_ms: can_not_be.then_some(all_taken_ms),
        }
    }

    /// By how much the time is moved back when `count` are given back that were taken at `taken_at_ms`.
    ///
    /// As long as they were away the budget was refilled for them, too, unless it wasn't full even
    /// without: who can't know which gives back less by that time, so that nothing is given twice.
    pub fn give_back_ms(self, taken_at_ms: i64, count: u32, now_ms: i64) -> i64 {
        let away_ms = Self::within_bounds(now_ms).abs_diff(Self::within_bounds(taken_at_ms));
        let away_ms = i64::try_from(away_ms).unwrap_or(i64::MAX);
        self.refill_ms(count).saturating_sub(away_ms).max(0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    #[derive(Clone, Debug)]
    enum Step {
        Wait(i64),
        Take(u32),
        /// Gives the nth of those back that were taken.
        GiveBack(usize),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            3 => (0..4_000_i64).prop_map(Step::Wait),
            5 => (1..4_u32).prop_map(Step::Take),
            2 => (0..8_usize).prop_map(Step::GiveBack),
        ]
    }

    proptest! {
        #[test]
        fn in_no_time_is_more_given_than_there_is_and_comes_back(
            most in 1..12_u32,
            interval_ms in 1..2_000_u64,
            start_ms in prop_oneof![Just(0_i64), Just(1_767_225_600_000), Just(i64::MAX)],
            steps in vec(step(), 1..80),
        ) {
            let rate = Rate::new(most, Duration::from_millis(interval_ms));
            let (mut elapsed_ms, mut full_at_ms) = (0_i64, None);
            // When, and how much; those given back are gone.
            let mut kept: Vec<(i64, u32)> = Vec::new();
            for step in steps {
                let now_ms = Rate::within_bounds(start_ms).saturating_add(elapsed_ms);
                let now_ms = if start_ms == i64::MAX { start_ms } else { now_ms };
                match step {
                    Step::Wait(by_ms) => elapsed_ms += by_ms,
                    Step::Take(count) => match rate.take(full_at_ms, count, now_ms) {
                        Ok(taken) => {
                            full_at_ms = Some(taken.full_at_ms);
                            kept.push((Rate::within_bounds(now_ms), count));
                        }
                        Err(empty) => {
                            prop_assert_eq!(empty.put_right_ms, None);
                            let wait_ms = i64::try_from(empty.retry_after.as_millis()).unwrap();
                            if count <= most && start_ms != i64::MAX {
                                prop_assert!(wait_ms > 0);
                                prop_assert!(rate.take(full_at_ms, count, now_ms + wait_ms).is_ok());
                                prop_assert!(
                                    rate.take(full_at_ms, count, now_ms + wait_ms - 1).is_err()
                                );
                            }
                        }
                    },
                    Step::GiveBack(which) if which < kept.len() => {
                        let (taken_at_ms, count) = kept.remove(which);
                        let by_ms = rate.give_back_ms(taken_at_ms, count, now_ms);
                        full_at_ms = full_at_ms.map(|at_ms: i64| at_ms - by_ms);
                    }
                    Step::GiveBack(_) => {}
                }
                for (first, (from_ms, _)) in kept.iter().enumerate() {
                    let mut given = 0;
                    for (at_ms, count) in &kept[first..] {
                        given += u64::from(*count);
                        let refilled = (at_ms - from_ms).unsigned_abs() / interval_ms;
                        prop_assert!(given <= u64::from(most) + refilled, "{:?}", kept);
                    }
                }
            }
        }

        #[test]
        fn whatever_the_numbers_are_nothing_overflows(
            most: u32, interval: u64, full_at_ms: Option<i64>, count: u32, now_ms: i64,
        ) {
            let rate = Rate::new(most, Duration::from_secs(interval));
            prop_assert!(rate.left(full_at_ms, now_ms) <= rate.most());
            match rate.take(full_at_ms, count, now_ms) {
                Ok(taken) => prop_assert!(taken.full_at_ms <= i64::MAX / 2),
                Err(empty) => prop_assert!(empty.put_right_ms.is_none_or(|it| it <= i64::MAX / 2)),
            }
            let by_ms = rate.give_back_ms(full_at_ms.unwrap_or(0), count, now_ms);
            prop_assert!(by_ms >= 0 && by_ms <= rate.refill_ms(count));
        }
    }

    #[test]
    fn a_time_from_a_clock_that_was_ahead_is_put_right_and_gives_nothing() {
        let rate = Rate::new(10, Duration::from_secs(60));
        let day_ms = 24 * 3600 * 1000;
        let empty = rate.take(Some(day_ms), 1, 0).unwrap_err();
        assert_eq!(empty.put_right_ms, Some(600_000));
        assert_eq!(empty.retry_after, Duration::from_secs(60));
        // Other processes' clocks differ by less: that is waited for.
        let empty = rate.take(Some(600_000 + 200_000), 1, 0).unwrap_err();
        assert_eq!(empty.put_right_ms, None);
        assert_eq!(empty.retry_after, Duration::from_secs(260));
    }

    #[test]
    fn more_than_there_ever_is_is_never_given() {
        let rate = Rate::new(3, Duration::from_secs(1));
        assert!(rate.take(None, 3, 0).is_ok());
        let empty = rate.take(None, 4, 0).unwrap_err();
        assert!(empty.retry_after > Duration::from_secs(365 * 24 * 3600));
    }
}
