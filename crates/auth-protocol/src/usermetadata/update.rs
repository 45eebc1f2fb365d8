//! `PUT /recipe/user/metadata`

use serde::{Deserialize, Serialize};

use crate::{JsonObject, UserId, operation::operation};

/// Merges an update into a user's metadata: each root key is replaced, `null` removes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateUserMetadata {
    /// The user; any id is accepted, known or not.
    pub user_id: UserId,
    /// The root keys to set or remove.
    pub metadata_update: JsonObject,
}

/// The answer to [`UpdateUserMetadata`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UpdateUserMetadataResponse {
    /// The update is written.
    Ok {
        /// The metadata after the update.
        metadata: JsonObject,
    },
}

operation!(
    UpdateUserMetadata => UpdateUserMetadataResponse,
    "update_user_metadata", Put "/recipe/user/metadata", AppPublicTenantOnly
);
