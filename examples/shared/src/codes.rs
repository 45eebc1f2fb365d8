//! Codes of the second factor that wait to be confirmed.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use auth_core::protocol::{Secret, SessionHandle};
use subtle::ConstantTimeEq;

pub(crate) const MAX_ATTEMPTS: u32 = 5;
const LIFETIME: Duration = Duration::from_secs(15 * 60);
const MAX_PENDING: usize = 10_000;

struct Pending {
    code: Secret,
    failed_attempts: u32,
    expires_at: Instant,
}

/// At most one code for each session, in this process's memory.
#[derive(Default)]
pub(crate) struct Codes(Mutex<HashMap<SessionHandle, Pending>>);

/// What became of a code.
pub(crate) enum Confirmation {
    Confirmed,
    Incorrect {
        failed_attempts: u32,
    },
    /// None is pending, or it expired, or was guessed at too often: ask for another one.
    Restart,
}

impl Codes {
    /// Makes a code; one that was pending before is void.
    pub(crate) fn create(&self, session: &SessionHandle) -> Secret {
        let code = Secret::new(format!("{:06}", rand::random_range(0..1_000_000)));
        let now = Instant::now();
        let mut pending = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pending.len() >= MAX_PENDING {
            pending.retain(|_, pending| pending.expires_at > now);
        }
        let entry = Pending { code: code.clone(), failed_attempts: 0, expires_at: now + LIFETIME };
        pending.insert(session.clone(), entry);
        code
    }

    /// Checks a code; a right one is used up, and the fifth wrong one voids it.
    pub(crate) fn confirm(&self, session: &SessionHandle, code: &str) -> Confirmation {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(pending) = all.get_mut(session) else { return Confirmation::Restart };
        if pending.expires_at <= Instant::now() {
            all.remove(session);
            return Confirmation::Restart;
        }
        if pending.code.expose_secret().as_bytes().ct_eq(code.as_bytes()).into() {
            all.remove(session);
            return Confirmation::Confirmed;
        }
        pending.failed_attempts += 1;
        let failed_attempts = pending.failed_attempts;
        if failed_attempts >= MAX_ATTEMPTS {
            all.remove(session);
            return Confirmation::Restart;
        }
        Confirmation::Incorrect { failed_attempts }
    }
}

#[cfg(test)]
mod tests {
    use super::{Codes, Confirmation};

    #[test]
    fn a_code_works_once() {
        let codes = Codes::default();
        let session = "s".into();
        let code = codes.create(&session);
        assert!(matches!(codes.confirm(&session, code.expose_secret()), Confirmation::Confirmed));
        assert!(matches!(codes.confirm(&session, code.expose_secret()), Confirmation::Restart));
    }

    #[test]
    fn the_fifth_wrong_code_voids_the_right_one() {
        let codes = Codes::default();
        let session = "s".into();
        let code = codes.create(&session);
        for attempt in 1..5 {
            let Confirmation::Incorrect { failed_attempts } = codes.confirm(&session, "wrong")
            else {
                panic!("attempt {attempt}")
            };
            assert_eq!(failed_attempts, attempt);
        }
        assert!(matches!(codes.confirm(&session, "wrong"), Confirmation::Restart));
        assert!(matches!(codes.confirm(&session, code.expose_secret()), Confirmation::Restart));
    }
}
