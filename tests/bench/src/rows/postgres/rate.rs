//! How often callers get something done.

use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use tokio::task::JoinSet;

use crate::Outcome;

/// What can go wrong, on whichever thread.
type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Lets each caller do its work again and again until the time is over. Gives how often in a
/// second, and the callers.
pub(super) async fn rate<S: Send + 'static>(
    callers: Vec<S>,
    seconds: f64,
    work: for<'a> fn(&'a mut S) -> BoxFuture<'a, Result<(), Failed>>,
) -> Outcome<(f64, Vec<S>)> {
    let start = Instant::now();
    let end = start + Duration::from_secs_f64(seconds);
    let mut tasks = JoinSet::new();
    for mut caller in callers {
        tasks.spawn(async move {
            let mut count = 0.0;
            while Instant::now() < end {
                work(&mut caller).await?;
                count += 1.0;
            }
            Ok::<_, Failed>((count, caller))
        });
    }
    let (mut count, mut callers) = (0.0, Vec::new());
    while let Some(done) = tasks.join_next().await {
        let (of_this, caller) = done?.map_err(|error| error.to_string())?;
        count += of_this;
        callers.push(caller);
    }
    Ok((count / start.elapsed().as_secs_f64(), callers))
}
