//! `POST /recipe/user/email/verify/token/remove`

use serde::{Deserialize, Serialize};

use crate::{UserId, operation::operation};

/// Revokes the tokens of a user and an address in the tenant.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RemoveEmailVerificationTokens {
    /// The user that they were created for.
    pub user_id: UserId,
    /// The address that they were sent to; normalised by the core.
    pub email: String,
}

/// The answer to [`RemoveEmailVerificationTokens`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RemoveEmailVerificationTokensResponse {
    /// There is none any more.
    Ok,
}

operation!(
    RemoveEmailVerificationTokens => RemoveEmailVerificationTokensResponse,
    "remove_email_verification_tokens", Post "/recipe/user/email/verify/token/remove", Tenant
);
