//! What is done to the databases of tenants in the background.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use auth_protocol::TenantId;
use futures_util::{StreamExt, stream};
use tokio::time::{Instant, interval};

use super::{Pool, Target};
use crate::{EngineError, engine::Inner, jobs, measure, placement};

/// How often they are looked at.
const TICK: Duration = Duration::from_secs(1);

/// Databases that are tidied up at the same time.
const AT_ONCE: usize = 4;

/// How often a database is opened for its jobs alone.
const RARELY: Duration = Duration::from_secs(6 * 60 * 60);

/// The first round is that long after the start, so that of many processes that start at once one
/// has done its work before the others begin.
const FIRST: Duration = Duration::from_secs(10 * 60);

/// Closes what nobody uses, tidies up what is open, and now and then what isn't, until the engine is
/// gone.
pub(crate) async fn tend(engine: Weak<Inner>) {
    let mut ticks = interval(TICK);
    let mut next_round = Instant::now() + FIRST;
    let mut tidying: Option<tokio::task::JoinHandle<()>> = None;
    loop {
        ticks.tick().await;
        let Some(engine) = engine.upgrade() else { return };
        if engine.pools.is_closed() {
            return;
        }
        engine.pools.forget_idle();
        let all = engine.pools.all();
        let open = all.iter().filter(|pool| pool.opened().is_some()).count();
        let down = all.iter().filter(|pool| pool.why_down().is_some()).count();
        if !all.is_empty() {
            measure::tenant_databases(open, down, engine.pools.budget().in_use());
        }
        // One that is slow keeps no other from being closed.
        if tidying.as_ref().is_none_or(tokio::task::JoinHandle::is_finished) {
            let opens_others = Instant::now() >= next_round;
            if opens_others {
                next_round = Instant::now() + RARELY;
            }
            let engine = Arc::downgrade(&engine);
            tidying = Some(tokio::spawn(tidy(engine, opens_others)));
        }
    }
}

async fn tidy(engine: Weak<Inner>, opens_others: bool) {
    let Some(engine) = engine.upgrade() else { return };
    if opens_others {
        let targets = match placement::every_target(&engine).await {
            Ok(targets) => targets,
            Err(error) => {
                tracing::debug!(%error, "the databases of tenants could not be listed");
                Vec::new()
            }
        };
        stream::iter(targets).for_each_concurrent(AT_ONCE, |target| open(&engine, target)).await;
    }
    stream::iter(views(&engine))
        .for_each_concurrent(AT_ONCE, |(pool, view)| async move { attend(&pool, &view).await })
        .await;
}

/// Opens a database for its jobs; it is closed as any other.
async fn open(engine: &Inner, target: Target) {
    let pool = engine.pools.of(&target);
    if let Err(error) = pool.open(engine).await {
        tracing::debug!(database = target.place(), %error, "it could not be tidied up");
    }
}

/// Does what is due.
async fn attend(pool: &Pool, view: &Inner) {
    let now = Instant::now();
    let due: Vec<jobs::Job> = {
        let mut due = pool.due.lock();
        if due.is_empty() {
            due.extend(jobs::all().map(|job| (now, job)));
        }
        due.iter().filter(|(when, _)| *when <= now).map(|(_, job)| *job).collect()
    };
    for job in due {
        let wait = match job.attend(view).await {
            Ok(wait) => wait,
            Err(EngineError::ShuttingDown) => return,
            Err(error) => {
                tracing::debug!(
                    job = job.name(), database = pool.target.place(), %error,
                    "a job could not be looked at"
                );
                job.pause_after_failure(view)
            }
        };
        let mut due = pool.due.lock();
        if let Some(entry) = due.iter_mut().find(|(_, other)| other.name() == job.name()) {
            entry.0 = Instant::now() + wait;
        }
    }
}

/// An engine on each database that is open and not in trouble.
fn views(engine: &Inner) -> Vec<(Arc<Pool>, Inner)> {
    let view = |pool: Arc<Pool>| {
        let store = pool.opened().filter(|_| pool.why_down().is_none())?;
        let config = Arc::clone(&engine.home_config);
        Some((pool, engine.view(config, store, TenantId::default())))
    };
    engine.pools.all().into_iter().filter_map(view).collect()
}

/// An engine on each database of tenants that is open.
pub(crate) fn open_ones(engine: &Inner) -> Vec<Inner> {
    views(engine).into_iter().map(|(_, view)| view).collect()
}
