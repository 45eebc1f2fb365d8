//! `POST /recipe/multitenancy/tenant/remove`, `POST /recipe/multitenancy/app/remove`,
//! `POST /recipe/multitenancy/connectionuridomain/remove`

use serde::{Deserialize, Serialize};

use super::RemoveResponse;
use crate::{AppId, TenantId, operation::operation};

/// Removes a tenant with its sessions, codes, tokens and roles of users; addressed to the app's
/// tenant `public`. Its users stay, without it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RemoveTenant {
    /// The tenant, in any case; never `public`.
    pub tenant_id: TenantId,
}

operation!(
    RemoveTenant => RemoveResponse,
    "remove_tenant", Post "/recipe/multitenancy/tenant/remove", Tenant
);

/// Removes an app with everything in it; addressed to the app `public`. Its tenants must have been
/// removed before, but for `public`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RemoveApp {
    /// The app, in any case; never `public`.
    pub app_id: AppId,
}

operation!(
    RemoveApp => RemoveResponse,
    "remove_app", Post "/recipe/multitenancy/app/remove", Tenant
);

/// Removes a connection URI domain with everything in it; addressed to the default domain. Its apps
/// must have been removed before, but for `public`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RemoveConnectionUriDomain {
    /// The domain; never the default one.
    pub connection_uri_domain: String,
}

operation!(
    RemoveConnectionUriDomain => RemoveResponse,
    "remove_connection_uri_domain", Post "/recipe/multitenancy/connectionuridomain/remove", Tenant
);
