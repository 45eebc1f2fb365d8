//! `GET /recipe/session/data`

use serde::{Deserialize, Serialize};

use crate::{JsonObject, SessionHandle, operation::operation};

/// Reads the data that stays with the core, as callers did before [`GetSession`](super::GetSession)
/// gave the whole row.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetSessionData {
    /// The session.
    pub session_handle: SessionHandle,
}

/// The answer to [`GetSessionData`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum GetSessionDataResponse {
    /// The data.
    Ok {
        /// Data that stays with the core.
        user_data_in_database: JsonObject,
    },
    /// There is no such session, or it has expired.
    Unauthorised {
        /// Why, for people.
        message: String,
    },
}

operation!(GetSessionData => GetSessionDataResponse, "get_session_data", Get "/recipe/session/data", App);
