//! `GET /recipe/totp/device/list`

use serde::{Deserialize, Serialize};

use super::TotpDevice;
use crate::{UserId, operation::operation};

/// Lists a user's devices, oldest first.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListTotpDevices {
    /// The user; any id is accepted, known or not.
    pub user_id: UserId,
}

/// The answer to [`ListTotpDevices`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ListTotpDevicesResponse {
    /// The devices.
    Ok {
        /// The devices, without their secrets.
        devices: Vec<TotpDevice>,
    },
}

operation!(
    ListTotpDevices => ListTotpDevicesResponse,
    "list_totp_devices", Get "/recipe/totp/device/list", AppPublicTenantOnly
);
