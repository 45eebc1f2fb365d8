//! `POST /recipe/totp/device/import`

use serde::{Deserialize, Serialize};

use crate::{Secret, UserId, operation::operation};

/// Creates a verified device with a secret from elsewhere. An unverified device of the same name
/// is replaced.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportTotpDevice {
    /// The user; any id is accepted, known or not.
    pub user_id: UserId,
    /// The device's name; `TOTP Device <n>` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_name: Option<String>,
    /// How many periods a code may be early or late.
    pub skew: u32,
    /// How long each code is shown, in seconds.
    pub period: u32,
    /// The secret, in Base32 (RFC 4648).
    pub secret_key: Secret,
}

/// The answer to [`ImportTotpDevice`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum ImportTotpDeviceResponse {
    /// The device is created and verified.
    Ok {
        /// Its name.
        device_name: String,
    },
    /// The user has a verified device of that name.
    DeviceAlreadyExistsError,
}

operation!(
    ImportTotpDevice => ImportTotpDeviceResponse,
    "import_totp_device", Post "/recipe/totp/device/import", AppPublicTenantOnly
);
