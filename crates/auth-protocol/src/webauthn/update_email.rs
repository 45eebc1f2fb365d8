//! `PUT /recipe/webauthn/user/email`

use serde::{Deserialize, Serialize};

use crate::{RecipeUserId, operation::operation};

/// Changes the address of a login method. Its passkeys stay.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdatePasskeyEmail {
    /// The login method, one of this recipe.
    pub recipe_user_id: RecipeUserId,
    /// The new address; trimmed and lower-cased by the core.
    pub email: String,
}

/// The answer to [`UpdatePasskeyEmail`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UpdatePasskeyEmailResponse {
    /// It is written.
    Ok,
    /// There is no such login method of this recipe.
    UnknownUserIdError,
    /// Another user of this recipe has the address in one of the login method's tenants.
    EmailAlreadyExistsError,
    /// Another primary user has the address.
    UserWithEmailAlreadyExistsError,
}

operation!(
    UpdatePasskeyEmail => UpdatePasskeyEmailResponse,
    "update_passkey_email", Put "/recipe/webauthn/user/email", Tenant
);
