//! How many codes a contact is sent, and how many wrong ones may be typed in for it.
//!
//! Counted by contact, whatever devices and codes it has: a row holds the time at which the whole
//! budget is there again. Taking one moves that time on by the interval after which one comes back,
//! in a single guarded statement, so that of several processes none takes more than there is.

use std::time::Duration;

use auth_protocol::TenantScope;

use super::contact::Contact;
use crate::{
    Engine, EngineError,
    clock::saturating_ms,
    storage::{ToValue, Tx, Value},
};

/// A time that is further away than the whole budget, by more than requests that race may differ, was
/// written before a clock was set back, or under a larger budget: it counts as the whole.
const TAKE: &str = "INSERT INTO passwordless_budgets (app_id, tenant_id, budget, \
    account_info_type, account_info_value, full_at) VALUES ($1, $2, $3, $4, $5, $6) \
    ON CONFLICT (app_id, tenant_id, budget, account_info_type, account_info_value) \
    DO UPDATE SET full_at = CASE WHEN passwordless_budgets.full_at < $7 THEN $6 \
        WHEN passwordless_budgets.full_at > $11 THEN $8 \
        ELSE passwordless_budgets.full_at + $9 END \
    WHERE passwordless_budgets.full_at <= $10 OR passwordless_budgets.full_at > $11";

/// A statement about one budget of one contact; [`Budget::parameters`] begin with what names it.
macro_rules! of_contact {
    ($statement:literal) => {
        concat!(
            $statement,
            " WHERE app_id = $1 AND tenant_id = $2 AND budget = $3 AND account_info_type = $4 \
             AND account_info_value = $5"
        )
    };
}

const FULL_AT: &str = of_contact!("SELECT full_at FROM passwordless_budgets");

const GIVE_BACK: &str = of_contact!("UPDATE passwordless_budgets SET full_at = full_at - $6");

const FILL: &str = of_contact!("DELETE FROM passwordless_budgets");

/// One of a contact's two budgets, at a time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    name: &'static str,
    most: u32,
    interval_ms: i64,
    now_ms: i64,
}

impl Budget {
    /// The codes that a contact is sent.
    pub(super) fn of_sent_codes(engine: &Engine) -> Self {
        let config = engine.config();
        let most = config.passwordless_max_codes_per_contact;
        Self::new(engine, "sent", most, config.passwordless_code_refill_interval)
    }

    /// The wrong codes that are typed in for a contact.
    pub(super) fn of_wrong_codes(engine: &Engine) -> Self {
        let config = engine.config();
        let most = config.passwordless_max_wrong_codes_per_contact;
        Self::new(engine, "wrong", most, config.passwordless_wrong_code_refill_interval)
    }

    fn new(engine: &Engine, name: &'static str, most: u32, interval: Duration) -> Self {
        Self { name, most, interval_ms: saturating_ms(interval), now_ms: engine.clock().now_ms() }
    }

    /// The time, in milliseconds since the epoch.
    pub(super) fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// The time at which the budget is there again after `taken` were taken at once.
    fn full_after(&self, taken: u32) -> i64 {
        self.now_ms.saturating_add(self.interval_ms.saturating_mul(taken.into()))
    }

    /// What names the budget of a contact, `$1` to `$5`, and what more a statement takes.
    fn parameters<'a>(
        &self,
        scope: &'a TenantScope,
        contact: &'a Contact,
        more: &'a [i64],
    ) -> Vec<Value<'a>> {
        let TenantScope { app, tenant } = scope;
        let name = Value::Text(self.name.into());
        let mut parameters = vec![app.to_value(), tenant.to_value(), name];
        parameters.extend(contact.columns());
        parameters.extend(more.iter().map(ToValue::to_value));
        parameters
    }

    /// Takes one; false where nothing is left.
    pub(super) async fn take(
        &self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
        contact: &Contact,
    ) -> Result<bool, EngineError> {
        let after = |taken| self.full_after(taken);
        let (one, all, beyond) = (after(1), after(self.most), after(self.most.saturating_add(1)));
        let all_but_one = after(self.most.saturating_sub(1));
        let more = [one, self.now_ms, all, self.interval_ms, all_but_one, beyond];
        Ok(tx.execute(TAKE, &self.parameters(scope, contact, &more)).await? == 1)
    }

    /// How long it takes until one is there again.
    pub(super) async fn refilled_after(
        &self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
        contact: &Contact,
    ) -> Result<Duration, EngineError> {
        let row = tx.query_opt(FULL_AT, &self.parameters(scope, contact, &[])).await?;
        let full_at = row.map_or(Ok(0), |row| row.get::<i64>("full_at"))?;
        let wait_ms = full_at.saturating_sub(self.full_after(self.most.saturating_sub(1)));
        Ok(Duration::from_millis(wait_ms.max(0).unsigned_abs()))
    }

    /// Undoes a [`take`](Self::take).
    pub(super) async fn give_back(
        &self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
        contact: &Contact,
    ) -> Result<(), EngineError> {
        let interval = [self.interval_ms];
        tx.execute(GIVE_BACK, &self.parameters(scope, contact, &interval)).await?;
        Ok(())
    }

    /// Gives back whatever was taken.
    pub(super) async fn fill(
        &self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
        contact: &Contact,
    ) -> Result<(), EngineError> {
        tx.execute(FILL, &self.parameters(scope, contact, &[])).await?;
        Ok(())
    }
}
