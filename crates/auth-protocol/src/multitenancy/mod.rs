//! Apps and tenants.

mod associate;
mod before_5_1;
mod create_or_update_app;
mod create_or_update_domain;
mod create_or_update_tenant;
mod get_tenant;
mod list_apps;
mod list_tenants;
mod model;
mod provider;
mod remove;
mod third_party;

pub use associate::{
    AssociateUserToTenant, AssociateUserToTenantResponse, DisassociateUserFromTenant,
    DisassociateUserFromTenantResponse,
};
pub use before_5_1::{
    CreateOrUpdateAppBefore5_1, CreateOrUpdateConnectionUriDomainBefore5_1,
    CreateOrUpdateTenantBefore5_1, GetTenantBefore5_1, GetTenantBefore5_1Response,
    ListAppsBefore5_1, ListAppsBefore5_1Response, ListConnectionUriDomainsBefore5_1,
    ListConnectionUriDomainsBefore5_1Response, ListTenantsBefore5_1, ListTenantsBefore5_1Response,
    Switch, TenantConfigBefore5_1, ThirdPartySwitch,
};
pub use create_or_update_app::CreateOrUpdateApp;
pub use create_or_update_domain::CreateOrUpdateConnectionUriDomain;
pub use create_or_update_tenant::CreateOrUpdateTenant;
pub use get_tenant::{GetTenant, GetTenantResponse};
pub use list_apps::{
    ListApps, ListAppsResponse, ListConnectionUriDomains, ListConnectionUriDomainsResponse,
};
pub use list_tenants::{ListTenants, ListTenantsResponse};
pub use model::{
    AppConfig, ConnectionUriDomainConfig, CreateOrUpdateResponse, FactorsChange, RemoveResponse,
    TenantConfig, ThirdPartyConfig,
};
pub use provider::{ProviderClientConfig, ProviderConfig, UserInfoFieldsConfig, UserInfoMapConfig};
pub use remove::{RemoveApp, RemoveConnectionUriDomain, RemoveTenant};
pub use third_party::{
    CreateOrUpdateThirdPartyConfig, CreateOrUpdateThirdPartyConfigResponse, RemoveThirdPartyConfig,
    RemoveThirdPartyConfigResponse,
};
