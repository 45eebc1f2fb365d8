//! `GET /recipe/session/device` (extension)

use auth_protocol::{
    TenantScope,
    session::{GetSessionDevice, GetSessionDeviceResponse as Response},
};

use super::{device, lifetime::Moment};
use crate::{Engine, EngineError, Handle, storage::in_tx};

impl Handle<GetSessionDevice> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: GetSessionDevice,
    ) -> Result<Response, EngineError> {
        let at = Moment::now(self);
        let (app, handle) = (scope.app.clone(), operation.session_handle);
        let body = in_tx!(app, handle, |tx| { device::find(tx, &app, &handle, at).await });
        Ok(match self.store().read(body).await? {
            None => Response::UnknownSessionError,
            Some(found) => found.key.map_or(Response::NotBoundError, |key| Response::Ok { key }),
        })
    }
}
