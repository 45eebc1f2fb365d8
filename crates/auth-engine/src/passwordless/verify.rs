//! Whether a code is right.

use auth_protocol::{
    Secret, TenantScope,
    passwordless::{CodeProof, ConsumedDevice},
};

use super::{
    rows::{self, DeviceRow},
    secrets::{DeviceId, LinkCode, without_padding},
};
use crate::{EngineError, storage::Tx};

/// A proof whose form is right.
#[derive(Clone)]
pub(super) enum Proof {
    Link { device: String, digest: String },
    UserInput { device: String, id: DeviceId, code: Secret },
}

/// What a proof is worth.
pub(super) enum Verdict {
    Right {
        device: DeviceRow,
        code_id: String,
    },
    /// The device is gone, or the code of a link is no use any more.
    Restart,
    Expired(Attempts),
    Incorrect(Attempts),
}

/// How many wrong codes were typed in at a device, and how many may be.
pub(super) struct Attempts {
    pub(super) failed: i64,
    pub(super) max: i64,
}

impl Proof {
    pub(super) fn read(proof: CodeProof) -> Result<Self, EngineError> {
        let device = without_padding(&proof.pre_auth_session_id).to_owned();
        match (proof.link_code, proof.device_id, proof.user_input_code) {
            (Some(link_code), None, None) => {
                Ok(Self::Link { device, digest: LinkCode::read(&link_code)?.digest() })
            }
            (None, Some(id), Some(code)) => {
                let id = DeviceId::read(&id)?;
                if id.digest() != device {
                    return Err(mismatch());
                }
                Ok(Self::UserInput { device, id, code })
            }
            _ => Err(EngineError::BadRequest(
                "Please provide exactly one of linkCode or deviceId+userInputCode".to_owned(),
            )),
        }
    }
}

/// Judges a proof and counts a wrong code, while the device is locked.
pub(super) async fn verify(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    proof: &Proof,
    now_ms: i64,
) -> Result<Verdict, EngineError> {
    let name = match proof {
        Proof::UserInput { device, .. } => device,
        Proof::Link { device, digest } => {
            match rows::device_of_link_code(tx, scope, digest).await? {
                None => return Ok(Verdict::Restart),
                Some(found) if found != *device => return Err(mismatch()),
                Some(_) => device,
            }
        }
    };
    let Some(device) = rows::lock_device(tx, scope, name).await? else {
        return Ok(Verdict::Restart);
    };
    let digest = match proof {
        Proof::Link { digest, .. } => digest.clone(),
        Proof::UserInput { id, code, .. } => id.link_code(&device.salt, code).digest(),
    };
    let found = rows::find_code(tx, scope, name, &digest).await?;
    let is_known = found.is_some();
    if let Some(code) = found
        && code.expires_at >= now_ms
    {
        return Ok(Verdict::Right { device, code_id: code.id });
    }
    if matches!(proof, Proof::Link { .. }) {
        return Ok(Verdict::Restart);
    }
    let attempts = Attempts { failed: device.failed_attempts + 1, max: device.max_attempts };
    if attempts.failed >= attempts.max {
        rows::delete_device(tx, scope, name).await?;
        return Ok(Verdict::Restart);
    }
    rows::count_attempt(tx, scope, name, attempts.failed).await?;
    Ok(if is_known { Verdict::Expired(attempts) } else { Verdict::Incorrect(attempts) })
}

impl From<DeviceRow> for ConsumedDevice {
    fn from(device: DeviceRow) -> Self {
        let (email, phone_number) = device.contact.into_parts();
        Self {
            pre_auth_session_id: device.hash,
            failed_code_input_attempt_count: device.failed_attempts,
            email,
            phone_number,
        }
    }
}

fn mismatch() -> EngineError {
    EngineError::BadRequest("preAuthSessionId and deviceId doesn't match".to_owned())
}
