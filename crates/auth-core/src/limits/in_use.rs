//! The limits of a handle, and how the core is asked.

use std::{
    sync::atomic::{AtomicBool, AtomicI64, Ordering},
    time::Duration,
};

use auth_protocol::{
    TenantId,
    limits::{RestoreBudgets, TakeFromBudgets, TakeFromBudgetsResponse},
};

use super::{
    Account, Attempt, AttemptInfo, Budget, Limits, address,
    attempt::Medium,
    budget::{Counted, Key},
    local::LocalBudgets,
    wall::Wall,
};
use crate::{ConfigError, Context, Error, Result};

/// For how long a core that keeps no budgets isn't asked again.
const CORE_IS_WITHOUT_MS: i64 = 60_000;

/// The limits of a handle.
pub(crate) struct LimitsInUse {
    pub(super) settings: Limits,
    wall: Wall,
    local: LocalBudgets,
    /// Until when the core isn't asked, as it keeps no budgets.
    core_is_without_until_ms: AtomicI64,
    is_told: AtomicBool,
}

/// What was taken.
#[derive(Default)]
pub(super) struct Taken {
    pub(super) budgets: Vec<Counted>,
    pub(super) at_ms: i64,
    /// How much is left of each.
    pub(super) left: Vec<u32>,
}

impl LimitsInUse {
    pub(crate) fn new(settings: Limits) -> Result<Self, ConfigError> {
        settings.check()?;
        Ok(Self {
            settings,
            wall: Wall::default(),
            local: LocalBudgets::default(),
            core_is_without_until_ms: AtomicI64::new(i64::MIN),
            is_told: AtomicBool::new(false),
        })
    }

    /// The budgets that an attempt is taken from.
    pub(super) async fn budgets(
        &self,
        cx: &Context,
        tenant_id: &TenantId,
        attempt: &Attempt,
        known_device: Option<&str>,
    ) -> Result<Vec<Counted>> {
        let address = cx.client_address();
        let counted_address =
            address::subject(address, self.settings.ipv6_prefix, self.settings.is_loopback_counted);
        let counted_address = counted_address.as_deref();
        let default_budgets = self.default_budgets(attempt, counted_address, known_device);
        let budgets = match &self.settings.policy {
            None => default_budgets,
            Some(policy) => {
                let info = AttemptInfo {
                    action: attempt.action,
                    tenant_id,
                    account: attempt.account.as_ref(),
                    address,
                    counted_address,
                    known_device,
                    default_budgets,
                };
                policy.budgets(cx, info).await?
            }
        };
        let mut keys: Vec<Key> = Vec::new();
        let mut counted: Vec<Counted> =
            budgets.into_iter().map(|budget| budget.of_tenant(tenant_id)).collect();
        counted.retain(|budget| {
            let is_new = !keys.contains(&budget.key);
            keys.push(budget.key);
            is_new
        });
        Ok(counted)
    }

    fn default_budgets(
        &self,
        attempt: &Attempt,
        address: Option<&str>,
        known_device: Option<&str>,
    ) -> Vec<Budget> {
        let limits = self.settings.of(attempt.action);
        let action = attempt.action.as_str();
        let of_account = |account: &Account| format!("{} {}", account.kind, account.value);
        let account = attempt.account.as_ref().map(of_account);
        if let (Some(rate), Some(device), Some(account)) = (limits.device, known_device, &account) {
            let subject = format!("{device} {account}");
            return vec![
                Budget::new(format!("{action}/device"), subject, rate).filled_by_success(),
            ];
        }
        let mut budgets = Vec::with_capacity(4);
        if let (Some(rate), Some(account)) = (limits.account, &account) {
            budgets.push(Budget::new(format!("{action}/account"), account.clone(), rate));
        }
        if let (Some(rate), Some(address)) = (limits.address, address) {
            budgets.push(Budget::new(format!("{action}/address"), address, rate));
        }
        if let (Some(rate), Some(address), Some(account)) = (limits.pair, address, &account) {
            let subject = format!("{address} {account}");
            budgets.push(Budget::new(format!("{action}/pair"), subject, rate).filled_by_success());
        }
        let in_all = match attempt.sends {
            None => None,
            Some(Medium::Mail) => self.settings.mails.map(|rate| ("mails/all", rate)),
            Some(Medium::Message) => self.settings.messages.map(|rate| ("messages/all", rate)),
        };
        budgets.extend(in_all.map(|(name, rate)| Budget::new(name, "all", rate)));
        budgets
    }

