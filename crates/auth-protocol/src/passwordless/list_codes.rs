//! `GET /recipe/signinup/codes`

use serde::{Deserialize, Serialize};

use super::Device;
use crate::{Secret, operation::operation};

/// Lists devices and their codes. Exactly one of the four is given.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListCodes {
    /// The devices of an address; normalised by the core.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The devices of a phone number; normalised by the core.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// One device, by its secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<Secret>,
    /// One device, by its digest; trailing `=` are ignored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pre_auth_session_id: Option<String>,
}

impl ListCodes {
    /// The devices of an address.
    pub fn by_email(email: impl Into<String>) -> Self {
        Self { email: Some(email.into()), ..Self::default() }
    }

    /// The devices of a phone number.
    pub fn by_phone_number(phone_number: impl Into<String>) -> Self {
        Self { phone_number: Some(phone_number.into()), ..Self::default() }
    }

    /// One device, by its secret.
    pub fn by_device_id(device_id: impl Into<Secret>) -> Self {
        Self { device_id: Some(device_id.into()), ..Self::default() }
    }

    /// One device, by its digest.
    pub fn by_pre_auth_session_id(id: impl Into<String>) -> Self {
        Self { pre_auth_session_id: Some(id.into()), ..Self::default() }
    }
}

/// The answer to [`ListCodes`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ListCodesResponse {
    /// The devices.
    Ok {
        /// The devices; expired codes are among theirs until they are tidied up.
        devices: Vec<Device>,
    },
}

operation!(ListCodes => ListCodesResponse, "list_codes", Get "/recipe/signinup/codes", Tenant);
