//! `GET /recipe/multitenancy/tenant/list/v2`

use serde::{Deserialize, Serialize};

use super::TenantConfig;
use crate::operation::operation;

/// Lists the tenants of an app; addressed to its tenant `public`.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct ListTenants {}

/// The answer to [`ListTenants`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ListTenantsResponse {
    /// The tenants.
    Ok {
        /// The tenants, by name.
        tenants: Vec<TenantConfig>,
    },
}

operation!(
    ListTenants => ListTenantsResponse,
    "list_tenants", Get "/recipe/multitenancy/tenant/list/v2", Tenant
);
