//! `POST /recipe/session/regenerate`

use auth_protocol::{
    TenantScope,
    session::{RegenerateSession, RegenerateSessionResponse},
};

use super::{
    SESSION_GONE,
    access_token::{self, AccessToken},
    rows,
};
use crate::{
    Engine, EngineError, Handle,
    keys::KeyKind,
    storage::{in_tx, params},
};

const SAVE: &str = "UPDATE session_info SET jwt_user_payload = $4 \
    WHERE app_id = $1 AND tenant_id = $2 AND session_handle = $3";

impl Handle<RegenerateSession> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RegenerateSession,
    ) -> Result<RegenerateSessionResponse, EngineError> {
        let Some(mut token) = AccessToken::parse_unverified(&operation.access_token) else {
            let message = "The access token is malformed.".into();
            return Ok(RegenerateSessionResponse::Unauthorised { message });
        };
        let payload = operation.user_data_in_jwt;
        if let Some(payload) = &payload {
            access_token::check_payload(token.version, payload)?;
        }
        let now_ms = self.clock().now_ms();
        let (app, handle) = (scope.app.clone(), token.session.handle.clone());
        let body = in_tx!(app, handle, payload, |tx| {
            let Some(row) = rows::find_live(tx, &app, &handle, now_ms).await? else {
                return Ok(None);
            };
            let Some(payload) = payload else { return Ok(Some((row.payload, row.use_static_key))) };
            let text = rows::write_json(&payload)?;
            tx.execute(SAVE, params![app, handle.tenant_id(), handle, text]).await?;
            Ok(Some((payload, row.use_static_key)))
        });
        let Some((payload, use_static_key)) = self.store().write(body).await? else {
            return Ok(RegenerateSessionResponse::Unauthorised { message: SESSION_GONE.into() });
        };
        token.session.user_data_in_jwt = payload;
        let is_expired = token.expiry_secs.saturating_mul(1000) <= now_ms;
        let access_token = if is_expired {
            None
        } else {
            Some(token.sign(self, &scope.app, KeyKind::of_row(use_static_key)).await?)
        };
        Ok(RegenerateSessionResponse::Ok { session: token.session, access_token })
    }
}
