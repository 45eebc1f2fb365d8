//! Users across all recipes.

mod count;
