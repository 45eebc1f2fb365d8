//! `GET /recipe/session`

use auth_protocol::{
    TenantScope,
    session::{GetSession, GetSessionResponse},
};

use super::{
    SESSION_GONE,
    lifetime::Moment,
    rows::{self, Owner},
};
use crate::{Engine, EngineError, Handle, storage::in_tx};

impl Handle<GetSession> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: GetSession,
    ) -> Result<GetSessionResponse, EngineError> {
        let at = Moment::now(self);
        let (app, handle) = (scope.app.clone(), operation.session_handle);
        let body = in_tx!(app, handle, |tx| {
            let Some(row) = rows::find_live(tx, &app, &handle, at).await? else {
                return Ok(None);
            };
            let owner = Owner::of_row(tx, &app, &row).await?;
            Ok(Some((row, owner)))
        });
        let Some((row, owner)) = self.store().read(body).await? else {
            return Ok(GetSessionResponse::Unauthorised { message: SESSION_GONE.into() });
        };
        Ok(GetSessionResponse::Ok {
            tenant_id: handle.tenant_id(),
            session_handle: handle,
            user_id: owner.user,
            recipe_user_id: owner.method,
            user_data_in_database: row.data,
            user_data_in_jwt: row.payload,
            expiry: row.expires_at_ms,
            time_created: row.created_at_ms,
        })
    }
}
