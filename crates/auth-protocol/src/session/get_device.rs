//! `GET /recipe/session/device` (extension)

use serde::{Deserialize, Serialize};

use super::DeviceKey;
use crate::{SessionHandle, operation::operation};

/// Reads the key that a session is bound to.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetSessionDevice {
    /// The session.
    pub session_handle: SessionHandle,
}

/// The answer to [`GetSessionDevice`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GetSessionDeviceResponse {
    /// The key.
    Ok {
        /// The device's public key.
        key: DeviceKey,
    },
    /// The session is bound to none.
    NotBoundError,
    /// There is no such session, or it has ended.
    UnknownSessionError,
}

operation!(
    GetSessionDevice => GetSessionDeviceResponse,
    "get_session_device", Get "/recipe/session/device", App
);
