//! `GET /users/by-accountinfo`

use serde::{Deserialize, Serialize};

use crate::{User, operation::operation};

/// Lists the users that have the given account information, oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListUsersByAccountInfo {
    /// An email address; normalised by the core.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// A phone number; normalised by the core.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// A third party's id; goes with `third_party_user_id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub third_party_id: Option<String>,
    /// The user's id at that third party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub third_party_user_id: Option<String>,
    /// A passkey's credential id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webauthn_credential_id: Option<String>,
    /// `true`: users that match any of the given fields. `false`: users that match all of them.
    pub do_union_of_account_info: bool,
}

/// The answer to [`ListUsersByAccountInfo`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ListUsersByAccountInfoResponse {
    /// The users.
    Ok {
        /// The users, oldest first.
        users: Vec<User>,
    },
}

operation!(
    ListUsersByAccountInfo => ListUsersByAccountInfoResponse,
    "list_users_by_account_info", Get "/users/by-accountinfo", Tenant
);
