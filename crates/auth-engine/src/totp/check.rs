//! The check of a code.

use auth_protocol::{Secret, TenantScope, UserId, audit::AuditKind, read_typed};

use super::device::Device;
use crate::{
    EngineError,
    attempts::{Attempt, AttemptLimit, Standing},
    audit::Event,
    storage::{Tx, params},
};

/// A code that is longer is no code, and isn't counted.
const LONGEST_CODE: usize = 8;
/// Nor is a text that is longer than any way to write one.
const LONGEST_INPUT: usize = 128;

const IS_USED: &str = "SELECT 1 FROM second_factor_attempts WHERE app_id = $1 AND user_id = $2 \
    AND device_name = $3 AND time_step = $4";

/// What became of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is right; it isn't any more.
    Accepted,
    /// It is wrong, or was used before.
    Wrong {
        /// How many in a row were, this one included.
        failed: u32,
    },
    /// It wasn't looked at.
    LimitReached {
        /// When the next one will be, in milliseconds from now.
        retry_after_ms: i64,
    },
}

impl Verdict {
    /// What is written down of it. A code that wasn't looked at isn't, because any number of them may
    /// come.
    pub(super) fn event(self, limit: &AttemptLimit) -> Option<Event> {
        match self {
            Self::Accepted => Some(Event::succeeded(AuditKind::Totp)),
            Self::Wrong { failed } => Some(limit.wrong(AuditKind::Totp, failed)),
            Self::LimitReached { .. } => None,
        }
    }
}

/// Checks a code against devices and writes the attempt down.
pub(super) async fn check(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    user: &UserId,
    devices: &[&Device],
    code: &Secret,
    limit: &AttemptLimit,
) -> Result<Verdict, EngineError> {
    let now_ms = limit.now_ms();
    let code = code.expose_secret();
    let read = (code.len() <= LONGEST_INPUT).then(|| Secret::from(read_typed(code)));
    let code = read.filter(|code| code.expose_secret().len() <= LONGEST_CODE);
    let mut matching = code.as_ref().and_then(|code| {
        devices.iter().find_map(|device| Some((*device, device.matching_step(code, now_ms)?)))
    });
    loop {
        let (number, failed) = match limit.standing(tx, scope, user).await? {
            Standing::Open { attempt, failed } => (attempt, failed),
            Standing::Closed { retry_after_ms } => {
                return Ok(Verdict::LimitReached { retry_after_ms });
            }
        };
        if code.is_none() {
            return Ok(Verdict::Wrong { failed });
        }
        if let Some((device, step)) = matching {
            let used = params![scope.app, user, device.name, step];
            if tx.query_opt(IS_USED, used).await?.is_some() {
                matching = None;
            }
        }
        let lifetime_ms = match matching {
            Some((device, _)) => device.code_lifetime_ms(),
            None => devices.iter().map(|device| device.code_lifetime_ms()).max().unwrap_or(0),
        };
        let attempt = Attempt {
            number,
            is_valid: matching.is_some(),
            used_step: matching.map(|(device, step)| (device.name.as_str(), step)),
            expires_at_ms: now_ms.saturating_add(lifetime_ms),
        };
        if limit.record(tx, scope, user, attempt).await? {
            return Ok(match matching {
                Some(_) => Verdict::Accepted,
                None => Verdict::Wrong { failed: failed + 1 },
            });
        }
    }
}
