//! A mapping, and the two kinds of ids in it.

use serde::{Deserialize, Serialize};

use crate::UserId;

/// Which id of a mapping is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum UserIdType {
    /// The core's own.
    SuperTokens,
    /// The other system's.
    External,
    /// The core's own where there is such a mapping, else the other system's.
    #[default]
    Any,
}

/// A user of the core, and the id that another system has for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserIdMapping {
    /// The core's own id.
    pub super_tokens_user_id: UserId,
    /// The other system's id.
    pub external_user_id: UserId,
    /// What the application wrote down about the other system's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_user_id_info: Option<String>,
}
