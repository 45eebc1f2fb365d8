//! `POST /recipe/limits/restore` (extension)

use std::collections::BTreeMap;

use auth_protocol::{
    TenantScope,
    limits::{BudgetToRestore, RestoreBudgets, RestoreBudgetsResponse as Response},
};

use super::take::{bad, check_count, checked, checked_rate};
use crate::{Engine, EngineError, Handle, storage::in_tx};

impl Handle<RestoreBudgets> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RestoreBudgets,
    ) -> Result<Response, EngineError> {
        let now_ms = self.clock().now_ms();
        // In the order in which they are taken.
        let mut wanted = BTreeMap::new();
        for budget in operation.budgets {
            let BudgetToRestore { name, subject, taken_at_ms, most, .. } = budget;
            let rate = checked_rate(most, budget.refill_interval_ms, budget.cost)?;
            let by_ms = taken_at_ms.map(|then_ms| rate.give_back_ms(then_ms, budget.cost, now_ms));
            if wanted.insert(checked(name, &subject)?, by_ms).is_some() {
                return Err(bad("each budget may be named once"));
            }
        }
        check_count(wanted.len())?;
        let body = in_tx!(scope, wanted, |tx| {
            for (budget, by_ms) in &wanted {
                match by_ms {
                    Some(by_ms) => budget.give_back(tx, &scope, *by_ms).await?,
                    None => budget.fill(tx, &scope).await?,
                }
            }
            Ok(Response::Ok)
        });
        self.store().write(body).await
    }
}
