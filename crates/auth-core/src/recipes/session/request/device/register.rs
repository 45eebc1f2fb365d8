//! `POST /session/device/register`: a browser has made a key.

use auth_protocol::{
    TenantId,
    session::{BindSessionDevice, BindSessionDeviceResponse},
};

use super::{
    Asked, DeviceAnswer,
    notes::{self, Purpose},
    proven,
};
use crate::{Context, Result};

/// How long it isn't asked again whether a core has the operations.
const ASK_AGAIN_MS: i64 = 10 * 60 * 1000;

/// Binds the session of the challenge to the key that the request proves.
pub(crate) async fn register(cx: &Context) -> Result<DeviceAnswer> {
    let asked = Asked::of(cx)?;
    let Some(Ok(proof)) = asked.proof() else {
        return Ok(DeviceAnswer::refused("there is no proof of a key"));
    };
    let Ok(key) = proof.verify_with_own_key() else {
        return Ok(DeviceAnswer::refused("the proof isn't of the key that it brings"));
    };
    let Some(note) = notes::read(cx, Purpose::Registration, proof.challenge()).await? else {
        return Ok(DeviceAnswer::refused("the challenge isn't one, or has expired"));
    };
    let handle = note.session_handle;
    if asked.has_another_session(cx, &handle) {
        return Ok(DeviceAnswer::refused("the challenge is another session's"));
    }
    let challenge_made_at = note.made_at_ms;
    let operation = BindSessionDevice { session_handle: handle.clone(), key, challenge_made_at };
    match cx.core().call(&TenantId::default(), operation).await {
        Ok(BindSessionDeviceResponse::Ok) => {
            proven::set_cookie(cx, asked.config(), asked.binding, &handle).await?;
            Ok(DeviceAnswer::Proven { session_handle: handle })
        }
        Ok(BindSessionDeviceResponse::AlreadyBoundError) => {
            Ok(DeviceAnswer::refused("the session is bound already"))
        }
        Ok(BindSessionDeviceResponse::UnknownSessionError) => {
            Ok(DeviceAnswer::refused("the session has ended"))
        }
        Err(error) if error.is_unknown_operation() => {
            let now_ms = cx.core().now_ms();
            asked.instance.note_core_lacks_devices(now_ms.saturating_add(ASK_AGAIN_MS));
            tracing::warn!("the core can't bind sessions to devices: they go on unbound");
            Ok(DeviceAnswer::refused("the core can't bind sessions"))
        }
        Err(error) => Err(error.into()),
    }
}
