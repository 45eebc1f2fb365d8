//! What the engine tidies up while it runs.

use std::{panic::AssertUnwindSafe, sync::Weak, time::Duration};

use futures_util::{FutureExt, future::BoxFuture};
use tokio::time::{Instant, sleep_until};

use crate::{
    EngineConfig, EngineError,
    clock::saturating_ms,
    engine::Inner,
    parts::PARTS,
    storage::{in_tx, params},
};

/// A process that has begun a job and is not heard of again for this long has died.
const LEASE: Duration = Duration::from_secs(10 * 60);

/// Takes a job: the row says when it may next be begun, so that of several processes one does. A
/// time that is further away than any can be was written before a clock was set back.
const CLAIM: &str = "INSERT INTO key_value (app_id, tenant_id, name, value, created_at_time) \
    VALUES ('public', 'public', $1, 'begun', $2) \
    ON CONFLICT (app_id, tenant_id, name) DO UPDATE \
    SET value = excluded.value, created_at_time = excluded.created_at_time \
    WHERE key_value.created_at_time <= $3 OR key_value.created_at_time > $4";

const NEXT: &str = "SELECT created_at_time FROM key_value \
    WHERE app_id = 'public' AND tenant_id = 'public' AND name = $1";

const DONE: &str = "UPDATE key_value SET value = 'done', created_at_time = $2 \
    WHERE app_id = 'public' AND tenant_id = 'public' AND name = $1";

/// Rows deleted in one transaction, so that others get their turn in between. Each job's statement has
/// the number in its text, and the order of its index: `PostgreSQL` plans it before it knows any value.
const BATCH: u64 = 1000;

/// Rows that are deleted once their time has come: a part says which.
pub(crate) struct ExpiryJob {
    /// What it deletes; the key by which processes share the work.
    pub(crate) name: &'static str,
    /// It is done once in this time, whichever process comes first.
    pub(crate) every: Duration,
    /// The time by which a row expired that is to go, in milliseconds since the epoch.
    pub(crate) before_ms: fn(&Inner) -> i64,
    /// Deletes the [`BATCH`] rows that expired first, where that was before `$1`.
    pub(crate) sql: &'static str,
}

/// Work that is more than to delete: a part says which.
pub(crate) struct Duty {
    /// The key by which processes share the work.
    pub(crate) name: &'static str,
    /// It is done once in this time, whichever process comes first.
    pub(crate) every: fn(&EngineConfig) -> Duration,
    /// Does it, and says how many things were done. It may be done twice at once.
    pub(crate) run: fn(&Inner) -> BoxFuture<'_, Result<u64, EngineError>>,
}

/// What is done at its times.
#[derive(Clone, Copy)]
pub(crate) enum Job {
    Expiry(&'static ExpiryJob),
    Duty(&'static Duty),
}

/// The jobs of every part.
pub(crate) fn all() -> impl Iterator<Item = Job> {
    let expiry = PARTS.iter().flat_map(|part| part.jobs).map(Job::Expiry);
    expiry.chain(PARTS.iter().flat_map(|part| part.duties).map(Job::Duty))
}

/// Runs every job once.
pub(crate) async fn run_all(engine: &Inner) -> Result<(), EngineError> {
    for job in all() {
        job.run(engine).await?;
    }
    Ok(())
}

impl ExpiryJob {
    /// Deletes what has expired, and says how many rows that were.
    async fn delete(&self, engine: &Inner) -> Result<u64, EngineError> {
        let (before_ms, sql) = ((self.before_ms)(engine), self.sql);
        let mut deleted = 0;
        loop {
            let body = in_tx!(|tx| { tx.execute(sql, params![before_ms]).await });
            let batch = engine.store.write(body).await?;
            deleted += batch;
            if batch < BATCH {
                return Ok(deleted);
            }
        }
    }
}

impl Job {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Expiry(job) => job.name,
            Self::Duty(duty) => duty.name,
        }
    }

    fn every(self, engine: &Inner) -> Duration {
        match self {
            Self::Expiry(job) => job.every,
            Self::Duty(duty) => (duty.every)(&engine.config),
        }
    }

    fn key(self) -> String {
        format!("job: {}", self.name())
    }

    async fn run(self, engine: &Inner) -> Result<u64, EngineError> {
        match self {
            Self::Expiry(job) => job.delete(engine).await,
            Self::Duty(duty) => (duty.run)(engine).await,
        }
    }

    /// Takes the job for this process; where another one has it or did it, for how long it isn't
    /// due.
    async fn claim(self, engine: &Inner) -> Result<Option<Duration>, EngineError> {
        let now_ms = engine.clock.now_ms();
        let lease_ms = now_ms.saturating_add(saturating_ms(LEASE));
        let latest_ms = now_ms.saturating_add(saturating_ms(self.every(engine).max(LEASE)));
        let key = self.key();
        let body = in_tx!(key, |tx| {
            if tx.execute(CLAIM, params![key, lease_ms, now_ms, latest_ms]).await? > 0 {
                return Ok(None);
            }
            let row = tx.query_opt(NEXT, params![key]).await?;
            row.map_or(Ok(None), |row| row.get::<i64>("created_at_time").map(Some))
        });
        let due_ms = engine.store.write(body).await?;
        Ok(due_ms.map(|due_ms| {
            let wait_ms = u64::try_from(due_ms.saturating_sub(now_ms)).unwrap_or(0).max(1);
            Duration::from_millis(wait_ms).min(self.every(engine))
        }))
    }

