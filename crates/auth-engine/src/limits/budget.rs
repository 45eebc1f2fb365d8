//! One budget's row.

use std::borrow::Cow;

use auth_protocol::{
    TenantScope,
    limits::{Empty, Rate, Taken},
};

use crate::{
    EngineError,
    digest::sha256_hex,
    storage::{ToValue, Tx, Value},
};

/// Takes from a budget where it has enough. The new time comes back; no row where it has less.
const TAKE: &str = "INSERT INTO budgets (app_id, tenant_id, name, subject, full_at) \
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (app_id, tenant_id, name, subject) DO UPDATE \
    SET full_at = CASE WHEN budgets.full_at < $6 THEN $5 ELSE budgets.full_at + $7 END, \
        is_told = FALSE \
    WHERE budgets.full_at <= $8 RETURNING full_at";

/// A statement about one budget; its parameters begin with what names it.
macro_rules! of_budget {
    ($statement:literal) => {
        concat!($statement, " WHERE app_id = $1 AND tenant_id = $2 AND name = $3 AND subject = $4")
    };
}

const FULL_AT: &str = of_budget!("SELECT full_at FROM budgets");

const MOVE_BACK: &str = of_budget!("UPDATE budgets SET full_at = full_at - $5");

/// Only what nobody has put right meanwhile.
const PUT_RIGHT: &str = concat!(of_budget!("UPDATE budgets SET full_at = $5"), " AND full_at > $5");

/// A refusal that is still to be told.
const TELL: &str = concat!(of_budget!("UPDATE budgets SET is_told = TRUE"), " AND NOT is_told");

const FILL: &str = of_budget!("DELETE FROM budgets");

/// A budget's name and whose it is. They are ordered, so that who takes from several does so in one
/// order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Budget {
    name: Cow<'static, str>,
    /// A digest.
    subject: String,
}

impl Budget {
    pub(crate) fn new(name: impl Into<Cow<'static, str>>, subject: &str) -> Self {
        Self { name: name.into(), subject: sha256_hex(subject) }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    fn parameters<'a>(&'a self, scope: &'a TenantScope, more: &'a [i64]) -> Vec<Value<'a>> {
        let TenantScope { app, tenant } = scope;
        let name = Value::Text(Cow::Borrowed(&self.name));
        let mut parameters = vec![app.to_value(), tenant.to_value(), name, self.subject.to_value()];
        parameters.extend(more.iter().map(ToValue::to_value));
        parameters
    }

    /// Takes from the budget, or says when it will have enough.
    pub(crate) async fn take(
        &self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
        rate: Rate,
        count: u32,
        now_ms: i64,
    ) -> Result<Result<Taken, Empty>, EngineError> {
        let now_ms = Rate::within_bounds(now_ms);
        let Some(latest_ms) = rate.latest_to_take(count, now_ms) else {
            return Ok(Err(rate.empty(now_ms, count, now_ms)));
        };
        let by_ms = rate.refill_ms(count);
        let more = [now_ms + by_ms, now_ms, by_ms, latest_ms];
        if let Some(row) = tx.query_opt(TAKE, &self.parameters(scope, &more)).await? {
            let full_at_ms = row.get("full_at")?;
            return Ok(Ok(Taken { full_at_ms, left: rate.left(Some(full_at_ms), now_ms) }));
        }
        let full_at_ms = self.full_at_ms(tx, scope).await?;
        let empty = rate.empty(full_at_ms.unwrap_or(now_ms), count, now_ms);
        if let Some(right_ms) = empty.put_right_ms {
            tx.execute(PUT_RIGHT, &self.parameters(scope, &[right_ms])).await?;
        }
        Ok(Err(empty))
    }

    /// When the whole budget is there again; `None` where nothing was taken.
    pub(crate) async fn full_at_ms(
        &self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
    ) -> Result<Option<i64>, EngineError> {
        let row = tx.query_opt(FULL_AT, &self.parameters(scope, &[])).await?;
        row.map(|row| row.get("full_at")).transpose()
    }

    /// Whether a refusal is the first since the budget last gave something.
    pub(crate) async fn is_first_refusal(
        &self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
    ) -> Result<bool, EngineError> {
        Ok(tx.execute(TELL, &self.parameters(scope, &[])).await? == 1)
    }

    /// Gives back what was taken at a time.
    pub(crate) async fn give_back(
        &self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
        by_ms: i64,
    ) -> Result<(), EngineError> {
        if by_ms > 0 {
            tx.execute(MOVE_BACK, &self.parameters(scope, &[by_ms])).await?;
        }
        Ok(())
    }

    /// Gives back whatever was taken.
    pub(crate) async fn fill(
        &self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
    ) -> Result<(), EngineError> {
        tx.execute(FILL, &self.parameters(scope, &[])).await?;
        Ok(())
    }
}
