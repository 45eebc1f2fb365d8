//! `POST /recipe/multitenancy/app/remove`, `POST /recipe/multitenancy/connectionuridomain/remove`

use auth_protocol::{
    AppId, TenantScope,
    multitenancy::{RemoveApp, RemoveConnectionUriDomain, RemoveResponse},
};

use super::{
    database::{self, removed},
    names,
    target::{Place, Target, forbidden},
    write::{lock, source, tell},
};
use crate::{
    Engine, EngineError, Handle,
    audit::Audit,
    storage::{Tx, in_tx, params},
};

const HAS_TENANTS: &str =
    "SELECT 1 FROM tenants WHERE app_id = $1 AND tenant_id <> 'public' LIMIT 1";

const HAS_APPS: &str =
    "SELECT 1 FROM apps WHERE connection_uri_domain = $1 AND app_id <> $2 LIMIT 1";

/// Whatever is an app's goes with this row.
const DELETE: &str = "DELETE FROM apps WHERE app_id = $1";

impl Handle<RemoveApp> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RemoveApp,
    ) -> Result<RemoveResponse, EngineError> {
        let app = names::app_id(&operation.app_id)?;
        if app.is_public() {
            let text = "Cannot delete the public app, use remove connection uri domain API instead";
            return Err(forbidden(text));
        }
        remove(self, scope, Target::App(app), operation.abandon_database).await
    }
}

impl Handle<RemoveConnectionUriDomain> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RemoveConnectionUriDomain,
    ) -> Result<RemoveResponse, EngineError> {
        let domain = names::domain(&operation.connection_uri_domain)?;
        remove(self, scope, Target::Domain(domain), operation.abandon_database).await
    }
}

/// Removes an app, in its own database first.
async fn remove(
    engine: &Engine,
    scope: &TenantScope,
    target: Target,
    abandon: bool,
) -> Result<RemoveResponse, EngineError> {
    let audit = engine.audit();
    let body = in_tx!(scope, target, |tx| { Ok(removable(tx, &scope, target).await?.scope()) });
    let there = engine.home_store().read(body).await?;
    let left_behind = database::clear(engine, &there, abandon).await?;
    let body = in_tx!(scope, target, left_behind, audit, |tx| {
        lock(tx).await?;
        let place = removable(tx, &scope, target).await?;
        delete(tx, &scope, &place, left_behind, &audit).await
    });
    engine.changing(body).await
}

/// The app that is meant, if it may be removed from where it is asked for, and is empty.
async fn removable(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    target: Target,
) -> Result<Place, EngineError> {
    let source = source(tx, scope).await?;
    let place = target.clone().place(&source);
    let app: AppId = place.scope().app;
    match target {
        Target::Domain(domain) => {
            let refusal = "Only the public tenantId, public appId and default connectionUriDomain \
                is allowed to delete a connectionUriDomain";
            source.must_be_base(refusal)?;
            if tx.query_opt(HAS_APPS, params![domain, app]).await?.is_some() {
                return Err(forbidden(
                    "Please delete all apps except the public appID for this \
                     connectionUriDomain before calling the delete API.",
                ));
            }
        }
        Target::App(_) | Target::Tenant(_) => {
            let refusal = "Only the public tenantId and public appId is allowed to delete an app";
            source.must_be_domain(refusal)?;
        }
    }
    if tx.query_opt(HAS_TENANTS, params![app]).await?.is_some() {
        return Err(forbidden(
            "Please delete all tenants except the public tenant for this app before calling the \
             delete API",
        ));
    }
    Ok(place)
}

/// Deletes an app's rows at home.
async fn delete(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    place: &Place,
    left_behind: Option<String>,
    audit: &Audit,
) -> Result<RemoveResponse, EngineError> {
    let app = place.scope().app;
    let deleted = tx.execute(DELETE, params![app]).await?;
    if deleted > 0 {
        tell(tx).await?;
        audit.delete_app(tx, &app).await?;
        audit.append(tx, scope, removed(place, left_behind.as_deref())).await?;
    }
    Ok(RemoveResponse::Ok { did_exist: deleted > 0, left_behind })
}
