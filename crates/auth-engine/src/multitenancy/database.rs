//! Where a tenant's data is to be (CDI §6.2): looked at before anything is written, because a database
//! can't be opened within a transaction of another.

use auth_protocol::{JsonObject, TenantScope, audit::AuditKind};

use super::{
    effective,
    registry::{Known, inherited},
    stored::Stored,
    target::{Place, Target},
    write::{source, told_of},
};
use crate::{
    Engine, EngineError,
    audit::Event,
    pools,
    storage::{Row, in_tx, params},
};

/// Whoever may inherit what is set for an app.
const OF_APP: &str = "SELECT app_id, tenant_id FROM tenants WHERE app_id = $1";

/// Whoever may inherit what is set for a connection URI domain.
const OF_DOMAIN: &str = "SELECT t.app_id, t.tenant_id FROM tenants t \
    JOIN apps a ON a.app_id = t.app_id WHERE a.connection_uri_domain = $1";

/// Sees that the database that a change leads to can be used, and has its schema; and that nobody
/// whose users are elsewhere is led there.
///
/// # Errors
/// [`EngineError::BadRequest`] names the key that is wrong, or the tenant that has users.
pub(super) async fn prepare(
    engine: &Engine,
    scope: &TenantScope,
    target: &Target,
    update: &JsonObject,
) -> Result<(), EngineError> {
    if !update.keys().any(|key| key.starts_with("postgresql_")) {
        return Ok(());
    }
    let program = engine.config().clone();
    let body = in_tx!(scope, target, update, program, |tx| {
        let source = source(tx, &scope).await?;
        let place = target.place(&source);
        // Who may not change it has nothing connected to.
        source.may_write(&place)?;
        if place.is_base() {
            return Err(EngineError::BadRequest("Cannot modify base config".to_owned()));
        }
        let there = place.scope();
        let mut own = Stored::find(tx, &there).await?.unwrap_or_default().core_config;
        let before = own.clone();
        effective::merge(&mut own, &update);
        effective::check(tx, &program, &place, &own).await?;
        let rows = match (place.tenant.is_public(), is_of_domain(&place)) {
            (false, _) => Vec::new(),
            (true, false) => tx.query(OF_APP, params![there.app]).await?,
            (true, true) => tx.query(OF_DOMAIN, params![place.app.domain]).await?,
        };
        let scope = |row: &Row| Ok(TenantScope::new(row.get("app_id")?, row.get("tenant_id")?));
        let mut heirs = rows.iter().map(scope).collect::<Result<Vec<_>, EngineError>>()?;
        heirs.retain(|heir| *heir != there);
        Ok((place, before, own, heirs))
    });
    let (place, before, own, heirs) = engine.home_store().read(body).await?;
    let known = engine.known().await?;
    let there = place.scope();
    let after = inherited([Some(&inherited_by(&known, &place)), Some(&own)]);
    pools::check(engine.inner(), &after).await?;
    let mut moves = vec![(there.clone(), after)];
    for heir in heirs {
        let settings = known.settings(&heir);
        let after = as_changed(&settings.core_config, &before, &own);
        moves.push((heir, after));
    }
    for (scope, after) in moves {
        let before = known.settings(&scope);
        pools::may_move(engine.inner(), &scope, &before.core_config, &after).await?;
    }
    Ok(())
}

/// Removes what a tenant has in a database of its own, before its rows at home. Says which database keeps
/// it, where that can't be reached and is to be abandoned then.
///
/// # Errors
/// The database can't be reached, and isn't to be abandoned: then nothing is removed.
pub(super) async fn clear(
    engine: &Engine,
    scope: &TenantScope,
    abandon: bool,
) -> Result<Option<String>, EngineError> {
    let known = engine.known().await?;
    if known.is_plain() {
        return Ok(None);
    }
    let settings = &known.settings(scope).core_config;
    let removed = pools::remove_tenant(engine.inner(), scope, settings).await;
    match removed {
        Err(error) if abandon && error.is_unavailable() => {
            let place = pools::target(engine.inner(), settings)?.map(|target| target.place());
            let database = place.unwrap_or_default();
            tracing::warn!(app = %scope.app, tenant = %scope.tenant, database, %error,
                "a tenant is removed without what it has in its database");
            Ok(Some(database))
        }
        removed => removed.map(|()| None),
    }
}

/// What is written down of a tenant or an app that is removed.
pub(super) fn removed(place: &Place, left_behind: Option<&str>) -> Event {
    let event = told_of(Event::succeeded(AuditKind::TenantRemoved), place);
    match left_behind {
        Some(database) => event.fact("left_behind", database),
        None => event,
    }
}

fn is_of_domain(place: &Place) -> bool {
    place.app.app.is_public() && !place.app.domain.is_empty()
}

/// What the tenant has from its app, or the app from its domain.
fn inherited_by(known: &Known, place: &Place) -> JsonObject {
    let mut parent = place.clone();
    if !place.tenant.is_public() {
        parent.tenant = auth_protocol::TenantId::default();
    } else if !place.app.app.is_public() {
        parent.app.app = auth_protocol::AppId::default();
    } else {
        return JsonObject::new();
    }
    // The settings of the program aren't set for anybody.
    known.settings(&parent.scope()).core_config.clone()
}

/// What an heir has once what it inherits from has changed: what it has of its own stays.
fn as_changed(heirs: &JsonObject, before: &JsonObject, after: &JsonObject) -> JsonObject {
    let mut settings = heirs.clone();
    for (key, value) in before {
        if settings.get(key) == Some(value) {
            settings.shift_remove(key);
        }
    }
    for (key, value) in after {
        settings.entry(key.clone()).or_insert_with(|| value.clone());
    }
    settings
}
