//! `PUT /recipe/jwt/data`

use auth_protocol::{
    TenantScope,
    session::{UpdateSessionJwtData, UpdateSessionJwtDataResponse},
};

use super::{
    SESSION_GONE,
    access_token::{self, TokenVersion},
    lifetime::Moment,
    rows,
};
use crate::{
    Engine, EngineError, Handle,
    storage::{in_tx, params},
};

const SAVE: &str = "UPDATE session_info SET jwt_user_payload = $4 \
    WHERE app_id = $1 AND tenant_id = $2 AND session_handle = $3 AND expires_at >= $5 \
    AND created_at_time >= $6";

impl Handle<UpdateSessionJwtData> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: UpdateSessionJwtData,
    ) -> Result<UpdateSessionJwtDataResponse, EngineError> {
        access_token::check_payload(TokenVersion::V5, &operation.user_data_in_jwt)?;
        let text = rows::write_json(&operation.user_data_in_jwt)?;
        let at = Moment::now(self);
        let (app, handle) = (scope.app.clone(), operation.session_handle);
        let body = in_tx!(app, handle, text, |tx| {
            let (tenant, oldest_ms) = (handle.tenant_id(), at.oldest_start_ms());
            tx.execute(SAVE, params![app, tenant, handle, text, at.now_ms, oldest_ms]).await
        });
        Ok(match self.store().write(body).await? {
            0 => UpdateSessionJwtDataResponse::Unauthorised { message: SESSION_GONE.into() },
            _ => UpdateSessionJwtDataResponse::Ok,
        })
    }
}
