//! `POST /recipe/user/email/verify/token`

use serde::{Deserialize, Serialize};

use crate::{Secret, UserId, operation::operation};

/// Creates a single-use token whose owner proves that an address is a user's.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateEmailVerificationToken {
    /// The login method, or whatever id the application gives its user.
    pub user_id: UserId,
    /// The address that the token is sent to.
    pub email: String,
}

/// The answer to [`CreateEmailVerificationToken`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CreateEmailVerificationTokenResponse {
    /// The token is created.
    Ok {
        /// The token, shown only here: the core keeps its hash.
        token: Secret,
    },
    /// The user has proved the address already.
    EmailAlreadyVerifiedError,
}

operation!(
    CreateEmailVerificationToken => CreateEmailVerificationTokenResponse,
    "create_email_verification_token", Post "/recipe/user/email/verify/token", Tenant
);
