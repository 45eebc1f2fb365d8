//! `POST /recipe/webauthn/user/recover/token/consume`

use serde::{Deserialize, Serialize};

use crate::{Secret, UserId, operation::operation};

/// Uses up a recovery token, and with it every other one for the same address in the tenant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ConsumePasskeyRecoveryToken {
    /// The token from the recovery link.
    pub token: Secret,
}

/// The answer to [`ConsumePasskeyRecoveryToken`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum ConsumePasskeyRecoveryTokenResponse {
    /// The token was valid; it isn't any more.
    Ok {
        /// The user that the token was created for.
        user_id: UserId,
        /// The address that the token was sent to.
        email: String,
    },
    /// The token is unknown, used or expired.
    RecoverAccountTokenInvalidError,
}

operation!(
    ConsumePasskeyRecoveryToken => ConsumePasskeyRecoveryTokenResponse,
    "consume_passkey_recovery_token", Post "/recipe/webauthn/user/recover/token/consume", Tenant
);
