//! `GET /recipe/multitenancy/app/list/v2`, `GET /recipe/multitenancy/connectionuridomain/list/v2`

use std::collections::BTreeMap;

use auth_protocol::{
    AppId, TenantScope,
    multitenancy::{
        AppConfig, ConnectionUriDomainConfig, ListApps, ListAppsResponse, ListConnectionUriDomains,
        ListConnectionUriDomainsResponse,
    },
};

use super::{
    apps::AppName,
    stored::{self, Complete},
    write::source,
};
use crate::{
    Engine, EngineError, Handle,
    storage::{Row, Tx, in_tx, params},
};

const OF_DOMAIN: &str =
    "SELECT app_id, connection_uri_domain, outside_id FROM apps WHERE connection_uri_domain = $1";

const ALL: &str = "SELECT app_id, connection_uri_domain, outside_id FROM apps";

const ONLY_DOMAIN: &str = "Only the public tenantId and public appId is allowed to list all apps \
    associated with this connection uri domain";

const ONLY_BASE: &str = "Only the public tenantId, public appId and default connectionUriDomain is \
    allowed to list all connectionUriDomains and appIds associated with this core";

impl Handle<ListApps> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        _operation: ListApps,
    ) -> Result<ListAppsResponse, EngineError> {
        Ok(ListAppsResponse::Ok { apps: apps(self, scope, Complete::into).await? })
    }
}

impl Handle<ListConnectionUriDomains> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        _operation: ListConnectionUriDomains,
    ) -> Result<ListConnectionUriDomainsResponse, EngineError> {
        let connection_uri_domains = domains(self, scope, Complete::into).await?;
        Ok(ListConnectionUriDomainsResponse::Ok { connection_uri_domains })
    }
}

/// How a tenant is told.
pub(super) trait Form<T>: Fn(Complete) -> T + Clone + Send + Sync + 'static {}

impl<T, F: Fn(Complete) -> T + Clone + Send + Sync + 'static> Form<T> for F {}

/// The apps of a domain, for who asks its app `public`.
pub(super) async fn apps<T: Send + 'static>(
    engine: &Engine,
    scope: &TenantScope,
    form: impl Form<T>,
) -> Result<Vec<AppConfig<T>>, EngineError> {
    let body = in_tx!(scope, form, |tx| {
        let source = source(tx, &scope).await?;
        source.must_be_domain(ONLY_DOMAIN)?;
        let rows = tx.query(OF_DOMAIN, params![source.app.domain]).await?;
        let mut all = of_apps(tx, &rows, form).await?;
        Ok(all.remove(&source.app.domain).unwrap_or_default())
    });
    engine.store().read(body).await
}

/// Every domain, for who asks the default one.
pub(super) async fn domains<T: Send + 'static>(
    engine: &Engine,
    scope: &TenantScope,
    form: impl Form<T>,
) -> Result<Vec<ConnectionUriDomainConfig<T>>, EngineError> {
    let body = in_tx!(scope, form, |tx| {
        source(tx, &scope).await?.must_be_base(ONLY_BASE)?;
        let rows = tx.query(ALL, params![]).await?;
        let all = of_apps(tx, &rows, form).await?.into_iter();
        let domain = |(connection_uri_domain, apps)| ConnectionUriDomainConfig {
            connection_uri_domain,
            apps,
        };
        Ok(all.map(domain).collect())
    });
    engine.store().read(body).await
}

/// Apps by their domains, each with its tenants, by name.
async fn of_apps<T>(
    tx: &mut Tx<'_>,
    rows: &[Row],
    form: impl Form<T>,
) -> Result<BTreeMap<String, Vec<AppConfig<T>>>, EngineError> {
    let mut domains: BTreeMap<String, Vec<AppConfig<T>>> = BTreeMap::new();
    for row in rows {
        let AppName { domain, app: app_id } = AppName::from_row(row)?;
        let tenants = stored::all(tx, &row.get::<AppId>("app_id")?).await?;
        let tenants = tenants.into_iter().map(&form).collect();
        domains.entry(domain).or_default().push(AppConfig { app_id, tenants });
    }
    for apps in domains.values_mut() {
        apps.sort_by(|one, other| one.app_id.cmp(&other.app_id));
    }
    Ok(domains)
}
