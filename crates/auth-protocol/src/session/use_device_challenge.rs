//! `POST /recipe/session/device/challenge` (extension)

use serde::{Deserialize, Serialize};

use crate::{SessionHandle, operation::operation};

/// Uses up a challenge that a session's device has answered, and with it all that were made before.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UseDeviceChallenge {
    /// The session.
    pub session_handle: SessionHandle,
    /// When the challenge was made, in milliseconds since the epoch.
    pub challenge_made_at: i64,
}

/// The answer to [`UseDeviceChallenge`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UseDeviceChallengeResponse {
    /// It counts, once.
    Ok,
    /// It was used before, or one that was made later was.
    ChallengeUsedError,
    /// There is no such session, it has ended, or it is bound to no device.
    UnknownSessionError,
}

operation!(
    UseDeviceChallenge => UseDeviceChallengeResponse,
    "use_device_challenge", Post "/recipe/session/device/challenge", App
);
