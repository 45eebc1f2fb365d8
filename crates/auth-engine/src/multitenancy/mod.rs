//! Apps and tenants, and what is set for them.

mod apps;
mod associate;
mod before_5_1;
mod create_or_update_app;
mod create_or_update_tenant;
mod database;
mod disassociate;
mod domains;
mod effective;
mod factors;
mod get_tenant;
mod list_apps;
mod list_tenants;
mod member;
mod names;
mod part;
mod registry;
mod remove_app;
mod remove_tenant;
mod stored;
mod switches;
mod target;
mod third_party;
mod write;

pub(crate) use self::{
    part::PART,
    registry::{Registry, TenantSettings},
};
