//! The first wall: what is known to be empty isn't asked for again at once.

use std::{collections::HashMap, time::Duration};

use parking_lot::RwLock;

use super::budget::{Counted, Key};

/// For how long the core isn't asked again: another process may have given something back.
const LONGEST_MS: i64 = 3_000;

/// How many parts the wall has, so that callers seldom wait for each other.
const PARTS: usize = 16;

/// How many budgets a part remembers; about 100 bytes each.
const MOST_PER_PART: usize = 4_096;

/// Budgets that the core said are empty. It refuses only what the core would refuse, forgets whatever
/// doesn't fit, and lets nobody through by itself.
#[derive(Default)]
pub(super) struct Wall {
    parts: [RwLock<HashMap<Key, Closed>>; PARTS],
}

#[derive(Clone, Copy)]
struct Closed {
    /// Since when, and until when, the core isn't asked.
    since_ms: i64,
    until_ms: i64,
    /// When there is enough for what was wanted.
    opens_at_ms: i64,
    wanted: u32,
}

impl Closed {
    /// A clock that was set back opens it.
    fn holds(&self, now_ms: i64) -> bool {
        (self.since_ms..self.until_ms).contains(&now_ms)
    }
}

impl Wall {
    fn part(&self, key: &Key) -> Option<&RwLock<HashMap<Key, Closed>>> {
        let [first, ..] = key;
        self.parts.get(usize::from(*first) % PARTS)
    }

    /// In how long a budget has enough, where it is known to have too little.
    pub(super) fn retry_after(&self, budget: &Counted, now_ms: i64) -> Option<Duration> {
        let closed = *self.part(&budget.key)?.read().get(&budget.key)?;
        let is_refused = closed.holds(now_ms) && budget.cost >= closed.wanted;
        let wait_ms = closed.opens_at_ms.saturating_sub(now_ms).max(1);
        is_refused.then(|| Duration::from_millis(wait_ms.unsigned_abs()))
    }

    /// Notes that a budget has too little.
    pub(super) fn close(&self, budget: &Counted, retry_after: Duration, now_ms: i64) {
        let wait_ms = i64::try_from(retry_after.as_millis()).unwrap_or(i64::MAX);
        let closed = Closed {
            since_ms: now_ms,
            until_ms: now_ms.saturating_add(wait_ms.min(LONGEST_MS)),
            opens_at_ms: now_ms.saturating_add(wait_ms),
            wanted: budget.cost,
        };
        let Some(part) = self.part(&budget.key) else { return };
        let mut part = part.write();
        if part.len() >= MOST_PER_PART && !part.contains_key(&budget.key) {
            part.retain(|_, closed| closed.holds(now_ms));
            if part.len() >= MOST_PER_PART {
                return;
            }
        }
        part.insert(budget.key, closed);
    }

    /// Forgets what is known of a budget: something was given back.
    pub(super) fn open(&self, budget: &Counted) {
        let Some(part) = self.part(&budget.key) else { return };
        if part.read().contains_key(&budget.key) {
            part.write().remove(&budget.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use auth_protocol::TenantId;

    use super::*;
    use crate::limits::{Budget, Rate};

    fn budget(subject: &str) -> Counted {
        let rate = Rate::new(10, Duration::from_secs(60));
        Budget::new("signIn/address", subject, rate).of_tenant(&TenantId::default())
    }

    #[test]
    fn it_stands_for_seconds_at_most_and_not_for_another_time() {
        let (wall, home) = (Wall::default(), budget("home"));
        wall.close(&home, Duration::from_secs(60), 10_000);
        assert_eq!(wall.retry_after(&home, 12_000), Some(Duration::from_secs(58)));
        assert_eq!(wall.retry_after(&budget("work"), 12_000), None);
        for now_ms in [9_999, 13_000, i64::MIN, i64::MAX] {
            assert_eq!(wall.retry_after(&home, now_ms), None, "{now_ms}");
        }
        wall.close(&home, Duration::from_millis(500), 10_000);
        assert!(wall.retry_after(&home, 10_499).is_some());
        assert_eq!(wall.retry_after(&home, 10_500), None);
        wall.open(&home);
        assert_eq!(wall.retry_after(&home, 10_499), None);
    }

    #[test]
    fn who_wants_less_is_not_refused_for_who_wanted_more() {
        let wall = Wall::default();
        let costly = Counted { cost: 5, ..budget("home") };
        wall.close(&costly, Duration::from_secs(60), 0);
        assert!(wall.retry_after(&costly, 0).is_some());
        assert_eq!(wall.retry_after(&budget("home"), 0), None);
    }

    #[test]
    fn its_size_is_bounded_whoever_comes() {
        let wall = Wall::default();
        for number in 0..2 * PARTS * MOST_PER_PART {
            wall.close(&budget(&number.to_string()), Duration::from_secs(60), 0);
        }
        let size = || wall.parts.iter().map(|part| part.read().len()).sum::<usize>();
        assert_eq!(size(), PARTS * MOST_PER_PART);
        // What says nothing any more makes room.
        let (last, now_ms) = (budget("last"), LONGEST_MS);
        wall.close(&last, Duration::from_secs(60), now_ms);
        assert!(wall.retry_after(&last, now_ms).is_some());
        assert!(size() <= (PARTS - 1) * MOST_PER_PART + 1);
    }
}
