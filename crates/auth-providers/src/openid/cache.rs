//! What was fetched from an address, kept for a while.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use quick_cache::sync::Cache;
use tokio::sync::Mutex;

use crate::error::Problem;

/// How many addresses are remembered. Whoever stores providers can name many.
const ADDRESSES: usize = 250;

/// How long something is kept.
const MAX_AGE: Duration = Duration::from_secs(3600);

/// What is fresh is fetched again so often in [`WINDOW`], where something isn't in it: a key that has
/// just been changed is found at once, and who makes key ids up asks for no more.
const EARLY_FETCHES: usize = 2;

/// See [`EARLY_FETCHES`].
const WINDOW: Duration = Duration::from_secs(60);

/// How long a failure is kept, so that those who waited for it don't each wait anew.
const FAILURE_AGE: Duration = Duration::from_secs(2);

/// What was fetched, by its address. One fetches, and others who want the same wait for it.
pub(crate) struct Cached<T>(Cache<String, Arc<Mutex<Slot<T>>>>);

struct Slot<T> {
    value: Option<(SystemTime, Arc<T>)>,
    failure: Option<(SystemTime, Problem)>,
    /// When something fresh was last fetched again.
    early: [Option<SystemTime>; EARLY_FETCHES],
}

impl<T> Cached<T> {
    pub(crate) fn new() -> Self {
        Self(Cache::new(ADDRESSES))
    }

    /// What is at an address: the remembered one while it is fresh and good, or a fetched one. One
    /// that isn't good was fetched just now, or has been fetched too often.
    pub(crate) async fn get<F>(
        &self,
        address: &str,
        now: impl Fn() -> SystemTime,
        is_good: impl Fn(&T) -> bool,
        fetch: impl FnOnce() -> F,
    ) -> Result<Arc<T>, Problem>
    where
        F: Future<Output = Result<T, Problem>>,
    {
        let empty = || Slot { value: None, failure: None, early: [None; EARLY_FETCHES] };
        let new = || Ok::<_, Problem>(Arc::new(Mutex::new(empty())));
        let slot = self.0.get_or_insert_with(address, new)?;
        let mut slot = slot.lock().await;
        let age = |at: SystemTime| now().duration_since(at).unwrap_or_default();
        let fresh = slot.value.as_ref().filter(|(at, _)| age(*at) < MAX_AGE);
        let fresh = fresh.map(|(_, value)| value.clone());
        if let Some(value) = fresh.clone().filter(|value| is_good(value)) {
            return Ok(value);
        }
        if let Some((at, problem)) = &slot.failure
            && age(*at) < FAILURE_AGE
        {
            return Err(problem.clone());
        }
        if let Some(value) = fresh {
            let is_over = |at: &Option<SystemTime>| at.is_none_or(|at| age(at) >= WINDOW);
            let Some(free) = slot.early.iter().position(is_over) else { return Ok(value) };
            slot.early[free] = Some(now());
        }
        match fetch().await {
            Ok(value) => {
                let value = Arc::new(value);
                slot.value = Some((now(), value.clone()));
                Ok(value)
            }
            Err(problem) => {
                slot.failure = Some((now(), problem.clone()));
                Err(problem)
            }
        }
    }
}
