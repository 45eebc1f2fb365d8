//! `GET /recipe/multitenancy/tenant/v2`

use serde::{Deserialize, Serialize};

use super::TenantConfig;
use crate::operation::operation;

/// Reads what is set for the tenant that the operation is addressed to.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct GetTenant {}

/// The answer to [`GetTenant`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GetTenantResponse {
    /// The tenant.
    Ok(TenantConfig),
    /// There is no such tenant.
    TenantNotFoundError,
}

operation!(
    GetTenant => GetTenantResponse,
    "get_tenant", Get "/recipe/multitenancy/tenant/v2", Tenant
);
