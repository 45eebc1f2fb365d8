//! Which device a session's code was created for, for front ends that keep nothing themselves.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use auth_core::{
    protocol::{Secret, SessionHandle},
    recipes::passwordless::CreatedCode,
};

const MAX_PENDING: usize = 10_000;

/// A device.
#[derive(Clone)]
pub(crate) struct PendingDevice {
    pub(crate) device_id: Secret,
    pub(crate) pre_auth_session_id: String,
    expires_at: Instant,
}

/// At most one device for each session, in this process's memory: what is needed to guess a code
/// doesn't belong into the database.
#[derive(Default)]
pub(crate) struct Devices(Mutex<HashMap<SessionHandle, PendingDevice>>);

impl Devices {
    /// Remembers the device of a code; the one before is forgotten.
    pub(crate) fn insert(&self, session: &SessionHandle, code: &CreatedCode) {
        let now = Instant::now();
        let lifetime = Duration::from_millis(code.code_lifetime.unsigned_abs());
        let mut pending = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pending.len() >= MAX_PENDING {
            pending.retain(|_, device| device.expires_at > now);
        }
        let device = PendingDevice {
            device_id: code.device_id.clone(),
            pre_auth_session_id: code.pre_auth_session_id.clone(),
            expires_at: now + lifetime,
        };
        pending.insert(session.clone(), device);
    }

    /// The session's device.
    pub(crate) fn get(&self, session: &SessionHandle) -> Option<PendingDevice> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(session).cloned()
    }

    /// Forgets the session's device.
    pub(crate) fn remove(&self, session: &SessionHandle) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(session);
    }
}
