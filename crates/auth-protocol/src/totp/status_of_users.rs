//! `POST /recipe/totp/device/status/bulk`

use serde::{Deserialize, Serialize};

use super::TotpStatus;
use crate::{UserId, operation::operation};

/// Tells of many users whether they have set up an authenticator app.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetTotpStatusOfUsers {
    /// The users, 500 at most.
    pub user_ids: Vec<UserId>,
}

/// The answer to [`GetTotpStatusOfUsers`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GetTotpStatusOfUsersResponse {
    /// One entry for each id asked for, in the same order.
    Ok {
        /// The entries.
        users: Vec<TotpStatus>,
    },
}

operation!(
    GetTotpStatusOfUsers => GetTotpStatusOfUsersResponse,
    "get_totp_status_of_users", Post "/recipe/totp/device/status/bulk", AppPublicTenantOnly
);
