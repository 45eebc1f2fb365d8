//! `POST /recipe/signinup/code/remove`

use serde::{Deserialize, Serialize};

use crate::operation::operation;

/// Revokes one code, or a device with all its codes. Exactly one of the two is given; unknown ids
/// are no error.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RemoveCode {
    /// The code. A device goes with its last code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_id: Option<String>,
    /// The device; trailing `=` are ignored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pre_auth_session_id: Option<String>,
}

/// The answer to [`RemoveCode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RemoveCodeResponse {
    /// It is gone.
    Ok,
}

operation!(
    RemoveCode => RemoveCodeResponse,
    "remove_code", Post "/recipe/signinup/code/remove", Tenant
);
