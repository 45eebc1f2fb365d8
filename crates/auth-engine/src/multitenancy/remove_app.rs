//! `POST /recipe/multitenancy/app/remove`, `POST /recipe/multitenancy/connectionuridomain/remove`

use auth_protocol::{
    AppId, TenantScope,
    audit::AuditKind,
    multitenancy::{RemoveApp, RemoveConnectionUriDomain, RemoveResponse},
};

use super::{
    names,
    target::{Place, Target, forbidden},
    write::{lock, source, tell, told_of},
};
use crate::{
    Engine, EngineError, Handle,
    audit::{Audit, Event},
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
        let audit = self.audit();
        let body = in_tx!(scope, app, audit, |tx| {
            lock(tx).await?;
            let source = source(tx, &scope).await?;
            let refusal = "Only the public tenantId and public appId is allowed to delete an app";
            source.must_be_domain(refusal)?;
            let place = Target::App(app).place(&source);
            delete(tx, &scope, &place, &audit).await
        });
        self.changing(body).await
    }
}

impl Handle<RemoveConnectionUriDomain> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RemoveConnectionUriDomain,
    ) -> Result<RemoveResponse, EngineError> {
        let domain = names::domain(&operation.connection_uri_domain)?;
        let audit = self.audit();
        let body = in_tx!(scope, domain, audit, |tx| {
            lock(tx).await?;
            let source = source(tx, &scope).await?;
            let refusal = "Only the public tenantId, public appId and default connectionUriDomain \
                is allowed to delete a connectionUriDomain";
            source.must_be_base(refusal)?;
            let place = Target::Domain(domain.clone()).place(&source);
            let own: AppId = place.scope().app;
            if tx.query_opt(HAS_APPS, params![domain, own]).await?.is_some() {
                return Err(forbidden(
                    "Please delete all apps except the public appID for this \
                     connectionUriDomain before calling the delete API.",
                ));
            }
            delete(tx, &scope, &place, &audit).await
        });
        self.changing(body).await
    }
}

/// Deletes an app that has no other tenant than `public`.
async fn delete(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    place: &Place,
    audit: &Audit,
) -> Result<RemoveResponse, EngineError> {
    let app = place.scope().app;
    if tx.query_opt(HAS_TENANTS, params![app]).await?.is_some() {
        return Err(forbidden(
            "Please delete all tenants except the public tenant for this app before calling the \
             delete API",
        ));
    }
    let deleted = tx.execute(DELETE, params![app]).await?;
    if deleted > 0 {
        tell(tx).await?;
        audit.delete_app(tx, &app).await?;
        let event = told_of(Event::succeeded(AuditKind::TenantRemoved), place);
        audit.append(tx, scope, event).await?;
    }
    Ok(RemoveResponse::Ok { did_exist: deleted > 0 })
}
