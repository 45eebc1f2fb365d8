//! Apps and tenants.

mod before_5_1;
mod get_tenant;
mod list_tenants;
mod model;

pub use before_5_1::{
    GetTenantBefore5_1, GetTenantBefore5_1Response, ListTenantsBefore5_1,
    ListTenantsBefore5_1Response, Switch, TenantConfigBefore5_1, ThirdPartySwitch,
};
pub use get_tenant::{GetTenant, GetTenantResponse};
pub use list_tenants::{ListTenants, ListTenantsResponse};
pub use model::{TenantConfig, ThirdPartyConfig};
