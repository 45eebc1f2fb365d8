//! What is set for a tenant.

use serde::{Deserialize, Serialize};

use crate::{JsonObject, TenantId};

/// A tenant with what is set for it alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantConfig {
    /// The tenant.
    pub tenant_id: TenantId,
    /// Its third parties.
    pub third_party: ThirdPartyConfig,
    /// The factors with which a sign-in may begin; absent where the application decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_factors: Option<Vec<String>>,
    /// The factors that every sign-in must complete; absent where the application decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_secondary_factors: Option<Vec<String>>,
    /// Settings of the core that differ for this tenant.
    pub core_config: JsonObject,
}

/// The third parties of a tenant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ThirdPartyConfig {
    /// Each with its clients and endpoints.
    pub providers: Vec<JsonObject>,
}
