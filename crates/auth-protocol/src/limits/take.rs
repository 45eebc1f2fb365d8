//! `POST /recipe/limits/take` (extension)

use serde::{Deserialize, Serialize};

use crate::operation::operation;

/// Takes from several budgets: from all of them, or, where one has too little, from none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TakeFromBudgets {
    /// The budgets, at most [`Self::MOST`], each once.
    pub budgets: Vec<BudgetToTake>,
}

impl TakeFromBudgets {
    /// How many budgets one operation may name.
    pub const MOST: usize = 16;
}

/// A budget, and how much to take from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BudgetToTake {
    /// What is counted: 1 to 48 letters, digits and `._/-`.
    pub name: String,
    /// Whose budget it is: 1 to 512 bytes, of which the core keeps a digest.
    pub subject: String,
    /// How much there is at once, from 1 to 1,000,000.
    pub most: u32,
    /// How long it takes until one is there again, in milliseconds, from 1 to those of a year.
    pub refill_interval_ms: u64,
    /// How much is taken, from 1 to `most`.
    #[serde(default = "one")]
    pub cost: u32,
}

fn one() -> u32 {
    1
}

/// The answer to [`TakeFromBudgets`]: of each budget, in the order that they were named in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum TakeFromBudgetsResponse {
    /// It was taken from all.
    Ok {
        /// When, in milliseconds since the epoch by the core's clock. Who gives back names it.
        taken_at_ms: i64,
        /// How much is left of each.
        left: Vec<u32>,
    },
    /// At least one has too little; nothing was taken from any.
    LimitReachedError {
        /// In how long each has enough, in milliseconds; 0 for those that have it now.
        retry_after_ms: Vec<i64>,
    },
}

operation!(
    TakeFromBudgets => TakeFromBudgetsResponse,
    "take_from_budgets", Post "/recipe/limits/take", Tenant
);
