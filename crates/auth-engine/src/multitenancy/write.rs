//! Making and changing tenants: what all the ways of it have in common.

use auth_protocol::{
    JsonObject, TenantScope, audit::AuditKind, multitenancy::CreateOrUpdateResponse as Response,
};

use futures_util::future::BoxFuture;

use super::{
    apps::AppName,
    database, effective,
    stored::Stored,
    target::{Place, Target},
};
use crate::{
    Engine, EngineError,
    audit::Event,
    storage::{Tx, in_tx, params},
    tenancy::require_tenant,
};

const ADD_APP: &str = "INSERT INTO apps (app_id, created_at_time, connection_uri_domain, outside_id) \
    VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

const ADD_TENANT: &str = "INSERT INTO tenants (app_id, tenant_id, created_at_time) \
    VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

const LOCK: &str = "UPDATE tenant_changes SET generation = generation WHERE id = 0";

const CHANGED: &str = "UPDATE tenant_changes SET generation = generation + 1 WHERE id = 0";

/// What is to become of a tenant: its factors and switches, once the rest is settled.
pub(super) trait Edit: Clone + Send + Sync + 'static {
    /// What is set for a tenant that wasn't there before.
    fn new_tenant(&self, is_public: bool) -> Stored;

    /// What is set afterwards.
    fn edit(&self, stored: Stored) -> Result<Stored, EngineError>;
}

/// Keeps others from changing anything until the transaction ends. The first statement of each that
/// makes, changes or removes tenants.
pub(super) async fn lock(tx: &mut Tx<'_>) -> Result<(), EngineError> {
    tx.execute(LOCK, params![]).await?;
    Ok(())
}

/// Lets everybody know who keeps what the [registry](super::registry) does: the apps, and what is
/// set for tenants.
pub(super) async fn tell(tx: &mut Tx<'_>) -> Result<(), EngineError> {
    tx.execute(CHANGED, params![]).await?;
    Ok(())
}

/// The tenant that a request is addressed to, as callers name it.
pub(super) async fn source(tx: &mut Tx<'_>, scope: &TenantScope) -> Result<Place, EngineError> {
    require_tenant(tx, scope).await?;
    Ok(Place { app: AppName::find(tx, &scope.app).await?, tenant: scope.tenant.clone() })
}

/// Makes a tenant or changes it.
pub(super) async fn create_or_update(
    engine: &Engine,
    scope: &TenantScope,
    target: Target,
    core_config: Option<JsonObject>,
    edit: impl Edit,
) -> Result<Response, EngineError> {
    if let Some(update) = &core_config {
        database::prepare(engine, scope, &target, update).await?;
    }
    let audit = engine.audit();
    let (program, now_ms) = (engine.config().clone(), engine.clock().now_ms());
    let body = in_tx!(scope, target, core_config, edit, audit, program, |tx| {
        lock(tx).await?;
        let source = source(tx, &scope).await?;
        let place = target.place(&source);
        let there = place.scope();
        let found = Stored::find(tx, &there).await?;
        let created_new = found.is_none();
        let mut stored = found.unwrap_or_else(|| edit.new_tenant(place.tenant.is_public()));
        let before = stored.core_config.clone();
        if let Some(update) = &core_config {
            effective::merge(&mut stored.core_config, update);
        }
        let stored = edit.edit(stored)?;
        source.may_write(&place)?;
        if place.is_base() && !stored.core_config.is_empty() {
            return Err(EngineError::BadRequest("Cannot modify base config".to_owned()));
        }
        let has_changed = stored.core_config != before;
        if core_config.is_some() {
            effective::check(tx, &program, &place, &stored.core_config).await?;
        }
        if created_new {
            add(tx, &place, now_ms).await?;
        }
        stored.write(tx, &there).await?;
        if has_changed || (created_new && place.tenant.is_public()) {
            tell(tx).await?;
        }
        audit.append(tx, &source.scope(), event(&place, created_new)).await?;
        Ok(Response::Ok { created_new })
    });
    engine.changing(body).await
}

impl Engine {
    /// Runs a transaction on apps and tenants, after which this process knows of what it changed.
    pub(super) async fn changing<T, F>(&self, body: F) -> Result<T, EngineError>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, EngineError>>,
        F: Send + Sync + 'static,
    {
        let written = self.store().write(body).await;
        // Where it isn't known whether it was written, too.
        self.inner().registry.changed();
        written
    }
}

/// Adds the rows of a tenant, and of its app where the tenant is `public`.
async fn add(tx: &mut Tx<'_>, place: &Place, now_ms: i64) -> Result<(), EngineError> {
    let scope = place.scope();
    if place.tenant.is_public() {
        let AppName { domain, app } = &place.app;
        let outside = (!domain.is_empty()).then_some(app);
        tx.execute(ADD_APP, params![scope.app, now_ms, domain, outside]).await?;
    }
    tx.execute(ADD_TENANT, params![scope.app, scope.tenant, now_ms]).await?;
    Ok(())
}

fn event(place: &Place, created_new: bool) -> Event {
    told_of(Event::succeeded(AuditKind::TenantChanged), place).fact("created", &created_new)
}

/// An event that says which tenant it is about, in the chain of the one that the request was
/// addressed to.
pub(super) fn told_of(event: Event, place: &Place) -> Event {
    let event = event.fact("app", &place.app.app).fact("tenant", &place.tenant);
    match place.app.domain.is_empty() {
        true => event,
        false => event.fact("connection_uri_domain", &place.app.domain),
    }
}
