//! `/` and `/hello`: whether the core and its database answer.

use std::{collections::HashMap, sync::Arc, time::Instant};

use auth_protocol::AppId;
use http::Method;
use parking_lot::Mutex;

use super::{Route, tenant};
use crate::{
    answer::{CdiError, Reply},
    request::Call,
    server::Inner,
};

/// The database is asked this many times at once ...
const CAPACITY: f64 = 5.0;
/// ... and then this often in a second; in between the answer is given without it.
const PER_SECOND: f64 = 5.0;

pub(super) fn routes() -> Vec<Route> {
    let methods = [Method::GET, Method::POST, Method::PUT, Method::DELETE];
    let paths = [("", "root"), ("/hello", "hello")];
    let routes = paths.into_iter().flat_map(|(path, name)| {
        methods.iter().map(move |method| Route::new(name, method.clone(), path, hello).open())
    });
    routes.collect()
}

async fn hello(server: Arc<Inner>, call: Call) -> Result<Reply, CdiError> {
    if !server.buckets.take(&call.scope.app, Instant::now()) {
        return Ok(Reply::text("Hello"));
    }
    if let Err(error) = tenant::require_in_database(&server, &call.scope).await {
        server.buckets.forget(&call.scope.app);
        return Err(error);
    }
    if !call.scope.tenant.is_public() && !tenant::exists(&server, &call.scope).await? {
        return Err(CdiError::NotFound);
    }
    Ok(Reply::text("Hello"))
}

/// How often each app may have the database asked.
#[derive(Default)]
pub(crate) struct Buckets(Mutex<HashMap<AppId, Bucket>>);

struct Bucket {
    tokens: f64,
    filled_at: Instant,
}

impl Buckets {
    fn take(&self, app: &AppId, now: Instant) -> bool {
        let mut buckets = self.0.lock();
        let fresh = || Bucket { tokens: CAPACITY, filled_at: now };
        let bucket = buckets.entry(app.clone()).or_insert_with(fresh);
        let passed = now.saturating_duration_since(bucket.filled_at).as_secs_f64();
        bucket.tokens = (bucket.tokens + passed * PER_SECOND).min(CAPACITY);
        bucket.filled_at = now;
        let is_there = bucket.tokens >= 1.0;
        if is_there {
            bucket.tokens -= 1.0;
        }
        is_there
    }

    /// An app that isn't there takes no room.
    fn forget(&self, app: &AppId) {
        self.0.lock().remove(app);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn cdi_1_1_five_calls_at_once_and_then_one_in_200_ms_reach_the_database() {
        let (buckets, app, start) = (Buckets::default(), AppId::default(), Instant::now());
        let taken = (0..7).filter(|_| buckets.take(&app, start)).count();
        assert_eq!(taken, 5);
        assert!(!buckets.take(&app, start + Duration::from_millis(199)));
        assert!(buckets.take(&app, start + Duration::from_millis(200)));
        assert!(!buckets.take(&app, start + Duration::from_millis(200)));
        assert!(buckets.take(&"other".into(), start));
    }
}
