//! `POST /recipe/userid/map/remove`

use serde::{Deserialize, Serialize};

use super::UserIdType;
use crate::{UserId, operation::operation};

/// Ends a mapping: from then on the user is known by the core's own id.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeleteUserIdMapping {
    /// One of its ids; trimmed by the core.
    pub user_id: UserId,
    /// Which of the two ids it is; [`UserIdType::Any`] when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id_type: Option<UserIdType>,
    /// Whether to do it even if data is kept under the other system's id, which then isn't found
    /// by the core's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub force: Option<bool>,
}

/// The answer to [`DeleteUserIdMapping`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum DeleteUserIdMappingResponse {
    /// There is no such mapping now.
    Ok {
        /// Whether there was one.
        did_mapping_exist: bool,
    },
}

operation!(
    DeleteUserIdMapping => DeleteUserIdMappingResponse,
    "delete_user_id_mapping", Post "/recipe/userid/map/remove", AppPublicTenantOnly
);
