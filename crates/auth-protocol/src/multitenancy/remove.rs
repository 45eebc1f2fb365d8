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
    /// Whether it goes even if the database that it has for itself can't be reached, which keeps what is
    /// in it then. An extension: a core that doesn't know it removes nothing in that case.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub abandon_database: bool,
}

impl RemoveTenant {
    /// Removes it, and fails where the database that it has for itself can't be reached.
    pub fn new(tenant_id: impl Into<TenantId>) -> Self {
        Self { tenant_id: tenant_id.into(), abandon_database: false }
    }

    /// Removes it even where that database can't be reached.
    #[must_use]
    pub fn abandon_database(mut self) -> Self {
        self.abandon_database = true;
        self
    }
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
    /// Whether it goes even if the database that it has for itself can't be reached, which keeps what is
    /// in it then. An extension: a core that doesn't know it removes nothing in that case.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub abandon_database: bool,
}

impl RemoveApp {
    /// Removes it, and fails where the database that it has for itself can't be reached.
    pub fn new(app_id: impl Into<AppId>) -> Self {
        Self { app_id: app_id.into(), abandon_database: false }
    }

    /// Removes it even where that database can't be reached.
    #[must_use]
    pub fn abandon_database(mut self) -> Self {
        self.abandon_database = true;
        self
    }
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
    /// Whether it goes even if the database that it has for itself can't be reached, which keeps what is
    /// in it then. An extension: a core that doesn't know it removes nothing in that case.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub abandon_database: bool,
}

impl RemoveConnectionUriDomain {
    /// Removes it, and fails where the database that it has for itself can't be reached.
    pub fn new(connection_uri_domain: impl Into<String>) -> Self {
        Self { connection_uri_domain: connection_uri_domain.into(), abandon_database: false }
    }

    /// Removes it even where that database can't be reached.
    #[must_use]
    pub fn abandon_database(mut self) -> Self {
        self.abandon_database = true;
        self
    }
}

operation!(
    RemoveConnectionUriDomain => RemoveResponse,
    "remove_connection_uri_domain", Post "/recipe/multitenancy/connectionuridomain/remove", Tenant
);
