//! Work that goes on after the answer.

use std::{ops::Range, sync::Arc, time::Duration};

use tokio::{
    runtime::Handle,
    sync::Semaphore,
    time::{sleep, timeout},
};

use crate::Result;

/// How many sends may wait; more are dropped, so that a mail server that hangs doesn't fill the
/// memory.
const MAX_PENDING: usize = 1024;
/// How many sends run at once.
const MAX_RUNNING: usize = 16;
const TIME_LIMIT: Duration = Duration::from_secs(60);
/// How long unseen work waits: longer than an answer takes, and never the same time.
const UNSEEN_DELAY_MS: Range<u64> = 50..250;

/// Runs sends after the answer, a bounded number of them.
pub(crate) struct Background {
    /// One permit for each send that may wait; once it is finished there are none.
    pending: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

impl Default for Background {
    fn default() -> Self {
        Self {
            pending: Arc::new(Semaphore::new(MAX_PENDING)),
            running: Arc::new(Semaphore::new(MAX_RUNNING)),
        }
    }
}

impl Background {
    /// As [`Self::run`], for work that shows whether there is an account: it starts some time after
    /// the answer is on its way, so that it slows neither this one nor a certain later one.
    pub(crate) fn run_unseen(
        &self,
        what: &'static str,
        work: impl Future<Output = Result<()>> + Send + 'static,
    ) {
        self.run_after(Duration::from_millis(rand::random_range(UNSEEN_DELAY_MS)), what, work);
    }

    /// Starts the work and returns. A failure is logged under the name `what`; errors of a
    /// delivery must carry no secrets.
    pub(crate) fn run(
        &self,
        what: &'static str,
        work: impl Future<Output = Result<()>> + Send + 'static,
    ) {
        self.run_after(Duration::ZERO, what, work);
    }

    fn run_after(
        &self,
        delay: Duration,
        what: &'static str,
        work: impl Future<Output = Result<()>> + Send + 'static,
    ) {
        let (Ok(pending), Ok(runtime)) =
            (Arc::clone(&self.pending).try_acquire_owned(), Handle::try_current())
        else {
            tracing::error!(what, "dropped: too much background work, or a shutdown, is pending");
            return;
        };
        let running = Arc::clone(&self.running);
        runtime.spawn(async move {
            let _pending = pending;
            if !delay.is_zero() {
                sleep(delay).await;
            }
            let Ok(_running) = running.acquire().await else { return };
            match timeout(TIME_LIMIT, work).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::error!(what, %error, "background work failed"),
                Err(_) => tracing::error!(what, "background work took too long"),
            }
        });
    }

    /// Refuses further work and waits for what is pending, up to a limit.
    pub(crate) async fn finish(&self, limit: Duration) {
        let pending = MAX_PENDING.saturating_sub(self.pending.available_permits());
        // Taking every permit refuses new work at once, and is done when the last send is.
        let all = u32::try_from(MAX_PENDING).unwrap_or(u32::MAX);
        if timeout(limit, self.pending.acquire_many(all)).await.is_err() {
            tracing::error!(pending, "background work is given up: the shutdown took too long");
        }
        self.pending.close();
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn work_beyond_the_bound_is_dropped_and_a_failure_frees_its_place() {
        let background = Background::default();
        let gate = Arc::new(Notify::new());
        for _ in 0..MAX_PENDING {
            let gate = Arc::clone(&gate);
            background.run("test", async move {
                gate.notified().await;
                Err(crate::Error::general("no"))
            });
        }
        background.run("test", async { panic!("was not dropped") });
        assert_eq!(background.pending.available_permits(), 0);
        while background.pending.available_permits() < MAX_PENDING {
            gate.notify_one();
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn finishing_waits_for_pending_work_and_refuses_more() {
        let background = Background::default();
        let (done, mut is_done) = tokio::sync::oneshot::channel();
        background.run("test", async move {
            tokio::time::sleep(Duration::from_secs(9)).await;
            done.send(()).map_err(|()| crate::Error::general("nobody waits"))
        });
        background.finish(Duration::from_secs(10)).await;
        assert_eq!(is_done.try_recv(), Ok(()));
        background.run("test", async { panic!("was not refused") });
        assert_eq!(background.pending.available_permits(), MAX_PENDING);
    }

    #[tokio::test(start_paused = true)]
    async fn finishing_does_not_wait_for_ever() {
        let background = Background::default();
        background.run("test", std::future::pending());
        let start = tokio::time::Instant::now();
        background.finish(Duration::from_secs(10)).await;
        assert_eq!(start.elapsed(), Duration::from_secs(10));
        background.run("test", async { panic!("was not refused") });
        assert!(background.pending.is_closed());
    }
}
