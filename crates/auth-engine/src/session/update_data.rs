//! `PUT /recipe/session/data`

use auth_protocol::{
    TenantScope,
    session::{UpdateSessionData, UpdateSessionDataResponse},
};

use super::{SESSION_GONE, lifetime::Moment, rows};
use crate::{
    Engine, EngineError, Handle,
    storage::{in_tx, params},
};

const SAVE: &str = "UPDATE session_info SET session_data = $4 \
    WHERE app_id = $1 AND tenant_id = $2 AND session_handle = $3 AND expires_at >= $5 \
    AND created_at_time >= $6";

impl Handle<UpdateSessionData> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: UpdateSessionData,
    ) -> Result<UpdateSessionDataResponse, EngineError> {
        let text = rows::write_json(&operation.user_data_in_database)?;
        let at = Moment::now(self);
        let (app, handle) = (scope.app.clone(), operation.session_handle);
        let body = in_tx!(app, handle, text, |tx| {
            let (tenant, oldest_ms) = (handle.tenant_id(), at.oldest_start_ms());
            tx.execute(SAVE, params![app, tenant, handle, text, at.now_ms, oldest_ms]).await
        });
        Ok(match self.store().write(body).await? {
            0 => UpdateSessionDataResponse::Unauthorised { message: SESSION_GONE.into() },
            _ => UpdateSessionDataResponse::Ok,
        })
    }
}
