//! `GET /recipe/webauthn/user/recover`

use serde::{Deserialize, Serialize};

use crate::{RecipeUserId, Secret, User, operation::operation};

/// Reads whose a recovery token is, without using it up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetUserOfPasskeyRecoveryToken {
    /// The token from the recovery link.
    pub token: Secret,
}

/// The answer to [`GetUserOfPasskeyRecoveryToken`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
#[allow(clippy::large_enum_variant)]
pub enum GetUserOfPasskeyRecoveryTokenResponse {
    /// The token is valid.
    Ok {
        /// The user.
        user: User,
        /// Its login method of this recipe with the token's address; where it has none, the one that
        /// the token was made for.
        recipe_user_id: RecipeUserId,
        /// The address that the token was sent to. The reference's core doesn't tell.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        email: Option<String>,
    },
    /// The token is unknown, used or expired.
    RecoverAccountTokenInvalidError,
}

operation!(
    GetUserOfPasskeyRecoveryToken => GetUserOfPasskeyRecoveryTokenResponse,
    "get_user_of_passkey_recovery_token", Get "/recipe/webauthn/user/recover", Tenant
);
