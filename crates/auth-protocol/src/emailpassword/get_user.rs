//! `GET /recipe/user` with `rid: emailpassword`

use serde::{Deserialize, Serialize};

use crate::{CdiVersion, User, UserId, operation::operation};

/// Finds the user of a login method of this recipe: by exactly one of its id and its address.
/// Callers of CDI 4.0 and newer ask for users of any recipe.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetEmailPasswordUser {
    /// The login method's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// Its address in the tenant; normalised by the core.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// The answer to [`GetEmailPasswordUser`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GetEmailPasswordUserResponse {
    /// The user.
    Ok {
        /// The user.
        user: User,
    },
    /// No login method of this recipe has the id.
    UnknownUserIdError,
    /// No login method of this recipe has the address in the tenant.
    UnknownEmailError,
}

operation!(
    GetEmailPasswordUser => GetEmailPasswordUserResponse,
    "get_emailpassword_user", Get "/recipe/user", TenantOrApp, rid = "emailpassword", {
        fn refuses_tenant(&self, version: CdiVersion) -> bool {
            self.user_id.is_some() && version >= CdiVersion::V5_0
        }
    }
);
