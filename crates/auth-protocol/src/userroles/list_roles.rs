//! `GET /recipe/roles`

use serde::{Deserialize, Serialize};

use crate::operation::operation;

/// Lists every role of the app.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct GetAllRoles {}

/// The answer to [`GetAllRoles`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GetAllRolesResponse {
    /// The roles.
    Ok {
        /// Their names.
        roles: Vec<String>,
    },
}

operation!(
    GetAllRoles => GetAllRolesResponse,
    "get_all_roles", Get "/recipe/roles", AppPublicTenantOnly
);
