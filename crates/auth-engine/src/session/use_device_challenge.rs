//! `POST /recipe/session/device/challenge` (extension)

use auth_protocol::{
    TenantScope,
    session::{UseDeviceChallenge, UseDeviceChallengeResponse as Response},
};

use super::{device, lifetime::Moment};
use crate::{Engine, EngineError, Handle, storage::in_tx};

impl Handle<UseDeviceChallenge> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: UseDeviceChallenge,
    ) -> Result<Response, EngineError> {
        let at = Moment::now(self);
        let made_at_ms = operation.challenge_made_at;
        let (app, handle) = (scope.app.clone(), operation.session_handle);
        let body = in_tx!(app, handle, |tx| {
            if device::use_challenge(tx, &app, &handle, made_at_ms, at).await? {
                return Ok(Response::Ok);
            }
            let found = device::find(tx, &app, &handle, at).await?;
            Ok(match found.and_then(|found| found.key) {
                Some(_) => Response::ChallengeUsedError,
                None => Response::UnknownSessionError,
            })
        });
        self.store().write(body).await
    }
}
