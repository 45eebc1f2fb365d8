//! `POST /recipe/signinup/codes/remove`

use serde::{Deserialize, Serialize};

use crate::operation::operation;

/// Revokes every code of an address or phone number. Exactly one of the two is given.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RemoveCodes {
    /// The address; normalised by the core.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The phone number; normalised by the core.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
}

/// The answer to [`RemoveCodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RemoveCodesResponse {
    /// They are gone.
    Ok,
}

operation!(
    RemoveCodes => RemoveCodesResponse,
    "remove_codes", Post "/recipe/signinup/codes/remove", Tenant
);
