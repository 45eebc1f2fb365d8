//! `POST /recipe/session/device` (extension)

use auth_protocol::{
    TenantScope,
    audit::AuditKind,
    session::{BindSessionDevice, BindSessionDeviceResponse as Response},
};

use super::{device, lifetime::Moment};
use crate::{Engine, EngineError, Handle, audit::Event, storage::in_tx};

impl Handle<BindSessionDevice> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: BindSessionDevice,
    ) -> Result<Response, EngineError> {
        let key = device::write_key(&operation.key)?;
        let at = Moment::now(self);
        let made_at_ms = operation.challenge_made_at;
        let (app, handle) = (scope.app.clone(), operation.session_handle);
        let audit = self.audit();
        let body = in_tx!(app, handle, key, audit, |tx| {
            let is_bound = device::bind(tx, &app, &handle, &key, made_at_ms, at).await?;
            let Some(found) = device::find(tx, &app, &handle, at).await? else {
                return Ok(Response::UnknownSessionError);
            };
            if !is_bound {
                return Ok(Response::AlreadyBoundError);
            }
            let scope = TenantScope::new(app, handle.tenant_id());
            let event = Event::succeeded(AuditKind::SessionBound).user(&found.own_id);
            audit.append(tx, &scope, event.session(&handle)).await?;
            Ok(Response::Ok)
        });
        self.store().write(body).await
    }
}
