//! `GET /users/count/active`

use serde::{Deserialize, Serialize};

use crate::operation::operation;

/// Counts the users who were active lately: who signed up or in, or used or refreshed a session.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CountActiveUsers {
    /// Since when, in milliseconds since the epoch; not below zero.
    pub since: i64,
}

/// The answer to [`CountActiveUsers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CountActiveUsersResponse {
    /// The count.
    Ok {
        /// How many there are in the app. Each user's time is at most five minutes old.
        count: u64,
    },
}

operation!(
    CountActiveUsers => CountActiveUsersResponse,
    "count_active_users", Get "/users/count/active", AppPublicTenantOnly
);
