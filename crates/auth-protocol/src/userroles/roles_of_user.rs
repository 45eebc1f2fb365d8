//! `GET /recipe/user/roles`

use serde::{Deserialize, Serialize};

use crate::{UserId, operation::operation};

/// Lists a user's roles in a tenant.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetRolesForUser {
    /// The user; any id is accepted, known or not.
    pub user_id: UserId,
}

/// The answer to [`GetRolesForUser`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GetRolesForUserResponse {
    /// The roles.
    Ok {
        /// Their names.
        roles: Vec<String>,
    },
}

operation!(
    GetRolesForUser => GetRolesForUserResponse,
    "get_roles_for_user", Get "/recipe/user/roles", Tenant
);
