//! `POST /recipe/user/email/verify/remove`

use serde::{Deserialize, Serialize};

use crate::{UserId, operation::operation};

/// Takes back that a user has proved an address.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnverifyEmail {
    /// The user.
    pub user_id: UserId,
    /// The address; normalised by the core.
    pub email: String,
}

/// The answer to [`UnverifyEmail`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UnverifyEmailResponse {
    /// It isn't verified, whether it was or not.
    Ok,
}

operation!(
    UnverifyEmail => UnverifyEmailResponse,
    "unverify_email", Post "/recipe/user/email/verify/remove", AppPublicTenantOnly
);
