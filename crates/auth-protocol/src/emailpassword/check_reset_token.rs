//! `POST /recipe/user/password/reset/token/check` (extension)

use serde::{Deserialize, Serialize};

use super::ConsumePasswordResetTokenResponse;
use crate::{Secret, operation::operation};

/// Whose a password reset token is, which stays good.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CheckPasswordResetToken {
    /// The token from the reset link.
    pub token: Secret,
}

operation!(
    CheckPasswordResetToken => ConsumePasswordResetTokenResponse,
    "check_password_reset_token", Post "/recipe/user/password/reset/token/check", Tenant
);
