//! Work without a server, which bounds what a server can do.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{Outcome, process::own_processor_secs};

/// How often the work is done in a second, and what it costs.
pub(super) struct Bound {
    pub(super) rate: f64,
    /// Processor time for each, in seconds.
    pub(super) cost: f64,
}

/// Lets threads do their work until the time is over.
pub(super) fn bound<W: FnMut()>(
    threads: usize,
    seconds: f64,
    worker: impl Fn() -> W + Sync,
) -> Outcome<Bound> {
    let start = Instant::now();
    let end = start + Duration::from_secs_f64(seconds);
    let shares = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut work = worker();
                    let mut count = 0.0;
                    while Instant::now() < end {
                        work();
                        count += 1.0;
                    }
                    let used = own_processor_secs().map_err(|error| error.to_string())?;
                    Ok::<_, String>((count, used))
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err("a thread panicked".into())))
            .collect::<Result<Vec<_>, _>>()
    })?;
    let count: f64 = shares.iter().map(|(count, _)| count).sum();
    let used: f64 = shares.iter().map(|(_, used)| used).sum();
    Ok(Bound { rate: count / start.elapsed().as_secs_f64(), cost: used / count })
}
