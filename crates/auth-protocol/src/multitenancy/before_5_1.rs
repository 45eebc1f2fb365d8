//! Tenants as SDKs know them that speak CDI 3.0 to 5.0: there a tenant switches recipes on and off,
//! and has lists of factors since CDI 5.0 (CDI §1.12).

use serde::{Deserialize, Serialize};

use super::{
    AppConfig, ConnectionUriDomainConfig, CreateOrUpdateResponse, FactorsChange, ProviderConfig,
    model::{NULLABLE, Names, tenant_changes},
};
use crate::{AppId, CdiVersion, JsonObject, TenantId, operation::operation};

/// Declares a request that is told in the form of its version.
macro_rules! told_by_version {
    ($(#[$doc:meta])* $name:ident => $response:ty, $operation:literal, $path:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
        pub struct $name {
            /// The version in which the caller speaks; it isn't sent with the request.
            #[serde(skip)]
            pub cdi_version: CdiVersion,
        }

        operation!($name => $response, $operation, Get $path, Tenant, {
            fn set_cdi_version(&mut self, version: CdiVersion) {
                self.cdi_version = version;
            }
        });
    };
}

told_by_version! {
    /// Reads what is set for the tenant that the operation is addressed to, in the older form.
    GetTenantBefore5_1 => GetTenantBefore5_1Response,
    "get_tenant_before_5_1", "/recipe/multitenancy/tenant"
}

/// The answer to [`GetTenantBefore5_1`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GetTenantBefore5_1Response {
    /// The tenant.
    Ok(TenantConfigBefore5_1),
    /// There is no such tenant.
    TenantNotFoundError,
}

told_by_version! {
    /// Lists the tenants of an app, in the older form; addressed to its tenant `public`.
    ListTenantsBefore5_1 => ListTenantsBefore5_1Response,
    "list_tenants_before_5_1", "/recipe/multitenancy/tenant/list"
}

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

told_by_version! {
    /// Lists the apps of a connection URI domain with their tenants, in the older form; addressed to
    /// its app `public`.
    ListAppsBefore5_1 => ListAppsBefore5_1Response,
    "list_apps_before_5_1", "/recipe/multitenancy/app/list"
}

/// The answer to [`ListAppsBefore5_1`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ListAppsBefore5_1Response {
    /// The apps.
    Ok {
        /// The apps, by name.
        apps: Vec<AppConfig<TenantConfigBefore5_1>>,
    },
}

told_by_version! {
    /// Lists every connection URI domain with its apps and their tenants, in the older form;
    /// addressed to the default domain.
    ListConnectionUriDomainsBefore5_1 => ListConnectionUriDomainsBefore5_1Response,
    "list_connection_uri_domains_before_5_1", "/recipe/multitenancy/connectionuridomain/list"
}

/// The answer to [`ListConnectionUriDomainsBefore5_1`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum ListConnectionUriDomainsBefore5_1Response {
    /// The domains.
    Ok {
        /// The domains, by name; the default one's is empty.
        connection_uri_domains: Vec<ConnectionUriDomainConfig<TenantConfigBefore5_1>>,
    },
}

tenant_changes! {
    /// Makes a tenant or changes it, in the older form. A new one has every recipe off.
    CreateOrUpdateTenantBefore5_1 {
        /// The tenant, in any case; `public` when absent.
        tenant_id: Option<TenantId>,
        /// Whether email and password are on.
        email_password_enabled: Option<bool>,
        /// Whether third parties are on.
        third_party_enabled: Option<bool>,
        /// Whether one-time codes and links are on.
        passwordless_enabled: Option<bool>,
    } told by version
}

tenant_changes! {
    /// Makes an app or changes it, in the older form. A new one has every recipe on.
    CreateOrUpdateAppBefore5_1 {
        /// The app, in any case; `public` when absent.
        app_id: Option<AppId>,
        /// Whether email and password are on.
        email_password_enabled: Option<bool>,
        /// Whether third parties are on.
        third_party_enabled: Option<bool>,
        /// Whether one-time codes and links are on.
        passwordless_enabled: Option<bool>,
    } told by version
}

tenant_changes! {
    /// Makes a connection URI domain or changes it, in the older form. A new one has every recipe on.
    CreateOrUpdateConnectionUriDomainBefore5_1 {
        /// The host's name by which the core is reached; the default domain when absent.
        connection_uri_domain: Option<String>,
        /// Whether email and password are on.
        email_password_enabled: Option<bool>,
        /// Whether third parties are on.
        third_party_enabled: Option<bool>,
        /// Whether one-time codes and links are on.
        passwordless_enabled: Option<bool>,
    } told by version
}

macro_rules! change {
    ($request:ty, $name:literal, $path:literal) => {
        operation!($request => CreateOrUpdateResponse, $name, Put $path, Tenant, {
            const NULLABLE: &'static [&'static str] = NULLABLE;

            fn set_cdi_version(&mut self, version: CdiVersion) {
                self.cdi_version = version;
            }
        });
    };
}

change!(
    CreateOrUpdateTenantBefore5_1,
    "create_or_update_tenant_before_5_1",
    "/recipe/multitenancy/tenant"
);
change!(CreateOrUpdateAppBefore5_1, "create_or_update_app_before_5_1", "/recipe/multitenancy/app");
change!(
    CreateOrUpdateConnectionUriDomainBefore5_1,
    "create_or_update_connection_uri_domain_before_5_1",
    "/recipe/multitenancy/connectionuridomain"
);

/// A tenant with what is set for it alone, in the older form.
///
/// Its `Debug` shows only the names of the core's settings: their values may be secrets.
#[derive(Clone, Serialize, Deserialize)]
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
    /// The factors with which a sign-in may begin; told since CDI 5.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_factors: Option<Vec<String>>,
    /// The factors that every sign-in must complete; told since CDI 5.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_secondary_factors: Option<Vec<String>>,
    /// Settings of the core that differ for this tenant.
    pub core_config: JsonObject,
}

impl std::fmt::Debug for TenantConfigBefore5_1 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TenantConfigBefore5_1")
            .field("tenant_id", &self.tenant_id)
            .field("email_password", &self.email_password)
            .field("third_party", &self.third_party)
            .field("passwordless", &self.passwordless)
            .field("core_config", &Names(&self.core_config))
            .finish_non_exhaustive()
    }
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
