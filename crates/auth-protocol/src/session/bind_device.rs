//! `POST /recipe/session/device` (extension)

use serde::{Deserialize, Serialize};

use super::DeviceKey;
use crate::{SessionHandle, operation::operation};

/// Binds a session to a device's key, once and for good: its refreshes need a proof of that key from
/// then on, where they are [asked for one](super::RefreshSession::proven_devices).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BindSessionDevice {
    /// The session.
    pub session_handle: SessionHandle,
    /// The device's public key, which the caller has seen a proof of.
    pub key: DeviceKey,
    /// When the challenge was made that this proof answers, in milliseconds since the epoch.
    pub challenge_made_at: i64,
}

/// The answer to [`BindSessionDevice`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BindSessionDeviceResponse {
    /// It is bound.
    Ok,
    /// It was bound before, be it to this key or to another one.
    AlreadyBoundError,
    /// There is no such session, or it has ended.
    UnknownSessionError,
}

operation!(
    BindSessionDevice => BindSessionDeviceResponse,
    "bind_session_device", Post "/recipe/session/device", App
);
