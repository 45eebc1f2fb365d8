//! `POST /recipe/totp/device`

use serde::{Deserialize, Serialize};

use crate::{Secret, UserId, operation::operation};

/// Creates a device with a new secret. An unverified device of the same name is replaced.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateTotpDevice {
    /// The user; any id is accepted, known or not.
    pub user_id: UserId,
    /// The device's name; `TOTP Device <n>` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_name: Option<String>,
    /// How many periods a code may be early or late.
    pub skew: u32,
    /// How long each code is shown, in seconds.
    pub period: u32,
}

/// The answer to [`CreateTotpDevice`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum CreateTotpDeviceResponse {
    /// The device is created; it counts once one of its codes was entered.
    Ok {
        /// Its name.
        device_name: String,
        /// The secret for the authenticator app, in Base32 (RFC 4648).
        secret: Secret,
    },
    /// The user has a verified device of that name.
    DeviceAlreadyExistsError,
}

operation!(
    CreateTotpDevice => CreateTotpDeviceResponse,
    "create_totp_device", Post "/recipe/totp/device", AppPublicTenantOnly
);
