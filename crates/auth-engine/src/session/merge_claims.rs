//! `POST /recipe/session/claims/merge`

use auth_protocol::{
    TenantScope,
    session::{MergeSessionClaims, MergeSessionClaimsResponse, merge_claims},
};

use super::{
    SESSION_GONE,
    access_token::{self, TokenVersion},
    lifetime::Moment,
    rows,
};
use crate::{Engine, EngineError, Handle, storage::in_tx};

impl Handle<MergeSessionClaims> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: MergeSessionClaims,
    ) -> Result<MergeSessionClaimsResponse, EngineError> {
        let update = operation.update;
        let set = update.iter().filter(|(_, value)| !value.is_null());
        access_token::check_claims(TokenVersion::V5, set.map(|(claim, _)| claim))?;
        let at = Moment::now(self);
        let (app, handle) = (scope.app.clone(), operation.session_handle);
        let body = in_tx!(app, handle, update, |tx| {
            // The row is locked from here on, so that of two who merge each sees what the other
            // wrote.
            let Some(row) = rows::find_live(tx, &app, &handle, at).await? else { return Ok(None) };
            let mut payload = row.payload.clone();
            merge_claims(&mut payload, update);
            if payload != row.payload {
                rows::set_payload(tx, &app, &handle, &payload).await?;
            }
            Ok(Some(payload))
        });
        Ok(match self.store().write(body).await? {
            Some(user_data_in_jwt) => MergeSessionClaimsResponse::Ok { user_data_in_jwt },
            None => MergeSessionClaimsResponse::Unauthorised { message: SESSION_GONE.into() },
        })
    }
}
