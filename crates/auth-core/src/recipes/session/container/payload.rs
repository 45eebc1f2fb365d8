//! Changes of the access token's payload.

use std::sync::Arc;

use auth_protocol::JsonObject;

use super::{Session, database::gone, parse};
use crate::{
    Result,
    recipes::session::{RegenerateAccessToken, SessionInstance, tokens::retain_protected},
};

impl Session {
    /// Merges claims into the access token, one level deep; a null removes its key. The new token
    /// is written to the response at once.
    ///
    /// What isn't named is as in the session's row, where others may have changed it since the
    /// request's token was made: a claim that was removed doesn't come back with an old token.
    ///
    /// # Errors
    /// [`crate::recipes::session::SessionError::Unauthorised`] where the session is gone.
    pub async fn merge_into_access_token_payload(&self, update: JsonObject) -> Result<()> {
        let cx = self.cx();
        let functions = SessionInstance::of(&cx)?.functions();
        if !functions.merge_into_access_token_payload(&cx, self.get_handle(), update).await? {
            return Err(gone());
        }
        let input = RegenerateAccessToken::new(self.get_access_token());
        let regenerated = functions.regenerate_access_token(&cx, input).await?.ok_or_else(gone)?;

        let Some(token) = regenerated.access_token else {
            // The token expired meanwhile: the row has the claims, and the next token will.
            let mut state = self.0.state.lock();
            let mut payload = (**self.0.payload(&state)).clone();
            retain_protected(&mut payload);
            payload.extend(regenerated.session.user_data_in_jwt);
            state.newer_payload = Some(Arc::new(payload));
            return Ok(());
        };
        let token = parse(&token)?;
        let method = {
            let mut state = self.0.state.lock();
            state.newer_payload = None;
            state.newer_token = Some(token);
            state.is_updated = true;
            state.method
        };
        method.map_or(Ok(()), |method| self.write_access_token(&cx, method))
    }
}
