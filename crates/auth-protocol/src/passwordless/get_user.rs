//! `GET /recipe/user` with `rid: passwordless`

use serde::{Deserialize, Serialize};

use crate::{CdiVersion, User, UserId, operation::operation};

/// Finds a user by its login method of this recipe: by exactly one of its id, address and number.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetPasswordlessUser {
    /// The login method's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// Its address in the tenant; normalised by the core.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Its phone number in the tenant; normalised by the core.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
}

/// The answer to [`GetPasswordlessUser`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GetPasswordlessUserResponse {
    /// The user.
    Ok {
        /// The user.
        user: User,
    },
    /// No login method of this recipe has the id.
    UnknownUserIdError,
    /// No login method of this recipe has the address in the tenant.
    UnknownEmailError,
    /// No login method of this recipe has the phone number in the tenant.
    UnknownPhoneNumberError,
}

operation!(
    GetPasswordlessUser => GetPasswordlessUserResponse,
    "get_passwordless_user", Get "/recipe/user", TenantOrApp, rid = "passwordless", {
        fn refuses_tenant(&self, version: CdiVersion) -> bool {
            self.user_id.is_some() && version >= CdiVersion::V5_0
        }
    }
);
