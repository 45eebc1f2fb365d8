//! Budgets that refill steadily, for whatever can be guessed or costs something.
//!
//! An extension: SuperTokens' cores have no such operations.

mod rate;
mod restore;
mod take;

pub use rate::{Empty, Rate, Taken};
pub use restore::{BudgetToRestore, RestoreBudgets, RestoreBudgetsResponse};
pub use take::{BudgetToTake, TakeFromBudgets, TakeFromBudgetsResponse};
