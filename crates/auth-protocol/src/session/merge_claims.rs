//! `POST /recipe/session/claims/merge` (extension)

use serde::{Deserialize, Serialize};

use crate::{JsonObject, SessionHandle, operation::operation};

/// Merges claims into those that go into the session's next access token, one level deep, in one
/// step: what others write at the same time, and claims that aren't named, stay as they are.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MergeSessionClaims {
    /// The session.
    pub session_handle: SessionHandle,
    /// What to write; a null removes its key.
    pub update: JsonObject,
}

/// The answer to [`MergeSessionClaims`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MergeSessionClaimsResponse {
    /// It is written.
    Ok {
        /// All the application's claims for the next access token.
        #[serde(rename = "userDataInJWT")]
        user_data_in_jwt: JsonObject,
    },
    /// There is no such session, or it has ended.
    Unauthorised {
        /// Why, for people.
        message: String,
    },
}

operation!(
    MergeSessionClaims => MergeSessionClaimsResponse,
    "merge_session_claims", Post "/recipe/session/claims/merge", App
);
