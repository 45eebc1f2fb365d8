//! `GET /recipe/role/users`

use serde::{Deserialize, Serialize};

use crate::{UserId, operation::operation};

/// Lists the users that have a role in a tenant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetUsersThatHaveRole {
    /// The role.
    pub role: String,
}

/// The answer to [`GetUsersThatHaveRole`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GetUsersThatHaveRoleResponse {
    /// The users.
    Ok {
        /// Their ids, as the roles were given.
        users: Vec<UserId>,
    },
    /// There is no such role.
    UnknownRoleError,
}

operation!(
    GetUsersThatHaveRole => GetUsersThatHaveRoleResponse,
    "get_users_that_have_role", Get "/recipe/role/users", Tenant
);
