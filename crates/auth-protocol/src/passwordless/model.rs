//! What the operations of this recipe have in common.

use serde::{Deserialize, Serialize};

use crate::{Secret, UserId};

/// A code that was just created. Its secrets are shown only here: the core keeps hashes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreatedCode {
    /// The digest of the device id; it names the device in links and may be seen by others.
    pub pre_auth_session_id: String,
    /// The id of this code.
    pub code_id: String,
    /// What only the browser knows that the code was requested from.
    pub device_id: Secret,
    /// The code that the user types in.
    pub user_input_code: Secret,
    /// The code in the link.
    pub link_code: Secret,
    /// How long the code is valid, in milliseconds.
    pub code_lifetime: i64,
    /// When it was created, in milliseconds since the epoch.
    pub time_created: i64,
}

/// What a user proves its address or number with: the code from a link, or a code that was typed
/// in at the device that requested it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CodeProof {
    /// The device; trailing `=` are ignored.
    pub pre_auth_session_id: String,
    /// The code from a link; stands alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_code: Option<Secret>,
    /// The device's secret; goes with `user_input_code`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<Secret>,
    /// The code that was typed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_input_code: Option<Secret>,
    /// The session's user, where the code is typed in as another factor of it: wrong ones count
    /// together with those of its other second factors. An extension, passed over by other cores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
}

impl CodeProof {
    /// The code from a link.
    pub fn link_code(pre_auth_session_id: impl Into<String>, link_code: impl Into<Secret>) -> Self {
        Self {
            pre_auth_session_id: pre_auth_session_id.into(),
            link_code: Some(link_code.into()),
            device_id: None,
            user_input_code: None,
            user_id: None,
        }
    }

    /// A code that was typed in.
    pub fn user_input_code(
        pre_auth_session_id: impl Into<String>,
        device_id: impl Into<Secret>,
        user_input_code: impl Into<Secret>,
    ) -> Self {
        Self {
            pre_auth_session_id: pre_auth_session_id.into(),
            link_code: None,
            device_id: Some(device_id.into()),
            user_input_code: Some(user_input_code.into()),
            user_id: None,
        }
    }

    /// Counts the code, where it is wrong, with those of this user's second factors.
    #[must_use]
    pub fn user_id(mut self, user_id: Option<UserId>) -> Self {
        self.user_id = user_id;
        self
    }
}

/// A device whose code was right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsumedDevice {
    /// The device.
    pub pre_auth_session_id: String,
    /// How many wrong codes were typed in at it.
    pub failed_code_input_attempt_count: i64,
    /// The address that the code was for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The phone number that the code was for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
}

/// A device with codes that were not used yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    /// The device.
    pub pre_auth_session_id: String,
    /// How many wrong codes were typed in at it.
    pub failed_code_input_attempt_count: i64,
    /// The address that its codes are for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The phone number that its codes are for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// Its codes, oldest first.
    pub codes: Vec<DeviceCode>,
}

/// A code of a [`Device`], without its secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceCode {
    /// Its id.
    pub code_id: String,
    /// When it was created, in milliseconds since the epoch.
    pub time_created: i64,
    /// How long it is valid, in milliseconds.
    pub code_lifetime: i64,
}
