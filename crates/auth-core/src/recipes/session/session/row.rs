//! What a session's row holds, and the claims that it gives to the access token.

use std::sync::Arc;

use auth_protocol::{JsonObject, SessionHandle};

use super::{
    super::{
        MergeIntoAccessTokenPayloadInput, RegenerateAccessTokenInput, SessionError,
        SessionInformation, SessionInstance, UpdateSessionDataInDatabaseInput, request,
    },
    Session,
    payload::retain_protected,
    read_new,
};
use crate::{Error, Result};

/// Methods that ask the core.
///
/// # Errors
/// [`SessionError::Unauthorised`] where the session is gone.
impl Session {
    /// Ends the session and clears the client's tokens, whether or not the core still had it.
    pub async fn revoke_session(&self) -> Result<()> {
        let cx = self.cx();
        let instance = SessionInstance::of(&cx)?;
        instance.functions().revoke_session(&cx, self.get_handle()).await?;
        let method = self.0.state.lock().method;
        method.map_or(Ok(()), |method| request::clear_session(&cx, instance.config(), method))
    }

    /// Ends the user's other sessions, those of linked login methods and of other tenants included, and
    /// gives their handles: what a page offers whose user has changed a password or a factor
    /// (ASVS 5, 7.4.3).
    pub async fn revoke_other_sessions(&self) -> Result<Vec<SessionHandle>> {
        request::end_other_sessions(&self.cx(), self.get_user_id(), self.get_handle()).await
    }

    /// The data that stays with the core.
    pub async fn get_session_data_from_database(&self) -> Result<JsonObject> {
        Ok(self.information().await?.session_data_in_database)
    }

    /// Replaces the data that stays with the core.
    pub async fn update_session_data_in_database(&self, new_data: JsonObject) -> Result<()> {
        let cx = self.cx();
        let functions = SessionInstance::of(&cx)?.functions();
        let input = UpdateSessionDataInDatabaseInput::new(self.get_handle(), new_data);
        if functions.update_session_data_in_database(&cx, input).await? {
            return Ok(());
        }
        Err(gone())
    }

    /// When the session was started, in milliseconds since the epoch.
    pub async fn get_time_created(&self) -> Result<i64> {
        Ok(self.information().await?.time_created_ms)
    }

    /// When the session ends unless it is refreshed, in milliseconds since the epoch.
    pub async fn get_expiry(&self) -> Result<i64> {
        Ok(self.information().await?.expiry_ms)
    }

    async fn information(&self) -> Result<SessionInformation> {
        let cx = self.cx();
        let functions = SessionInstance::of(&cx)?.functions();
        functions.get_session_information(&cx, self.get_handle()).await?.ok_or_else(gone)
    }
}

fn gone() -> Error {
    SessionError::unauthorised("the session does not exist anymore").into()
}

impl Session {
    /// Merges claims into the access token, one level deep; a null removes its key. The new token
    /// is written to the response at once.
    ///
    /// What isn't named is as in the session's row, where others may have changed it since the
    /// request's token was made: a claim that was removed doesn't come back with an old token.
    ///
    /// # Errors
    /// [`SessionError::Unauthorised`] where the session is gone.
    pub async fn merge_into_access_token_payload(&self, update: JsonObject) -> Result<()> {
        let cx = self.cx();
        let functions = SessionInstance::of(&cx)?.functions();
        let update = MergeIntoAccessTokenPayloadInput::new(self.get_handle(), update);
        if !functions.merge_into_access_token_payload(&cx, update).await? {
            return Err(gone());
        }
        let input = RegenerateAccessTokenInput::new(self.get_access_token());
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
        let token = read_new(&cx, token)?;
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
