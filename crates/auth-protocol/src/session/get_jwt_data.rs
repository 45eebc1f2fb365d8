//! `GET /recipe/jwt/data`

use serde::{Deserialize, Serialize};

use crate::{JsonObject, SessionHandle, operation::operation};

/// Reads the claims for the session's next access token, as callers did before
/// [`GetSession`](super::GetSession) gave the whole row.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetSessionJwtData {
    /// The session.
    pub session_handle: SessionHandle,
}

/// The answer to [`GetSessionJwtData`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GetSessionJwtDataResponse {
    /// The claims.
    Ok {
        /// The application's claims for the next access token.
        #[serde(rename = "userDataInJWT")]
        user_data_in_jwt: JsonObject,
    },
    /// There is no such session, or it has expired.
    Unauthorised {
        /// Why, for people.
        message: String,
    },
}

operation!(GetSessionJwtData => GetSessionJwtDataResponse, "get_session_jwt_data", Get "/recipe/jwt/data", App);
