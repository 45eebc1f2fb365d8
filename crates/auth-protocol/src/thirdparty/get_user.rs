//! `GET /recipe/user` with `rid: thirdparty`

use serde::{Deserialize, Serialize};

use crate::{CdiVersion, User, UserId, operation::operation};

/// Finds the user of a login method of this recipe: by its id, or by the account at the third party.
/// Callers of CDI 4.0 and newer ask for users of any recipe.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetThirdPartyUser {
    /// The login method's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// The third party, along with the account's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub third_party_id: Option<String>,
    /// The account's id there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub third_party_user_id: Option<String>,
}

/// The answer to [`GetThirdPartyUser`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GetThirdPartyUserResponse {
    /// The user.
    Ok {
        /// The user.
        user: User,
    },
    /// No login method of this recipe has the id.
    UnknownUserIdError,
    /// No login method of this recipe has the account in the tenant.
    UnknownThirdPartyUserError,
}

operation!(
    GetThirdPartyUser => GetThirdPartyUserResponse,
    "get_third_party_user", Get "/recipe/user", TenantOrApp, rid = "thirdparty", {
        fn refuses_tenant(&self, version: CdiVersion) -> bool {
            self.user_id.is_some() && version >= CdiVersion::V5_0
        }
    }
);
