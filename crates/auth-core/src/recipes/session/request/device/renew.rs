//! `POST /session/device/renew`: a browser needs the cookie.

use std::time::Duration;

use auth_protocol::{
    Secret, SessionHandle, TenantId,
    session::{
        GetSessionDevice, GetSessionDeviceResponse, UseDeviceChallenge, UseDeviceChallengeResponse,
    },
};

use super::{
    Asked, DeviceAnswer,
    notes::{self, Purpose},
    proven,
};
use crate::{Context, Result};

/// How long a browser may take to sign a challenge.
const LIFETIME: Duration = Duration::from_secs(2 * 60);

/// Asks for a proof of the session's key, and gives the cookie for one.
pub(crate) async fn renew(cx: &Context) -> Result<DeviceAnswer> {
    let asked = Asked::of(cx)?;
    let Some(handle) = asked.session_handle() else {
        return Ok(DeviceAnswer::refused("the request names no session"));
    };
    if asked.has_another_session(cx, &handle) {
        return Ok(DeviceAnswer::refused("the client has gone on to another session"));
    }
    let tenant = TenantId::default();
    let operation = GetSessionDevice { session_handle: handle.clone() };
    let key = match cx.core().call(&tenant, operation).await {
        Ok(GetSessionDeviceResponse::Ok { key }) => key,
        Ok(GetSessionDeviceResponse::NotBoundError) => {
            return Ok(DeviceAnswer::refused("the session isn't bound"));
        }
        Ok(GetSessionDeviceResponse::UnknownSessionError) => {
            return Ok(DeviceAnswer::refused("the session has ended"));
        }
        Err(error) if error.is_unknown_operation() || error.bad_request().is_some() => {
            return Ok(DeviceAnswer::refused("the core knows no such session"));
        }
        Err(error) => return Err(error.into()),
    };
    let Some(proof) = asked.proof() else { return challenge(cx, handle).await };
    let Some(proof) = proof.ok().filter(|proof| proof.verify(&key).is_ok()) else {
        return Ok(DeviceAnswer::refused("the proof isn't of the session's key"));
    };
    let note = notes::read(cx, Purpose::Renewal, proof.challenge()).await?;
    // Browsers keep a challenge for the next time, when it has expired or was used.
    let Some(note) = note.filter(|note| note.session_handle == handle) else {
        return challenge(cx, handle).await;
    };
    let challenge_made_at = note.made_at_ms;
    let operation = UseDeviceChallenge { session_handle: handle.clone(), challenge_made_at };
    match cx.core().call(&tenant, operation).await? {
        UseDeviceChallengeResponse::Ok => {
            proven::set_cookie(cx, asked.config(), asked.binding, &handle).await?;
            Ok(DeviceAnswer::Proven { session_handle: handle })
        }
        UseDeviceChallengeResponse::ChallengeUsedError => challenge(cx, handle).await,
        UseDeviceChallengeResponse::UnknownSessionError => {
            Ok(DeviceAnswer::refused("the session has ended"))
        }
    }
}

async fn challenge(cx: &Context, session_handle: SessionHandle) -> Result<DeviceAnswer> {
    let challenge = notes::write(cx, Purpose::Renewal, &session_handle, LIFETIME).await?;
    Ok(DeviceAnswer::Challenge { session_handle, challenge: Secret::new(challenge) })
}
