//! `PUT /recipe/totp/device`

use serde::{Deserialize, Serialize};

use crate::{UserId, operation::operation};

/// Gives a device another name.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateTotpDevice {
    /// The user.
    pub user_id: UserId,
    /// The device's name.
    pub existing_device_name: String,
    /// The name that it gets.
    pub new_device_name: String,
}

/// The answer to [`UpdateTotpDevice`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UpdateTotpDeviceResponse {
    /// The device has its new name.
    Ok,
    /// The user has no such device.
    UnknownDeviceError,
    /// Another device of the user has the new name.
    DeviceAlreadyExistsError,
}

operation!(
    UpdateTotpDevice => UpdateTotpDeviceResponse,
    "update_totp_device", Put "/recipe/totp/device", AppPublicTenantOnly
);
