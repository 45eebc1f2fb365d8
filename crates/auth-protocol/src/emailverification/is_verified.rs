//! `GET /recipe/user/email/verify`

use serde::{Deserialize, Serialize};

use crate::{UserId, operation::operation};

/// Asks whether a user has proved an address.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IsEmailVerified {
    /// The login method, or whatever id the application gives its user.
    pub user_id: UserId,
    /// The address; normalised by the core.
    pub email: String,
}

/// The answer to [`IsEmailVerified`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum IsEmailVerifiedResponse {
    /// The answer.
    Ok {
        /// Whether it has.
        is_verified: bool,
    },
}

operation!(
    IsEmailVerified => IsEmailVerifiedResponse,
    "is_email_verified", Get "/recipe/user/email/verify", AppPublicTenantOnly
);
