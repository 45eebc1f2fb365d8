//! `POST /recipe/session/regenerate`

use serde::{Deserialize, Serialize};

use super::{SessionData, TokenInfo};
use crate::{JsonObject, Secret, operation::operation};

/// Writes new claims to a session's row and makes an access token that carries them.
///
/// The reference doesn't check the token's signature; this project's core does, and so it signs
/// nothing anew that it hasn't signed before.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegenerateSession {
    /// The current access token.
    pub access_token: Secret,
    /// The new claims; the row's claims are kept when absent.
    #[serde(default, rename = "userDataInJWT", skip_serializing_if = "Option::is_none")]
    pub user_data_in_jwt: Option<JsonObject>,
}

/// The answer to [`RegenerateSession`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum RegenerateSessionResponse {
    /// The claims are written.
    Ok {
        /// The session.
        session: SessionData,
        /// The new token with the old one's expiry; absent where the old one has expired.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        access_token: Option<TokenInfo>,
    },
    /// The session is gone.
    Unauthorised {
        /// Why, for people.
        message: String,
    },
}

operation!(
    RegenerateSession => RegenerateSessionResponse,
    "regenerate_session", Post "/recipe/session/regenerate", App
);
