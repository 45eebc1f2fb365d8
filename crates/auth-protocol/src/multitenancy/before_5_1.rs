//! `GET /recipe/multitenancy/tenant`, `GET /recipe/multitenancy/tenant/list`: as SDKs ask that speak
//! CDI 3.0 to 5.0, where a tenant switches recipes on and off and knows no factors (CDI §1.12).

use serde::{Deserialize, Serialize};

use super::{ProviderConfig, TenantConfig};
use crate::{JsonObject, TenantId, operation::operation};

/// Reads what is set for the tenant that the operation is addressed to, in the older form.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct GetTenantBefore5_1 {}

/// The answer to [`GetTenantBefore5_1`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GetTenantBefore5_1Response {
    /// The tenant.
    Ok(TenantConfigBefore5_1),
    /// There is no such tenant.
    TenantNotFoundError,
}

operation!(
    GetTenantBefore5_1 => GetTenantBefore5_1Response,
    "get_tenant_before_5_1", Get "/recipe/multitenancy/tenant", Tenant
);

/// Lists the tenants of an app, in the older form.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct ListTenantsBefore5_1 {}

/// The answer to [`ListTenantsBefore5_1`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ListTenantsBefore5_1Response {
    /// The tenants.
    Ok {
        /// The tenants, by name.
        tenants: Vec<TenantConfigBefore5_1>,
    },
}

operation!(
    ListTenantsBefore5_1 => ListTenantsBefore5_1Response,
    "list_tenants_before_5_1", Get "/recipe/multitenancy/tenant/list", Tenant
);

/// A tenant with what is set for it alone, in the older form.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantConfigBefore5_1 {
    /// The tenant.
    pub tenant_id: TenantId,
    /// Whether email and password are on.
    pub email_password: Switch,
    /// Whether third parties are on, and which.
    pub third_party: ThirdPartySwitch,
    /// Whether one-time codes and links are on.
    pub passwordless: Switch,
    /// Settings of the core that differ for this tenant.
    pub core_config: JsonObject,
}

/// Whether a recipe is on for a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Switch {
    /// Whether it is.
    pub enabled: bool,
}

/// Whether third parties are on for a tenant, and which.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ThirdPartySwitch {
    /// Whether they are.
    pub enabled: bool,
    /// Each with its clients and endpoints.
    pub providers: Vec<ProviderConfig>,
}

impl From<TenantConfig> for TenantConfigBefore5_1 {
    /// A recipe is on where one of its factors may begin a sign-in.
    fn from(tenant: TenantConfig) -> Self {
        let is_on = |factors: &[&str]| match &tenant.first_factors {
            None => true,
            Some(first) => first.iter().any(|factor| factors.contains(&factor.as_str())),
        };
        let codes = ["otp-email", "otp-phone", "link-email", "link-phone"];
        Self {
            email_password: Switch { enabled: is_on(&["emailpassword"]) },
            third_party: ThirdPartySwitch {
                enabled: is_on(&["thirdparty"]),
                providers: tenant.third_party.providers.clone(),
            },
            passwordless: Switch { enabled: is_on(&codes) },
            tenant_id: tenant.tenant_id,
            core_config: tenant.core_config,
        }
    }
}