    /// Takes from all budgets or from none.
    ///
    /// # Errors
    /// [`Error::LimitReached`] where one has too little; [`Error::Core`] where the core can't say.
    pub(super) async fn take(
        &self,
        cx: &Context,
        tenant_id: &TenantId,
        budgets: Vec<Counted>,
    ) -> Result<Taken> {
        let now_ms = cx.core().now_ms();
        let known = budgets.iter().filter_map(|budget| self.wall.retry_after(budget, now_ms)).max();
        if let Some(retry_after) = known {
            return Err(Error::LimitReached { retry_after });
        }
        let (at_ms, taken) = if self.core_is_without(now_ms) {
            (now_ms, self.local.take(&budgets, now_ms))
        } else {
            let operation =
                TakeFromBudgets { budgets: budgets.iter().map(Counted::to_take).collect() };
            match cx.core().call(tenant_id, operation).await {
                Ok(TakeFromBudgetsResponse::Ok { taken_at_ms, left }) => (taken_at_ms, Ok(left)),
                Ok(TakeFromBudgetsResponse::LimitReachedError { retry_after_ms }) => {
                    let wait = |ms: i64| Duration::from_millis(ms.max(0).unsigned_abs());
                    (now_ms, Err(retry_after_ms.into_iter().map(wait).collect()))
                }
                Err(error) if error.is_unknown_operation() => {
                    self.note_core_is_without(now_ms);
                    (now_ms, self.local.take(&budgets, now_ms))
                }
                Err(error) => return Err(error.into()),
            }
        };
        match taken {
            Ok(left) => Ok(Taken { budgets, at_ms, left }),
            Err(waits) => {
                let waits: Vec<Duration> = waits;
                for (budget, wait) in budgets.iter().zip(&waits) {
                    if !wait.is_zero() {
                        self.wall.close(budget, *wait, now_ms);
                    }
                }
                let retry_after = waits.into_iter().max().unwrap_or_default();
                Err(Error::LimitReached { retry_after })
            }
        }
    }

    /// Gives back what was taken; with success, fills the budgets that it fills.
    pub(super) async fn restore(
        &self,
        cx: &Context,
        tenant_id: &TenantId,
        taken: &Taken,
        is_success: bool,
    ) -> Result<()> {
        let Taken { budgets, at_ms, .. } = taken;
        if budgets.is_empty() {
            return Ok(());
        }
        let now_ms = cx.core().now_ms();
        let taken_at_ms =
            |budget: &Counted| (!(is_success && budget.is_filled_by_success)).then_some(*at_ms);
        if self.core_is_without(now_ms) {
            for budget in budgets {
                self.local.restore(budget, taken_at_ms(budget), now_ms);
            }
        } else {
            let budgets = budgets.iter().map(|it| it.to_restore(taken_at_ms(it))).collect();
            cx.core().call(tenant_id, RestoreBudgets { budgets }).await?;
        }
        for budget in budgets {
            self.wall.open(budget);
        }
        Ok(())
    }

    fn core_is_without(&self, now_ms: i64) -> bool {
        let until_ms = self.core_is_without_until_ms.load(Ordering::Relaxed);
        (until_ms.saturating_sub(CORE_IS_WITHOUT_MS)..until_ms).contains(&now_ms)
    }

    fn note_core_is_without(&self, now_ms: i64) {
        let until_ms = now_ms.saturating_add(CORE_IS_WITHOUT_MS);
        self.core_is_without_until_ms.store(until_ms, Ordering::Relaxed);
        if !self.is_told.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "the core keeps no budgets: each process of this application limits by itself"
            );
        }
    }
}
