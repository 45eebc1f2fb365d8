//! Apps and tenants. So far an engine has those that its database was made with.

mod before_5_1;
mod domains;
mod get_tenant;
mod list_tenants;
mod part;

use auth_protocol::{
    JsonObject, TenantId,
    multitenancy::{TenantConfig, ThirdPartyConfig},
};

pub(crate) use self::part::PART;

/// A tenant for which nothing is set: the application decides everything.
fn unconfigured(tenant_id: TenantId) -> TenantConfig {
    TenantConfig {
        tenant_id,
        third_party: ThirdPartyConfig::default(),
        first_factors: None,
        required_secondary_factors: None,
        core_config: JsonObject::new(),
    }
}
