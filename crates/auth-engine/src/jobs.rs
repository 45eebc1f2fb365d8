//! What the engine tidies up while it runs.

use std::{panic::AssertUnwindSafe, sync::Weak, time::Duration};

use futures_util::{FutureExt, future::BoxFuture};
use tokio::time::{Instant, sleep_until};

use crate::{
    EngineError,
    clock::saturating_ms,
    engine::Inner,
    storage::{in_tx, params},
};

const HOUR_SECS: u64 = 60 * 60;

/// Rows deleted in one transaction, so that others get their turn in between.
const BATCH: u64 = 1000;

/// Something that is done again and again.
pub(crate) struct ExpiryJob {
    name: &'static str,
    every: Duration,
    run: fn(&Inner) -> BoxFuture<'_, Result<u64, EngineError>>,
}

/// Every job; all run at the start and then at their intervals.
pub(crate) const JOBS: &[ExpiryJob] = &[
    ExpiryJob {
        name: "expired sessions",
        every: Duration::from_secs(12 * HOUR_SECS),
        run: |engine| {
            Box::pin(delete(
                engine,
                engine.clock.now_ms(),
                "DELETE FROM session_info WHERE (app_id, tenant_id, session_handle) IN \
                 (SELECT app_id, tenant_id, session_handle FROM session_info \
                  WHERE expires_at < $1 LIMIT $2)",
            ))
        },
    },
    ExpiryJob {
        name: "expired password reset tokens",
        every: Duration::from_secs(HOUR_SECS),
        run: |engine| {
            Box::pin(delete(
                engine,
                engine.clock.now_ms(),
                "DELETE FROM emailpassword_pswd_reset_tokens WHERE (app_id, user_id, token) IN \
                 (SELECT app_id, user_id, token FROM emailpassword_pswd_reset_tokens \
                  WHERE token_expiry < $1 LIMIT $2)",
            ))
        },
    },
    ExpiryJob {
        name: "passwordless devices with only expired codes",
        every: Duration::from_secs(HOUR_SECS),
        run: |engine| {
            // The outer condition is for a device that gets a new code meanwhile.
            Box::pin(delete(
                engine,
                engine.clock.now_ms(),
                "DELETE FROM passwordless_devices WHERE expires_at < $1 \
                 AND (app_id, tenant_id, device_id_hash) IN \
                 (SELECT app_id, tenant_id, device_id_hash FROM passwordless_devices \
                  WHERE expires_at < $1 LIMIT $2)",
            ))
        },
    },
    ExpiryJob {
        name: "expired second factor attempts",
        every: Duration::from_secs(HOUR_SECS),
        run: |engine| {
            // Until the cool-down is over they count.
            let cooldown = saturating_ms(engine.config.totp_rate_limit_cooldown);
            Box::pin(delete(
                engine,
                engine.clock.now_ms().saturating_sub(cooldown),
                "DELETE FROM second_factor_attempts \
                 WHERE (app_id, tenant_id, user_id, attempt) IN \
                 (SELECT app_id, tenant_id, user_id, attempt FROM second_factor_attempts \
                  WHERE expires_at < $1 LIMIT $2)",
            ))
        },
    },
    ExpiryJob {
        name: "signing keys past their last token",
        every: Duration::from_secs(24 * HOUR_SECS),
        run: |engine| {
            // A key verifies for its interval, and twice the validity of the tokens that it signed.
            let config = &engine.config;
            let life = config.signing_key_rotation_interval + 2 * config.access_token_validity;
            Box::pin(delete(
                engine,
                engine.clock.now_ms().saturating_sub(saturating_ms(life)),
                "DELETE FROM session_access_token_signing_keys WHERE (app_id, created_at_time) IN \
                 (SELECT app_id, created_at_time FROM session_access_token_signing_keys \
                  WHERE created_at_time < $1 LIMIT $2)",
            ))
        },
    },
];

async fn delete(engine: &Inner, before_ms: i64, sql: &'static str) -> Result<u64, EngineError> {
    let mut deleted = 0;
    loop {
        let body = in_tx!(|tx| { tx.execute(sql, params![before_ms, BATCH.cast_signed()]).await });
        let batch = engine.store.write(body).await?;
        deleted += batch;
        if batch < BATCH {
            return Ok(deleted);
        }
    }
}

/// Runs every job once.
pub(crate) async fn run_all(engine: &Inner) -> Result<(), EngineError> {
    for job in JOBS {
        (job.run)(engine).await?;
    }
    Ok(())
}

/// Runs the jobs at their times until the engine is gone. A job that fails or panics is logged, and
/// runs again at its next time.
pub(crate) async fn run_for_ever(engine: Weak<Inner>, jobs: &'static [ExpiryJob]) {
    let start = Instant::now();
    let mut due: Vec<(Instant, &ExpiryJob)> = jobs.iter().map(|job| (start, job)).collect();
    loop {
        let Some((when, job)) = due.iter_mut().min_by_key(|(when, _)| *when) else { return };
        sleep_until(*when).await;
        let Some(engine) = engine.upgrade() else { return };
        match AssertUnwindSafe(async { (job.run)(&engine).await }).catch_unwind().await {
            Ok(Ok(deleted)) => tracing::debug!(job = job.name, deleted, "tidied up"),
            Ok(Err(EngineError::ShuttingDown)) => return,
            Ok(Err(error)) => tracing::warn!(job = job.name, %error, "tidying up failed"),
            Err(_) => tracing::error!(job = job.name, "tidying up panicked"),
        }
        *when = Instant::now() + job.every;
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::Arc,
        sync::atomic::{AtomicU32, Ordering},
        time::Duration,
    };

    use super::{ExpiryJob, run_for_ever};
    use crate::{Engine, EngineConfig};

    static RUNS: AtomicU32 = AtomicU32::new(0);

    static PANICS: &[ExpiryJob] = &[ExpiryJob {
        name: "a job with a bug",
        every: Duration::from_millis(1),
        run: |_| {
            let run = RUNS.fetch_add(1, Ordering::SeqCst);
            Box::pin(async move {
                assert!(run > 2, "the bug");
                Ok(0)
            })
        },
    }];

    #[tokio::test]
    async fn a_job_that_panics_runs_again_and_all_ends_with_the_engine() {
        let engine = Engine::open(EngineConfig::in_memory()).await.unwrap();
        let jobs = tokio::spawn(run_for_ever(Arc::downgrade(engine.shared()), PANICS));
        while RUNS.load(Ordering::SeqCst) < 5 {
            tokio::task::yield_now().await;
        }
        drop(engine);
        jobs.await.unwrap();
    }
}
