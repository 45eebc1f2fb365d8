//! `GET /recipe/users/by-email`

use serde::{Deserialize, Serialize};

use crate::{User, operation::operation};

/// Lists the users whose account at any third party has an address. Callers of CDI 4.0 and newer
/// ask for users of any recipe.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListThirdPartyUsersByEmail {
    /// The address; normalised by the core.
    pub email: String,
}

/// The answer to [`ListThirdPartyUsersByEmail`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ListThirdPartyUsersByEmailResponse {
    /// The answer.
    Ok {
        /// The users, by the time at which they joined.
        users: Vec<User>,
    },
}

operation!(
    ListThirdPartyUsersByEmail => ListThirdPartyUsersByEmailResponse,
    "list_third_party_users_by_email", Get "/recipe/users/by-email", Tenant
);
