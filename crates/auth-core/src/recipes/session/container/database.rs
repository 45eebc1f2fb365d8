//! What a session's row holds.

use auth_protocol::JsonObject;

use super::Session;
use crate::{
    Error, Result,
    recipes::session::{SessionError, SessionInformation, SessionInstance, transport},
};

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
        method.map_or(Ok(()), |method| transport::clear_session(&cx, instance.config(), method))
    }

    /// The data that stays with the core.
    pub async fn get_session_data_from_database(&self) -> Result<JsonObject> {
        Ok(self.information().await?.session_data_in_database)
    }

    /// Replaces the data that stays with the core.
    pub async fn update_session_data_in_database(&self, new_data: JsonObject) -> Result<()> {
        let cx = self.cx();
        let functions = SessionInstance::of(&cx)?.functions();
        if functions.update_session_data_in_database(&cx, self.get_handle(), new_data).await? {
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

pub(super) fn gone() -> Error {
    SessionError::unauthorised("the session does not exist anymore").into()
}
