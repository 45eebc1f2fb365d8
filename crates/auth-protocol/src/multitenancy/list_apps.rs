//! `GET /recipe/multitenancy/app/list/v2`, `GET /recipe/multitenancy/connectionuridomain/list/v2`

use serde::{Deserialize, Serialize};

use super::{AppConfig, ConnectionUriDomainConfig};
use crate::operation::operation;

/// Lists the apps of a connection URI domain with their tenants; addressed to its app `public`.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct ListApps {}

/// The answer to [`ListApps`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ListAppsResponse {
    /// The apps.
    Ok {
        /// The apps, by name.
        apps: Vec<AppConfig>,
    },
}

operation!(
    ListApps => ListAppsResponse,
    "list_apps", Get "/recipe/multitenancy/app/list/v2", Tenant
);

/// Lists every connection URI domain with its apps and their tenants; addressed to the default
/// domain.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct ListConnectionUriDomains {}

/// The answer to [`ListConnectionUriDomains`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum ListConnectionUriDomainsResponse {
    /// The domains.
    Ok {
        /// The domains, by name; the default one's is empty.
        connection_uri_domains: Vec<ConnectionUriDomainConfig>,
    },
}

operation!(
    ListConnectionUriDomains => ListConnectionUriDomainsResponse,
    "list_connection_uri_domains", Get "/recipe/multitenancy/connectionuridomain/list/v2", Tenant
);
