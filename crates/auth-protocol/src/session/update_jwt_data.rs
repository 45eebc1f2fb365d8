//! `PUT /recipe/jwt/data`

use serde::{Deserialize, Serialize};

use crate::{JsonObject, SessionHandle, operation::operation};

/// Replaces the claims that go into the session's next access token.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateSessionJwtData {
    /// The session.
    pub session_handle: SessionHandle,
    /// What to write; what was there before is gone.
    #[serde(rename = "userDataInJWT")]
    pub user_data_in_jwt: JsonObject,
}

/// The answer to [`UpdateSessionJwtData`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UpdateSessionJwtDataResponse {
    /// It is written.
    Ok,
    /// There is no such session, or it has expired.
    Unauthorised {
        /// Why, for people.
        message: String,
    },
}

operation!(UpdateSessionJwtData => UpdateSessionJwtDataResponse, "update_session_jwt_data", Put "/recipe/jwt/data", App);
