//! Apps and tenants.

mod get_tenant;
mod list_tenants;
mod model;

pub use get_tenant::{GetTenant, GetTenantResponse};
pub use list_tenants::{ListTenants, ListTenantsResponse};
pub use model::{TenantConfig, ThirdPartyConfig};
