//! Threads that do nothing but hash.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, atomic::AtomicU64},
    thread,
};

use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot};

use super::argon::Memory;
use crate::{EngineError, PasswordHashingConfig, measure::InHashingQueue};

/// How many requests wait for each thread before further ones wait outside.
const QUEUE_PER_THREAD: usize = 64;

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// A bounded queue before a fixed number of threads; they end when the pool is dropped.
pub(super) struct Pool {
    jobs: mpsc::Sender<Job>,
    /// What the threads have done, as [`Memory`] counts it.
    #[cfg(test)]
    pub(super) work: Arc<AtomicU64>,
}

impl Pool {
    pub(super) fn start(config: PasswordHashingConfig) -> Result<Self, EngineError> {
        let (jobs, queue) = mpsc::channel::<Job>(config.concurrency * QUEUE_PER_THREAD);
        let queue = Arc::new(Mutex::new(queue));
        let work = Arc::new(AtomicU64::new(0));
        for number in 0..config.concurrency {
            let queue = Arc::clone(&queue);
            let memory = Memory::counting_into(Arc::clone(&work));
            thread::Builder::new()
                .name(format!("auth-hashing-{number}"))
                .spawn(move || run(&queue, memory))
                .map_err(|error| {
                    EngineError::Internal(format!("a hashing thread could not start: {error}"))
                })?;
        }
        Ok(Self {
            jobs,
            #[cfg(test)]
            work,
        })
    }

    /// Runs a job on one of the threads. Dropping the future before the job starts drops the job.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, EngineError> {
        let (answer, answered) = oneshot::channel();
        let queued = InHashingQueue::enter();
        let job: Job = Box::new(move |memory| {
            queued.leave();
            if !answer.is_closed() {
                // The requester may go away meanwhile; then nobody wants the answer.
                let _ = answer.send(job(memory));
            }
        });
        self.jobs.send(job).await.map_err(|_| EngineError::ShuttingDown)?;
        answered.await.map_err(|_| EngineError::Internal("password hashing panicked".into()))
    }
}

fn run(queue: &Mutex<mpsc::Receiver<Job>>, mut memory: Memory) {
    loop {
        // The lock is held while waiting: the threads take turns at it.
        let job = queue.lock().blocking_recv();
        let Some(job) = job else { return };
        if catch_unwind(AssertUnwindSafe(|| job(&mut memory))).is_err() {
            memory.forget();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pool;
    use crate::{EngineError, PasswordHashingConfig};

    #[tokio::test]
    async fn a_panic_fails_one_job_and_the_thread_goes_on() {
        let config = PasswordHashingConfig { concurrency: 1, ..Default::default() };
        let pool = Pool::start(config).unwrap();
        let failed = pool.run(|_| -> i32 { panic!("on purpose") }).await;
        assert!(matches!(failed, Err(EngineError::Internal(_))));
        assert_eq!(pool.run(|_| 7).await.unwrap(), 7);
    }
}
