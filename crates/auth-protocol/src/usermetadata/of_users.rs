//! `POST /recipe/user/metadata/bulk`

use serde::{Deserialize, Serialize};

use crate::{JsonObject, UserId, operation::operation};

/// Reads the metadata of many users at once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetMetadataOfUsers {
    /// The users, 500 at most; any id is accepted, known or not.
    pub user_ids: Vec<UserId>,
}

/// One user's metadata.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MetadataOfUser {
    /// The id that was asked for.
    pub user_id: UserId,
    /// The metadata; `None` where none was ever written.
    pub metadata: Option<JsonObject>,
}

/// The answer to [`GetMetadataOfUsers`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GetMetadataOfUsersResponse {
    /// One entry for each id asked for, in the same order.
    Ok {
        /// The entries.
        users: Vec<MetadataOfUser>,
    },
}

operation!(
    GetMetadataOfUsers => GetMetadataOfUsersResponse,
    "get_metadata_of_users", Post "/recipe/user/metadata/bulk", AppPublicTenantOnly
);
