//! `GET /recipe/user/metadata`

use serde::{Deserialize, Serialize};

use crate::{JsonObject, UserId, operation::operation};

/// Reads a user's metadata.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetUserMetadata {
    /// The user; any id is accepted, known or not.
    pub user_id: UserId,
}

/// The answer to [`GetUserMetadata`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GetUserMetadataResponse {
    /// The metadata.
    Ok {
        /// The metadata; empty where none was ever written.
        metadata: JsonObject,
    },
}

operation!(
    GetUserMetadata => GetUserMetadataResponse,
    "get_user_metadata", Get "/recipe/user/metadata", AppPublicTenantOnly
);
