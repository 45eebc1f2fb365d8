//! One of many callers finds out what all of them need.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;

/// Who finds something out, while others wait for it.
#[derive(Default)]
pub(crate) struct SingleFlight {
    turn: Mutex<()>,
    failures: AtomicU64,
}

impl SingleFlight {
    /// Gives what `known` sees; where that is nothing yet, `find` finds it, for the first caller.
    ///
    /// Who waited for a caller that failed doesn't wait for the next one, too: where the core gives
    /// no answer, each of them would wait longer than the one before.
    ///
    /// # Errors
    /// Those of `find`.
    pub(crate) async fn find<T, E>(
        &self,
        known: impl Fn() -> Option<T>,
        find: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let failures = self.failures.load(Ordering::Relaxed);
        let turn = self.turn.lock().await;
        if let Some(known) = known() {
            return Ok(known);
        }
        if self.failures.load(Ordering::Relaxed) != failures {
            drop(turn);
            return find.await;
        }
        let found = find.await;
        if found.is_err() {
            self.failures.fetch_add(1, Ordering::Relaxed);
        }
        found
    }
}
