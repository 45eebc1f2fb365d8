//! `POST /recipe/limits/restore` (extension)

use serde::{Deserialize, Serialize};

use crate::operation::operation;

/// Gives back what was taken from budgets, or fills them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RestoreBudgets {
    /// The budgets, at most [`TakeFromBudgets::MOST`](super::TakeFromBudgets::MOST), each once.
    pub budgets: Vec<BudgetToRestore>,
}

/// A budget, and what it gets back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BudgetToRestore {
    /// As it was named when it was taken from.
    pub name: String,
    /// As then.
    pub subject: String,
    /// When it was taken: what may have been refilled since isn't given twice. Without it the budget is
    /// filled, whatever was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at_ms: Option<i64>,
    /// As then.
    pub most: u32,
    /// As then.
    pub refill_interval_ms: u64,
    /// How much was taken.
    #[serde(default = "one")]
    pub cost: u32,
}

fn one() -> u32 {
    1
}

/// The answer to [`RestoreBudgets`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RestoreBudgetsResponse {
    /// It was done.
    Ok,
}

operation!(
    RestoreBudgets => RestoreBudgetsResponse,
    "restore_budgets", Post "/recipe/limits/restore", Tenant
);
