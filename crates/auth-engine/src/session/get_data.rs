//! `GET /recipe/session/data` and `GET /recipe/jwt/data`

use auth_protocol::{
    SessionHandle, TenantScope,
    session::{
        GetSessionData, GetSessionDataResponse, GetSessionJwtData, GetSessionJwtDataResponse,
    },
};

use super::{
    SESSION_GONE,
    lifetime::Moment,
    rows::{self, SessionRow},
};
use crate::{Engine, EngineError, Handle, storage::in_tx};

impl Handle<GetSessionData> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: GetSessionData,
    ) -> Result<GetSessionDataResponse, EngineError> {
        Ok(match self.live_session(scope, operation.session_handle).await? {
            Some(row) => GetSessionDataResponse::Ok { user_data_in_database: row.data },
            None => GetSessionDataResponse::Unauthorised { message: SESSION_GONE.into() },
        })
    }
}

impl Handle<GetSessionJwtData> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: GetSessionJwtData,
    ) -> Result<GetSessionJwtDataResponse, EngineError> {
        Ok(match self.live_session(scope, operation.session_handle).await? {
            Some(row) => GetSessionJwtDataResponse::Ok { user_data_in_jwt: row.payload },
            None => GetSessionJwtDataResponse::Unauthorised { message: SESSION_GONE.into() },
        })
    }
}

impl Engine {
    async fn live_session(
        &self,
        scope: &TenantScope,
        handle: SessionHandle,
    ) -> Result<Option<SessionRow>, EngineError> {
        let at = Moment::now(self);
        let app = scope.app.clone();
        let body = in_tx!(app, handle, |tx| { rows::find_live(tx, &app, &handle, at).await });
        self.store().read(body).await
    }
}
