//! Budgets in this process, for a core that keeps none.

use std::{cmp::Ordering, collections::HashMap, time::Duration};

use parking_lot::Mutex;

use super::budget::{Counted, Key};

/// How many budgets are remembered.
const MOST: usize = 65_536;

/// When each budget is full again. Of more than fit, those that are fullest are forgotten.
#[derive(Default)]
pub(super) struct LocalBudgets(Mutex<HashMap<Key, i64>>);

impl LocalBudgets {
    /// Takes from all budgets and says what is left of each; or from none, and says how long each
    /// lacks what was wanted.
    pub(super) fn take(&self, budgets: &[Counted], now_ms: i64) -> Result<Vec<u32>, Vec<Duration>> {
        let mut full_at = self.0.lock();
        let known = |full_at: &HashMap<Key, i64>, budget: &Counted| {
            budget.rate.take(full_at.get(&budget.key).copied(), budget.cost, now_ms)
        };
        let empty = budgets.iter().map(|budget| known(&full_at, budget).err()).collect::<Vec<_>>();
        if empty.iter().any(Option::is_some) {
            for (budget, empty) in budgets.iter().zip(&empty) {
                if let Some(right_ms) = empty.and_then(|empty| empty.put_right_ms) {
                    full_at.insert(budget.key, right_ms);
                }
            }
            let waits = empty.into_iter().map(|it| it.map_or(Duration::ZERO, |it| it.retry_after));
            return Err(waits.collect());
        }
        let mut left = Vec::with_capacity(budgets.len());
        for budget in budgets {
            if let Ok(taken) = known(&full_at, budget) {
                full_at.insert(budget.key, taken.full_at_ms);
                left.push(taken.left);
            }
        }
        if full_at.len() > MOST {
            make_room(&mut full_at, now_ms);
        }
        Ok(left)
    }

    /// Gives back what was taken at a time, or, without one, fills the budget.
    pub(super) fn restore(&self, budget: &Counted, taken_at_ms: Option<i64>, now_ms: i64) {
        let mut full_at = self.0.lock();
        match taken_at_ms {
            None => drop(full_at.remove(&budget.key)),
            Some(then_ms) => {
                if let Some(full_at_ms) = full_at.get_mut(&budget.key) {
                    let by_ms = budget.rate.give_back_ms(then_ms, budget.cost, now_ms);
                    *full_at_ms = full_at_ms.saturating_sub(by_ms);
                }
            }
        }
    }
}

/// Forgets a quarter: those that are full, then those that will be soonest.
fn make_room(full_at: &mut HashMap<Key, i64>, now_ms: i64) {
    full_at.retain(|_, full_at_ms| *full_at_ms > now_ms);
    let most = MOST / 4 * 3;
    let surplus = full_at.len().saturating_sub(most);
    if surplus == 0 {
        return;
    }
    let mut times: Vec<i64> = full_at.values().copied().collect();
    let nth = surplus.min(times.len().saturating_sub(1));
    let last = *times.select_nth_unstable(nth).1;
    // Of those that are alike as many as must.
    let mut alike = surplus.saturating_sub(full_at.values().filter(|it| **it < last).count());
    full_at.retain(|_, full_at_ms| match (*full_at_ms).cmp(&last) {
        Ordering::Less => false,
        Ordering::Equal if alike > 0 => {
            alike -= 1;
            false
        }
        Ordering::Equal | Ordering::Greater => true,
    });
}

#[cfg(test)]
mod tests {
    use auth_protocol::TenantId;

    use super::*;
    use crate::limits::{Budget, Rate};

    fn budget(name: &'static str, subject: &str, most: u32) -> Counted {
        let rate = Rate::new(most, Duration::from_secs(60));
        Budget::new(name, subject, rate).of_tenant(&TenantId::default())
    }

    #[test]
    fn it_is_taken_from_all_or_none_and_given_back() {
        let budgets = LocalBudgets::default();
        let both = [budget("a", "ada", 5), budget("b", "ada", 1)];
        assert_eq!(budgets.take(&both, 0), Ok(vec![4, 0]));
        for _ in 0..5 {
            let waits = vec![Duration::ZERO, Duration::from_secs(60)];
            assert_eq!(budgets.take(&both, 0), Err(waits));
        }
        assert_eq!(budgets.take(&both[..1], 0), Ok(vec![3]));
        budgets.restore(&both[1], None, 0);
        budgets.restore(&both[0], Some(0), 0);
        assert_eq!(budgets.take(&both, 0), Ok(vec![3, 0]));
    }

    #[test]
    fn its_size_is_bounded_and_the_emptiest_stay() {
        let budgets = LocalBudgets::default();
        let guessed = budget("a", "ada", 5);
        for left in (0..5).rev() {
            assert_eq!(budgets.take(std::slice::from_ref(&guessed), 0), Ok(vec![left]));
        }
        for number in 0..2 * MOST {
            budgets.take(&[budget("a", &number.to_string(), 5)], 0).unwrap();
            assert!(budgets.0.lock().len() <= MOST);
        }
        assert!(budgets.take(&[guessed], 0).is_err());
    }
}
