//! `POST /recipe/totp/device/remove`

use serde::{Deserialize, Serialize};

use crate::{UserId, operation::operation};

/// Removes a device.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RemoveTotpDevice {
    /// The user.
    pub user_id: UserId,
    /// The device's name.
    pub device_name: String,
}

/// The answer to [`RemoveTotpDevice`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum RemoveTotpDeviceResponse {
    /// The device is gone.
    Ok {
        /// Whether it was there.
        did_device_exist: bool,
    },
}

operation!(
    RemoveTotpDevice => RemoveTotpDeviceResponse,
    "remove_totp_device", Post "/recipe/totp/device/remove", AppPublicTenantOnly
);
