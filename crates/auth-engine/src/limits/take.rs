//! `POST /recipe/limits/take` (extension)

use std::{collections::BTreeMap, time::Duration};

use auth_protocol::{
    TenantScope,
    audit::{AuditKind, AuditOutcome},
    limits::{BudgetToTake, Rate, TakeFromBudgets, TakeFromBudgetsResponse as Response},
};

use super::Budget;
use crate::{
    Engine, EngineError, Handle, audit::Event, clock::saturating_ms, storage::in_tx, tenancy,
};

/// What may stand in a budget's name beside letters and digits.
const PUNCTUATION: &[u8] = b"._/-";
const LONGEST_NAME: usize = 48;
const LONGEST_SUBJECT: usize = 512;
const LARGEST: u32 = 1_000_000;
const LONGEST_INTERVAL: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// How much is taken from a budget, and where it was named.
#[derive(Clone, Copy)]
struct Wanted {
    rate: Rate,
    count: u32,
    position: usize,
}

impl Handle<TakeFromBudgets> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: TakeFromBudgets,
    ) -> Result<Response, EngineError> {
        // In one order, whoever takes: of two that have a budget each, none waits for the other's.
        let mut wanted = BTreeMap::new();
        for (position, budget) in operation.budgets.into_iter().enumerate() {
            let BudgetToTake { name, subject, most, refill_interval_ms, cost } = budget;
            let rate = checked_rate(most, refill_interval_ms, cost)?;
            let wants = Wanted { rate, count: cost, position };
            if wanted.insert(checked(name, &subject)?, wants).is_some() {
                return Err(bad("each budget may be named once"));
            }
        }
        check_count(wanted.len())?;
        let now_ms = Rate::within_bounds(self.clock().now_ms());
        let audit = self.audit();
        let body = in_tx!(scope, wanted, audit, |tx| {
            let mut taken = Vec::with_capacity(wanted.len());
            let mut left = vec![0; wanted.len()];
            let mut waits = vec![0; wanted.len()];
            let (mut is_refused, mut events) = (false, Vec::new());
            for (budget, Wanted { rate, count, position }) in &wanted {
                let (rate, count) = (*rate, *count);
                let empty = if is_refused {
                    let full_at_ms = budget.full_at_ms(tx, &scope).await?;
                    rate.take(full_at_ms, count, now_ms).err()
                } else {
                    match budget.take(tx, &scope, rate, count, now_ms).await? {
                        Ok(now) => {
                            set(&mut left, *position, now.left);
                            taken.push((budget, rate.refill_ms(count)));
                            None
                        }
                        Err(empty) => Some(empty),
                    }
                };
                let Some(empty) = empty else { continue };
                is_refused = true;
                // Once for each time that it is empty, and not for each who comes meanwhile.
                if audit.is_on() && budget.is_first_refusal(tx, &scope).await? {
                    let event = Event::new(AuditKind::LimitReached, AuditOutcome::Refused);
                    events.push(event.fact("budget", budget.name()));
                }
                set(&mut waits, *position, saturating_ms(empty.retry_after).max(1));
                for (budget, by_ms) in taken.drain(..) {
                    budget.give_back(tx, &scope, by_ms).await?;
                }
            }
            audit.append_all(tx, &scope, events).await?;
            Ok(match is_refused {
                true => Response::LimitReachedError { retry_after_ms: waits },
                false => Response::Ok { taken_at_ms: now_ms, left },
            })
        });
        tenancy::of_known_tenant(scope, self.store().write(body).await)
    }
}

fn set<T>(list: &mut [T], position: usize, value: T) {
    if let Some(place) = list.get_mut(position) {
        *place = value;
    }
}

pub(super) fn check_count(count: usize) -> Result<(), EngineError> {
    match count {
        1..=TakeFromBudgets::MOST => Ok(()),
        _ => Err(bad(format!("from 1 to {} budgets may be named", TakeFromBudgets::MOST))),
    }
}

pub(super) fn checked(name: String, subject: &str) -> Result<Budget, EngineError> {
    let is_written = |byte: u8| byte.is_ascii_alphanumeric() || PUNCTUATION.contains(&byte);
    if !(1..=LONGEST_NAME).contains(&name.len()) || !name.bytes().all(is_written) {
        return Err(bad(format!("a budget's name has 1 to {LONGEST_NAME} letters, digits, ._/-")));
    }
    if !(1..=LONGEST_SUBJECT).contains(&subject.len()) {
        return Err(bad(format!("a budget's subject has 1 to {LONGEST_SUBJECT} bytes")));
    }
    Ok(Budget::new(name, subject))
}

pub(super) fn checked_rate(most: u32, interval_ms: u64, cost: u32) -> Result<Rate, EngineError> {
    if !(1..=LARGEST).contains(&most) {
        return Err(bad(format!("most must be from 1 to {LARGEST}")));
    }
    let interval = Duration::from_millis(interval_ms);
    if interval.is_zero() || interval > LONGEST_INTERVAL {
        return Err(bad("refillIntervalMs must be from 1 to the milliseconds of a year"));
    }
    if !(1..=most).contains(&cost) {
        return Err(bad("cost must be from 1 to most"));
    }
    Ok(Rate::new(most, interval))
}

pub(super) fn bad(text: impl Into<String>) -> EngineError {
    EngineError::BadRequest(text.into())
}
