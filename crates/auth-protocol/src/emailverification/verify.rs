//! `POST /recipe/user/email/verify`

use serde::{Deserialize, Serialize};

use crate::{Secret, UserId, operation::operation};

/// Uses up a token, and with it every other one of the same user and address in the tenant; the
/// address is verified from then on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct VerifyEmail {
    /// How the address is proved: by a `token`, which is all that there is.
    pub method: String,
    /// The token from the link.
    pub token: Secret,
}

/// The answer to [`VerifyEmail`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum VerifyEmailResponse {
    /// The token was valid; it isn't any more.
    Ok {
        /// The user that the token was created for.
        user_id: UserId,
        /// The address that is verified now.
        email: String,
    },
    /// The token is unknown, used or expired.
    EmailVerificationInvalidTokenError,
}

impl VerifyEmail {
    /// By the token from a link.
    pub fn by_token(token: impl Into<Secret>) -> Self {
        Self { method: "token".to_owned(), token: token.into() }
    }
}

operation!(
    VerifyEmail => VerifyEmailResponse,
    "verify_email", Post "/recipe/user/email/verify", Tenant
);
