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

/// How long what was fetched isn't fetched again, though something isn't in it.
const COOL_DOWN: Duration = Duration::from_secs(30);

/// How long a failure is kept, so that those who waited for it don't each wait anew.
const FAILURE_AGE: Duration = Duration::from_secs(2);

/// What was fetched, by its address. One fetches, and others who want the same wait for it.
pub(crate) struct Cached<T>(Cache<String, Arc<Mutex<Slot<T>>>>);

struct Slot<T> {
    value: Option<(SystemTime, Arc<T>)>,
    failure: Option<(SystemTime, Problem)>,
}

impl<T> Cached<T> {
    pub(crate) fn new() -> Self {
        Self(Cache::new(ADDRESSES))
    }

    /// What is at an address: the remembered one while it is fresh and good, or a fetched one. One
    /// that isn't good was fetched just now, or a moment ago.
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
        let new = || Ok::<_, Problem>(Arc::new(Mutex::new(Slot { value: None, failure: None })));
        let slot = self.0.get_or_insert_with(address, new)?;
        let mut slot = slot.lock().await;
        let age = |at: SystemTime| now().duration_since(at).unwrap_or_default();
        if let Some((at, value)) = &slot.value {
            let limit = if is_good(value) { MAX_AGE } else { COOL_DOWN };
            if age(*at) < limit {
                return Ok(value.clone());
            }
        }
        if let Some((at, problem)) = &slot.failure
            && age(*at) < FAILURE_AGE
        {
            return Err(problem.clone());
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
