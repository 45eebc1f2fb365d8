//! Work that goes on after the answer.

use std::{sync::Arc, time::Duration};

use tokio::{runtime::Handle, sync::Semaphore, time::timeout};

use crate::Result;

/// How many sends may wait; more are dropped, so that a mail server that hangs doesn't fill the
/// memory.
const MAX_PENDING: usize = 1024;
/// How many sends run at once.
const MAX_RUNNING: usize = 16;
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// Runs sends after the answer, a bounded number of them.
#[derive(Clone)]
pub(crate) struct Background {
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
    /// Starts the work and returns. A failure is logged under the name `what`; errors of a
    /// delivery must carry no secrets.
    pub(crate) fn run(
        &self,
        what: &'static str,
        work: impl Future<Output = Result<()>> + Send + 'static,
    ) {
        let (Ok(pending), Ok(runtime)) =
            (Arc::clone(&self.pending).try_acquire_owned(), Handle::try_current())
        else {
            tracing::error!(what, "dropped: too much background work is pending");
            return;
        };
        let running = Arc::clone(&self.running);
        runtime.spawn(async move {
            let _pending = pending;
            let Ok(_running) = running.acquire().await else { return };
            match timeout(TIME_LIMIT, work).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::error!(what, %error, "background work failed"),
                Err(_) => tracing::error!(what, "background work took too long"),
            }
        });
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
}
