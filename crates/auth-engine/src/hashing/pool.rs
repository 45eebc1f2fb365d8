//! Threads that do nothing but hash, and the queue before them.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, atomic::AtomicU64},
    thread,
};

use parking_lot::Mutex;
use tokio::sync::{Semaphore, mpsc, oneshot};

use super::{argon::Memory, queue::Queue};
use crate::{EngineConfig, EngineError, measure::InHashingQueue};

/// Jobs for each thread that are no longer in the queue: one that it works on, and one that is
/// ready for it. The others wait on the side of their callers, so that who goes away leaves the
/// queue at once.
const AT_EACH_THREAD: usize = 2;

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// A bounded queue before a fixed number of threads; they end when the pool is dropped.
pub(super) struct Pool {
    jobs: mpsc::UnboundedSender<Job>,
    turns: Arc<Semaphore>,
    queue: Arc<Queue>,
    /// What the threads have done, as [`Memory`] counts it.
    #[cfg(test)]
    pub(super) work: Arc<AtomicU64>,
}

impl Pool {
    pub(super) fn start(config: &EngineConfig) -> Result<Self, EngineError> {
        let threads = config.password_hashing.concurrency;
        let (jobs, queue) = mpsc::unbounded_channel::<Job>();
        let queue = Arc::new(Mutex::new(queue));
        let work = Arc::new(AtomicU64::new(0));
        for number in 0..threads {
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
            turns: Arc::new(Semaphore::new(threads * AT_EACH_THREAD)),
            queue: Arc::new(Queue::new(config)),
            #[cfg(test)]
            work,
        })
    }

    /// Runs a job on one of the threads; refuses it where its turn would come too late. Dropping the
    /// future before the job starts drops the job.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, EngineError> {
        let place = self.queue.enter()?;
        let measured = InHashingQueue::enter();
        let turn = self.queue.wait(Arc::clone(&self.turns).acquire_owned()).await?;
        let turn = turn.map_err(|_| EngineError::ShuttingDown)?;
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |memory| {
            measured.leave();
            // The requester may have gone away, or go away meanwhile; then nobody wants the answer.
            if !answer.is_closed() {
                let value = place.measure(|| job(memory));
                let _ = answer.send(value);
            }
            drop(turn);
        });
        self.jobs.send(job).map_err(|_| EngineError::ShuttingDown)?;
        answered.await.map_err(|_| EngineError::Internal("password hashing panicked".into()))
    }
}

fn run(queue: &Mutex<mpsc::UnboundedReceiver<Job>>, mut memory: Memory) {
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
    use std::{thread, time::Duration};

    use futures_util::future::join_all;
    use tokio::time::Instant;

    use super::Pool;
    use crate::{EngineConfig, EngineError, PasswordHashingConfig};

    const JOB: Duration = Duration::from_millis(20);

    fn pool(longest_wait: Duration) -> Pool {
        let hashing = PasswordHashingConfig { concurrency: 1, ..Default::default() };
        let config = EngineConfig::new("sqlite::memory:".parse().unwrap());
        let config = config.password_hashing(hashing);
        Pool::start(&config.password_hashing_longest_wait(longest_wait)).unwrap()
    }

    #[tokio::test]
    async fn a_panic_fails_one_job_and_the_thread_goes_on() {
        let pool = pool(Duration::from_secs(60));
        for _ in 0..10 {
            let failed = pool.run(|_| -> i32 { panic!("on purpose") }).await;
            assert!(matches!(failed, Err(EngineError::Internal(_))));
            assert_eq!(pool.run(|_| 7).await.unwrap(), 7);
        }
    }

    #[tokio::test]
    async fn of_more_than_can_be_done_in_time_the_rest_is_refused_at_once() {
        let pool = pool(JOB * 10);
        for _ in 0..20 {
            pool.run(|_| thread::sleep(JOB)).await.unwrap();
        }
        let start = Instant::now();
        let answers = join_all((0..2000).map(|_| async {
            let answer = pool.run(|_| thread::sleep(JOB)).await;
            (answer, start.elapsed())
        }));
        let (done, refused): (Vec<_>, Vec<_>) =
            answers.await.into_iter().partition(|(answer, _)| answer.is_ok());
        assert!((4..=12).contains(&done.len()), "{} done", done.len());
        for (error, after) in &refused {
            let error = error.as_ref().unwrap_err();
            assert!(matches!(error, EngineError::Overloaded(_)), "{error:?}");
            assert!(error.is_unavailable() && !error.is_unreachable());
            assert!(*after < Duration::from_secs(2), "{after:?}");
        }
        // Once these are done there is room again.
        pool.run(|_| ()).await.unwrap();
    }

    #[tokio::test]
    async fn a_job_that_takes_longer_than_those_before_keeps_nobody_waiting_for_longer() {
        let pool = pool(JOB);
        for _ in 0..50 {
            pool.run(|_| ()).await.unwrap();
        }
        let long = pool.run(|_| thread::sleep(JOB * 100));
        let others = async { join_all((0..4).map(|_| pool.run(|_| ()))).await };
        let (long, others) = tokio::join!(long, async {
            let start = Instant::now();
            let refused = others.await.into_iter().filter(Result::is_err).count();
            (refused, start.elapsed())
        });
        long.unwrap();
        // One is with the thread already.
        assert_eq!(others.0, 3);
        assert!(others.1 >= JOB);
    }

    #[tokio::test]
    async fn who_goes_away_leaves_the_queue() {
        let pool = pool(Duration::from_secs(60));
        let started = std::sync::Arc::new(tokio::sync::Notify::new());
        let (go_on, gate) = std::sync::mpsc::channel::<()>();
        let has_started = started.clone();
        let first = pool.run(move |_| {
            has_started.notify_one();
            gate.recv().unwrap();
        });
        let crowd = async {
            started.notified().await;
            for _ in 0..100 {
                let waiting: Vec<_> = (0..1000).map(|_| pool.run(|_| panic!("unwanted"))).collect();
                let left = tokio::time::timeout(Duration::from_millis(1), join_all(waiting)).await;
                assert!(left.is_err());
            }
            assert!(pool.queue.length() <= 3, "{} wait", pool.queue.length());
            go_on.send(()).unwrap();
        };
        let (first, ()) = tokio::join!(first, crowd);
        first.unwrap();
        pool.run(|_| ()).await.unwrap();
    }
}
