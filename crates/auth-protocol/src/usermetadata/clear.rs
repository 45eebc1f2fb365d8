//! `POST /recipe/user/metadata/remove`

use serde::{Deserialize, Serialize};

use crate::{UserId, operation::operation};

/// Removes all of a user's metadata.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClearUserMetadata {
    /// The user; any id is accepted, known or not.
    pub user_id: UserId,
}

/// The answer to [`ClearUserMetadata`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ClearUserMetadataResponse {
    /// The metadata is gone.
    Ok,
}

operation!(
    ClearUserMetadata => ClearUserMetadataResponse,
    "clear_user_metadata", Post "/recipe/user/metadata/remove", AppPublicTenantOnly
);