    async fn done(self, engine: &Inner) -> Result<(), EngineError> {
        let next_ms = engine.clock.now_ms().saturating_add(saturating_ms(self.every(engine)));
        let key = self.key();
        let body = in_tx!(key, |tx| { tx.execute(DONE, params![key, next_ms]).await });
        engine.store.write(body).await.map(drop)
    }

    /// How long after it couldn't be looked at it is looked at again.
    pub(crate) fn pause_after_failure(self, engine: &Inner) -> Duration {
        self.every(engine).min(LEASE)
    }

    /// Does the job if it is due; says when to look again. One that fails or panics is logged, and
    /// is next done at its next time.
    pub(crate) async fn attend(self, engine: &Inner) -> Result<Duration, EngineError> {
        if let Some(wait) = self.claim(engine).await? {
            return Ok(wait);
        }
        match AssertUnwindSafe(self.run(engine)).catch_unwind().await {
            Ok(Ok(deleted)) => tracing::debug!(job = self.name(), deleted, "tidied up"),
            Ok(Err(EngineError::ShuttingDown)) => return Err(EngineError::ShuttingDown),
            Ok(Err(error)) => tracing::warn!(job = self.name(), %error, "tidying up failed"),
            Err(_) => tracing::error!(job = self.name(), "tidying up panicked"),
        }
        self.done(engine).await?;
        Ok(self.every(engine))
    }
}

/// Does the jobs at their times until the engine is gone.
pub(crate) async fn run_for_ever(engine: Weak<Inner>, jobs: impl Iterator<Item = Job>) {
    let start = Instant::now();
    let mut due: Vec<(Instant, Job)> = jobs.map(|job| (start, job)).collect();
    loop {
        let Some((when, job)) = due.iter_mut().min_by_key(|(when, _)| *when) else { return };
        sleep_until(*when).await;
        let Some(engine) = engine.upgrade() else { return };
        let wait = match job.attend(&engine).await {
            Ok(wait) => wait,
            Err(EngineError::ShuttingDown) => return,
            Err(error) => {
                tracing::warn!(job = job.name(), %error, "a job could not be looked at");
                job.pause_after_failure(&engine)
            }
        };
        *when = Instant::now() + wait;
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::Arc,
        sync::atomic::{AtomicU32, Ordering},
        time::Duration,
    };

    use super::{BATCH, ExpiryJob, Job, run_for_ever};
    use crate::{Clock, Engine, EngineConfig, parts::PARTS};

    #[test]
    fn every_job_deletes_a_batch_at_a_time() {
        for job in PARTS.iter().flat_map(|part| part.jobs) {
            let end = format!(" LIMIT {BATCH})");
            assert!(job.sql.ends_with(&end), "{}: {}", job.name, job.sql);
        }
    }

    const NOTHING: &str = "DELETE FROM apps WHERE created_at_time < $1 AND 1 = 0";

    static RUNS: AtomicU32 = AtomicU32::new(0);

    static PANICS: &[ExpiryJob] = &[ExpiryJob {
        name: "a job with a bug",
        every: Duration::from_millis(1),
        before_ms: |_| {
            assert!(RUNS.fetch_add(1, Ordering::SeqCst) > 2, "the bug");
            0
        },
        sql: NOTHING,
    }];

    #[tokio::test]
    async fn a_job_that_panics_runs_again_and_all_ends_with_the_engine() {
        let engine = Engine::open(EngineConfig::in_memory()).await.unwrap();
        let jobs = tokio::spawn(run_for_ever(
            Arc::downgrade(engine.shared()),
            PANICS.iter().map(Job::Expiry),
        ));
        while RUNS.load(Ordering::SeqCst) < 5 {
            tokio::task::yield_now().await;
        }
        drop(engine);
        jobs.await.unwrap();
    }

    static ONCE: AtomicU32 = AtomicU32::new(0);

    static HOURLY: &[ExpiryJob] = &[ExpiryJob {
        name: "a job for one process",
        every: Duration::from_secs(3600),
        before_ms: |_| {
            ONCE.fetch_add(1, Ordering::SeqCst);
            0
        },
        sql: NOTHING,
    }];

    #[tokio::test]
    async fn of_several_engines_on_one_database_one_does_a_job_and_another_takes_over() {
        let folder = tempfile::tempdir().unwrap();
        let url = match test_postgres::url_for_this_test() {
            memory if memory == "sqlite::memory:" => {
                format!("sqlite:{}", folder.path().join("auth.db").display())
            }
            postgres => postgres,
        };
        let clock = Clock::manual(1_000_000);
        let mut engines = Vec::new();
        for _ in 0..3 {
            let config = EngineConfig::new(url.parse().unwrap()).clock(clock.clone());
            engines.push(Engine::open(config).await.unwrap());
        }
        let [job] = HOURLY else { panic!("one job") };
        let job = Job::Expiry(job);
        let attend = || async {
            let all = engines.iter().map(|engine| job.attend(engine.shared()));
            futures_util::future::try_join_all(all).await.unwrap()
        };
        attend().await;
        assert_eq!(ONCE.load(Ordering::SeqCst), 1);
        // Who begins it and dies holds it for ten minutes.
        clock.advance(Duration::from_secs(3600));
        assert_eq!(job.claim(engines[0].shared()).await.unwrap(), None);
        assert_eq!(attend().await, [Duration::from_secs(600); 3]);
        clock.advance(Duration::from_secs(600));
        attend().await;
        assert_eq!(ONCE.load(Ordering::SeqCst), 2);
        // A clock that was far ahead is set right.
        clock.set(1_000);
        attend().await;
        assert_eq!(ONCE.load(Ordering::SeqCst), 3);
    }
}
