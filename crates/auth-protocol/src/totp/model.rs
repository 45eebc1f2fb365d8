//! What a device is.

use serde::{Deserialize, Serialize};

use crate::UserId;

/// An authenticator app that a user has set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotpDevice {
    /// Its name, unique among the user's devices.
    pub name: String,
    /// How long each code is shown, in seconds.
    pub period: u32,
    /// How many periods a code may be early or late.
    pub skew: u32,
    /// Whether the user has entered one of its codes. Others don't count as a factor.
    pub verified: bool,
}

/// Whether a user has set up an authenticator app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TotpStatus {
    /// The user.
    pub user_id: UserId,
    /// Whether one of its devices is verified; `None` where it has no device.
    pub has_verified_device: Option<bool>,
}
