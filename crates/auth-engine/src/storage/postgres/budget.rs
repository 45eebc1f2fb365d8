//! How many connections all pools together may have open.

use std::{sync::Arc, time::Duration};

use deadpool_postgres::{Pool, WeakPool};
use parking_lot::Mutex;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time,
};

/// How long a connection waits for another one's end before it looks again for idle ones.
const PATIENCE: Duration = Duration::from_millis(20);

/// A connection that was used within this time is likely to be used again.
const WARM: Duration = Duration::from_secs(1);

/// What the pools share. A connection takes its place once the server has let it in, so that a
/// server that is down, however many connect to it, takes nothing from the others. Clones share it.
#[derive(Clone)]
pub(crate) struct Budget(Arc<Shared>);

struct Shared {
    places: Arc<Semaphore>,
    most: usize,
    pools: Mutex<Vec<WeakPool>>,
}

impl Budget {
    pub(crate) fn new(most: usize) -> Self {
        let places = Arc::new(Semaphore::new(most));
        Self(Arc::new(Shared { places, most, pools: Mutex::default() }))
    }

    /// How many are open.
    pub(crate) fn in_use(&self) -> usize {
        self.0.most.saturating_sub(self.0.places.available_permits())
    }

    /// A pool whose idle connections make room for others.
    pub(super) fn add(&self, pool: &Pool) {
        let mut pools = self.0.pools.lock();
        pools.retain(|pool| pool.upgrade().is_some());
        pools.push(pool.weak());
    }

    /// Waits for a place, and closes what is idle in other pools where none is free. Who waits is
    /// served in order; the time is bounded by whoever connects.
    pub(super) async fn place(&self) -> Result<OwnedSemaphorePermit, tokio::sync::AcquireError> {
        let mut place = std::pin::pin!(Arc::clone(&self.0.places).acquire_owned());
        loop {
            match time::timeout(PATIENCE, &mut place).await {
                Ok(place) => return place,
                Err(_) => self.make_room(),
            }
        }
    }

    fn make_room(&self) {
        let pools: Vec<Pool> = self.0.pools.lock().iter().filter_map(WeakPool::upgrade).collect();
        let cold = pools.iter().map(|pool| close_idle(pool, WARM)).sum::<usize>();
        if cold == 0 {
            for pool in &pools {
                close_idle(pool, Duration::ZERO);
            }
        }
    }
}

/// Closes the connections of a pool that nobody has used for a time; says how many they were.
pub(super) fn close_idle(pool: &Pool, for_at_least: Duration) -> usize {
    pool.retain(|_, metrics| metrics.last_used() < for_at_least).removed.len()
}
