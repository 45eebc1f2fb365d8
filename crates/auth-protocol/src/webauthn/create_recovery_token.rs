//! `POST /recipe/webauthn/user/recover/token`

use serde::{Deserialize, Serialize};

use crate::{Secret, UserId, operation::operation};

/// Creates a single-use token that permits to register a passkey for who has lost theirs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreatePasskeyRecoveryToken {
    /// The user or login method; any recipe.
    pub user_id: UserId,
    /// The address that the token is sent to.
    pub email: String,
}

/// The answer to [`CreatePasskeyRecoveryToken`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CreatePasskeyRecoveryTokenResponse {
    /// The token is created.
    Ok {
        /// The token, shown only here: the core keeps its hash.
        token: Secret,
    },
    /// There is no such user.
    UnknownUserIdError,
}

operation!(
    CreatePasskeyRecoveryToken => CreatePasskeyRecoveryTokenResponse,
    "create_passkey_recovery_token", Post "/recipe/webauthn/user/recover/token", Tenant
);
