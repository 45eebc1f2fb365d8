//! How long the queue is, in time.
//!
//! Passwords are hashed as fast as the processors permit; more of them only wait longer, until those
//! who sent them have given up and each hash is made for nobody. So nobody is let into a queue whose
//! end comes too late for them, and nobody stays in it for longer than was promised.

use std::{
    num::NonZero,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::time;

use crate::{EngineConfig, EngineError, measure};

/// What a KiB costs in each pass, until the first job has been measured.
const FIRST_GUESS_NS: u64 = 1_000;

/// How much of the average a new measurement doesn't change: so many parts of one more.
const INERTIA: u64 = 7;

pub(super) struct Queue {
    threads: NonZero<usize>,
    longest_wait: Duration,
    /// Who waits, and who is being served.
    length: AtomicUsize,
    /// What a job has taken lately.
    lately_ns: AtomicU64,
}

/// A place in the queue, held until the job is done.
pub(super) struct Place(Arc<Queue>);

impl Queue {
    pub(super) fn new(config: &EngineConfig) -> Self {
        let hashing = config.password_hashing;
        let blocks = u64::from(hashing.memory_kib) * u64::from(hashing.iterations);
        Self {
            threads: NonZero::new(hashing.concurrency).unwrap_or(NonZero::<usize>::MIN),
            longest_wait: config.password_hashing_longest_wait,
            length: AtomicUsize::new(0),
            lately_ns: AtomicU64::new(blocks.saturating_mul(FIRST_GUESS_NS)),
        }
    }

    /// Takes a place, unless it would be too far behind.
    pub(super) fn enter(self: &Arc<Self>) -> Result<Place, EngineError> {
        let before = self.length.fetch_add(1, Ordering::Relaxed);
        let place = Place(Arc::clone(self));
        let rounds = u64::try_from(before / self.threads).unwrap_or(u64::MAX);
        let wait_ns = rounds.saturating_mul(self.lately_ns.load(Ordering::Relaxed));
        match Duration::from_nanos(wait_ns) > self.longest_wait {
            true => Err(self.refuse()),
            false => Ok(place),
        }
    }

    /// Waits for a turn, and no longer than is configured.
    pub(super) async fn wait<T>(&self, turn: impl Future<Output = T>) -> Result<T, EngineError> {
        // A turn that has come is taken, however short the wait may be.
        time::timeout(self.longest_wait, turn).await.map_err(|_| self.refuse())
    }

    fn refuse(&self) -> EngineError {
        measure::refused_password();
        EngineError::Overloaded(format!(
            "a password would wait for longer than `password_hashing_longest_wait` ({:?})",
            self.longest_wait
        ))
    }

    #[cfg(test)]
    pub(super) fn length(&self) -> usize {
        self.length.load(Ordering::Relaxed)
    }
}

impl Place {
    /// Does the work, and takes note of how long it took.
    pub(super) fn measure<T>(self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let value = work();
        let took_ns = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        let lately = &self.0.lately_ns;
        // Of two that end at once one may be left out.
        let before = lately.load(Ordering::Relaxed);
        let average = before.saturating_mul(INERTIA).saturating_add(took_ns) / (INERTIA + 1);
        lately.store(average, Ordering::Relaxed);
        value
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.length.fetch_sub(1, Ordering::Relaxed);
    }
}
