//! `POST /recipe/totp/device/verify`

use serde::{Deserialize, Serialize};

use crate::{Secret, UserId, operation::operation};

/// Checks the first code of a new device, which then counts as verified. The code of a device that
/// is verified already isn't looked at.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VerifyTotpDevice {
    /// The user.
    pub user_id: UserId,
    /// The device's name.
    pub device_name: String,
    /// The code.
    pub totp: Secret,
}

/// The answer to [`VerifyTotpDevice`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum VerifyTotpDeviceResponse {
    /// The device is verified.
    Ok {
        /// Whether it was before.
        was_already_verified: bool,
    },
    /// The user has no such device.
    UnknownDeviceError,
    /// The code is wrong, too old, or was used before.
    InvalidTotpError {
        /// How many codes in a row were wrong, this one included.
        current_number_of_failed_attempts: u32,
        /// How many may be.
        max_number_of_failed_attempts: u32,
    },
    /// Too many codes in a row were wrong; this one wasn't looked at.
    LimitReachedError {
        /// When the next one will be, in milliseconds from now.
        retry_after_ms: i64,
        /// How many codes in a row were wrong.
        current_number_of_failed_attempts: u32,
        /// How many may be.
        max_number_of_failed_attempts: u32,
    },
}

operation!(
    VerifyTotpDevice => VerifyTotpDeviceResponse,
    "verify_totp_device", Post "/recipe/totp/device/verify", Tenant
);
