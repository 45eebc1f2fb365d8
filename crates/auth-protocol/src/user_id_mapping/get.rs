//! `GET /recipe/userid/map`

use serde::{Deserialize, Serialize};

use super::{UserIdMapping, UserIdType};
use crate::{UserId, operation::operation};

/// Finds a mapping by one of its ids.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetUserIdMapping {
    /// The id; trimmed by the core.
    pub user_id: UserId,
    /// Which of the two ids it is; [`UserIdType::Any`] when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id_type: Option<UserIdType>,
}

/// The answer to [`GetUserIdMapping`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GetUserIdMappingResponse {
    /// The mapping.
    Ok(UserIdMapping),
    /// The id isn't mapped.
    UnknownMappingError,
}

operation!(
    GetUserIdMapping => GetUserIdMappingResponse,
    "get_user_id_mapping", Get "/recipe/userid/map", AppPublicTenantOnly
);
