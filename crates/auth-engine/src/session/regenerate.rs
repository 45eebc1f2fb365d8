//! `POST /recipe/session/regenerate`

use auth_protocol::{
    TenantScope,
    session::{RegenerateSession, RegenerateSessionResponse},
};

use super::{
    SESSION_GONE,
    access_token::{self, AccessToken},
    lifetime::Moment,
    rows,
};
use crate::{Engine, EngineError, Handle, keys::KeyKind, storage::in_tx};

impl Handle<RegenerateSession> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RegenerateSession,
    ) -> Result<RegenerateSessionResponse, EngineError> {
        // What is signed anew says what the old token said of user and times: only a token of ours
        // may say so.
        let verified = self.keys().verify(&scope.app, &operation.access_token).await?;
        let Some(mut token) = verified.ok().and_then(|token| AccessToken::from_verified(&token))
        else {
            let message = "The access token is invalid.".into();
            return Ok(RegenerateSessionResponse::Unauthorised { message });
        };
        let payload = operation.user_data_in_jwt;
        if let Some(payload) = &payload {
            access_token::check_payload(token.version, payload)?;
        }
        let at = Moment::now(self);
        let (app, handle) = (scope.app.clone(), token.session.handle.clone());
        let body = in_tx!(app, handle, payload, |tx| {
            let Some(row) = rows::find_live(tx, &app, &handle, at).await? else {
                return Ok(None);
            };
            let Some(payload) = payload else { return Ok(Some((row.payload, row.use_static_key))) };
            rows::set_payload(tx, &app, &handle, &payload).await?;
            Ok(Some((payload, row.use_static_key)))
        });
        let Some((payload, use_static_key)) = self.store().write(body).await? else {
            return Ok(RegenerateSessionResponse::Unauthorised { message: SESSION_GONE.into() });
        };
        token.session.user_data_in_jwt = payload;
        let is_expired = token.expiry_secs.saturating_mul(1000) <= at.now_ms;
        let access_token = if is_expired {
            None
        } else {
            Some(token.sign(self, &scope.app, KeyKind::of_row(use_static_key)).await?)
        };
        Ok(RegenerateSessionResponse::Ok { session: token.session, access_token })
    }
}
