//! `PUT /recipe/user` with `rid: emailpassword`

use serde::{Deserialize, Serialize};

use crate::{RecipeUserId, Secret, operation::operation};

/// Changes the email address or the password of a login method, or both.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateEmailOrPassword {
    /// The login method.
    pub recipe_user_id: RecipeUserId,
    /// The new address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The new password, in clear.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
}

/// The answer to [`UpdateEmailOrPassword`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UpdateEmailOrPasswordResponse {
    /// Both are written.
    Ok,
    /// There is no such login method of this recipe.
    UnknownUserIdError,
    /// Another user of this recipe has the address in one of the login method's tenants.
    EmailAlreadyExistsError,
    /// Another primary user has the address.
    EmailChangeNotAllowedError {
        /// Why, for people.
        reason: String,
    },
}

operation!(
    UpdateEmailOrPassword => UpdateEmailOrPasswordResponse,
    "update_email_or_password", Put "/recipe/user", AppPublicTenantOnly, rid = "emailpassword"
);
