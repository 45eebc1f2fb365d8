//! `PUT /recipe/session/data`

use auth_protocol::{
    TenantScope,
    session::{UpdateSessionData, UpdateSessionDataResponse},
};

use super::{SESSION_GONE, rows};
use crate::{
    Engine, EngineError, Handle,
    storage::{in_tx, params},
};

const SAVE: &str = "UPDATE session_info SET session_data = $4 \
    WHERE app_id = $1 AND tenant_id = $2 AND session_handle = $3 AND expires_at >= $5";

impl Handle<UpdateSessionData> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: UpdateSessionData,
    ) -> Result<UpdateSessionDataResponse, EngineError> {
        let text = rows::write_json(&operation.user_data_in_database)?;
        let now_ms = self.clock().now_ms();
        let (app, handle) = (scope.app.clone(), operation.session_handle);
        let body = in_tx!(app, handle, text, |tx| {
            tx.execute(SAVE, params![app, handle.tenant_id(), handle, text, now_ms]).await
        });
        Ok(match self.store().write(body).await? {
            0 => UpdateSessionDataResponse::Unauthorised { message: SESSION_GONE.into() },
            _ => UpdateSessionDataResponse::Ok,
        })
    }
}
