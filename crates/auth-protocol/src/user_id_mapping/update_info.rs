//! `PUT /recipe/userid/external-user-id-info`

use serde::{Deserialize, Serialize};

use super::UserIdType;
use crate::{UserId, operation::operation};

/// Writes what the application wants to have written down about a mapping's external id.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateExternalUserIdInfo {
    /// One of the mapping's ids; trimmed by the core.
    pub user_id: UserId,
    /// Which of the two ids it is; [`UserIdType::Any`] when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id_type: Option<UserIdType>,
    /// The information; `None`, which is `null` on the wire, removes it. It is never absent there.
    #[serde(deserialize_with = "Option::deserialize")]
    pub external_user_id_info: Option<String>,
}

/// The answer to [`UpdateExternalUserIdInfo`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UpdateExternalUserIdInfoResponse {
    /// It is written.
    Ok,
    /// The id isn't mapped.
    UnknownMappingError,
}

operation!(
    UpdateExternalUserIdInfo => UpdateExternalUserIdInfoResponse,
    "update_external_user_id_info", Put "/recipe/userid/external-user-id-info",
    AppPublicTenantOnly, {
        const NULLABLE: &'static [&'static str] = &["externalUserIdInfo"];
    }
);
