//! `PUT /recipe/session/data`

use serde::{Deserialize, Serialize};

use crate::{JsonObject, SessionHandle, operation::operation};

/// Replaces the data that stays with the core.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateSessionData {
    /// The session.
    pub session_handle: SessionHandle,
    /// What to write; what was there before is gone.
    pub user_data_in_database: JsonObject,
}

/// The answer to [`UpdateSessionData`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UpdateSessionDataResponse {
    /// It is written.
    Ok,
    /// There is no such session, or it has expired.
    Unauthorised {
        /// Why, for people.
        message: String,
    },
}

operation!(UpdateSessionData => UpdateSessionDataResponse, "update_session_data", Put "/recipe/session/data", App);
