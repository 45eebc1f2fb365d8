//! Users across all recipes.

mod by_account_info;
mod by_id;
mod count;
mod count_active;
pub(crate) mod counts;
mod delete;
pub(crate) mod identity;
mod list;
mod load;
mod page;
mod part;
mod recipes;
pub(crate) mod reservation;
mod search;

pub(crate) use self::{
    delete::{delete_group, delete_member},
    identity::IdentityKind,
    load::{find, find_by_any_id, find_met, load},
    part::PART,
};
