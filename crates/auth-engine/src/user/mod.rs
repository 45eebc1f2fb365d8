//! Users across all recipes.

mod by_account_info;
mod by_id;
mod count;
mod count_active;
mod delete;
pub(crate) mod identity;
mod list;
mod load;
mod page;
pub(crate) mod reservation;
mod search;

pub(crate) use delete::{delete_group, delete_member};
pub(crate) use load::{find, find_by_any_id};
