//! `POST /recipe/user/password/check` (extension)

use serde::{Deserialize, Serialize};

use super::SignInResponse;
use crate::{Secret, operation::operation};

/// As [`SignIn`](super::SignIn), where nobody signs in by it: the audit log has it as a check, and the
/// user doesn't count as seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CheckPassword {
    /// The email address; trimmed and lower-cased by the core.
    pub email: String,
    /// The password, in clear.
    pub password: Secret,
}

operation!(
    CheckPassword => SignInResponse,
    "check_password", Post "/recipe/user/password/check", Tenant
);
