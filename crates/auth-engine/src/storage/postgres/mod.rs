//! PostgreSQL: a pool of connections, and transactions that are run again where they lost a race.

mod budget;
mod connection;
mod connector;
mod error;
mod migrate;
mod pool;
mod pooling;
mod prefer;
mod startup;
mod statistics;
mod tls;
mod translate;
mod value;

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

pub(crate) use self::budget::Budget;
#[cfg(test)]
pub(super) use self::translate::to_postgres;
pub(super) use self::{connection::PostgresConnection, value::column};
use deadpool_postgres::{Client, Pool};
use futures_util::{FutureExt, future::BoxFuture};
use tokio::{sync::RwLock, time};

use self::{
    connection::Mode, connector::STANDBY, error::Remedy, pool::NoConnection, pooling::Pooling,
    statistics::Commits,
};
use super::{Connections, Tx};
use crate::{
    EngineConfig, EngineError, PoolHealth, PostgresUrl, Random, measure, postgres_url::Isolation,
};

/// How often a transaction is tried.
const ATTEMPTS: u32 = 8;

/// How often it is tried where every conflict undoes one: as long as there is time.
const ATTEMPTS_SERIALIZABLE: u32 = 64;

/// The longest pause before the second attempt; each further one may be twice as long.
const FIRST_PAUSE_MS: u64 = 4;

/// The longest pause of all.
const LONGEST_PAUSE_MS: u64 = 250;

/// A pool of connections. Clones share it.
#[derive(Clone)]
pub(crate) struct PostgresStore(Arc<Shared>);

struct Shared {
    pool: Pool,
    pooling: Arc<Pooling>,
    random: Random,
    operation_timeout: Duration,
    attempts: u32,
    has_schema: bool,
    /// Whether it is the engine's own database, of which the metrics of pools tell.
    is_home: bool,
    is_closed: AtomicBool,
    commits: Commits,
    /// Held by every transaction, so that closing can wait for them.
    in_use: RwLock<()>,
}

/// An attempt that failed.
struct Failure {
    error: EngineError,
    retry: Retry,
}

/// How often a transaction that failed is run again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Retry {
    Never,
    /// If what it refers to was deleted while it ran, it sees that from its start then, and says so.
    Once,
    UntilItHolds,
}

impl Retry {
    fn when(is_worth_it: bool) -> Self {
        if is_worth_it { Self::UntilItHolds } else { Self::Never }
    }

    /// Whether to try after so many attempts of so many.
    fn allows(self, attempt: u32, attempts: u32) -> bool {
        match self {
            Self::Never => false,
            Self::Once => attempt == 1,
            Self::UntilItHolds => attempt < attempts,
        }
    }
}

impl PostgresStore {
    /// Connects, checks the server, and brings the schema up to date.
    pub(super) async fn open(
        url: &PostgresUrl,
        config: &EngineConfig,
        connections: &Connections,
    ) -> Result<Self, EngineError> {
        let pooling = Arc::new(Pooling::new(url, config));
        let is_home = connections.budget.is_none();
        let store = Self(Arc::new(Shared {
            pool: pool::make(url, config, connections, Arc::clone(&pooling))?,
            pooling,
            random: config.random.clone(),
            operation_timeout: config.database_operation_timeout,
            attempts: match url.isolation {
                Isolation::ReadCommitted => ATTEMPTS,
                Isolation::Serializable => ATTEMPTS_SERIALIZABLE,
            },
            has_schema: url.schema.is_some(),
            is_home,
            is_closed: AtomicBool::new(false),
            commits: Commits::default(),
            in_use: RwLock::new(()),
        }));
        let mut client = store.first_connection(url).await?;
        startup::check(&client, url).await?;
        migrate::migrate(&mut client, url, config.clock.now_ms()).await?;
        Ok(store)
    }

    /// A server that is just starting, or that many processes connect to at once, is asked again.
    async fn first_connection(&self, url: &PostgresUrl) -> Result<Client, EngineError> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            match pool::get(&self.0.pool).await {
                Ok(client) => return Ok(client),
                Err(NoConnection::Here(error)) => return Err(error),
                Err(NoConnection::Refused(error))
                    if attempt < ATTEMPTS && startup::is_passing(&error) =>
                {
                    self.pause(attempt).await;
                }
                Err(NoConnection::Standby) if attempt < ATTEMPTS => self.pause(attempt).await,
                Err(NoConnection::Refused(error)) => return Err(startup::explain(&error, url)),
                Err(NoConnection::Standby) => return Err(startup::explain_standby(url)),
            }
        }
    }

    pub(super) async fn write<T, F>(&self, body: F) -> Result<T, EngineError>
    where
        F: for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, EngineError>> + Send + Sync,
    {
        let result = self.run(Mode::Write, body).await;
        if result.is_ok() && self.0.commits.count() {
            self.analyse_new_tables();
        }
        result
    }

    pub(super) async fn read<T, F>(&self, body: F) -> Result<T, EngineError>
    where
        F: for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, EngineError>> + Send + Sync,
    {
        self.run(Mode::Read, body).await
    }

    pub(super) async fn read_one<T, F>(&self, body: F) -> Result<T, EngineError>
    where
        F: for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, EngineError>> + Send + Sync,
    {
        self.run(Mode::ReadOne, body).await
    }

    /// Waits for the transactions that are under way, refuses those that come later, and closes
    /// the connections.
    pub(super) async fn close(&self) {
        self.0.is_closed.store(true, Ordering::SeqCst);
        let _all_done = self.0.in_use.write().await;
        self.0.pool.close();
    }

    async fn run<T, F>(&self, mode: Mode, body: F) -> Result<T, EngineError>
    where
        F: for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, EngineError>> + Send + Sync,
    {
        let _in_use = self.0.in_use.read().await;
        if self.0.is_closed.load(Ordering::SeqCst) {
            return Err(EngineError::ShuttingDown);
        }
        let timeout = self.0.operation_timeout;
        time::timeout(timeout, self.run_until_it_holds(mode, &body)).await.unwrap_or_else(|_| {
            Err(error::unavailable("it took longer than `database_operation_timeout`"))
        })
    }

    async fn run_until_it_holds<T, F>(&self, mode: Mode, body: &F) -> Result<T, EngineError>
    where
        F: for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, EngineError>> + Send + Sync,
    {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let failure = match self.attempt(mode, body).await {
                Ok(value) => return Ok(value),
                Err(failure) => failure,
            };
            if !failure.retry.allows(attempt, self.0.attempts) {
                return Err(failure.error);
            }
            tracing::debug!(attempt, error = %failure.error, "a transaction is run again");
            measure::retry();
            self.pause(attempt).await;
        }
    }

    /// Closes the connections that nobody has used for a time.
    pub(super) fn close_idle(&self, for_at_least: Duration) {
        budget::close_idle(&self.0.pool, for_at_least);
    }

    /// The connections.
    pub(super) fn pool(&self) -> PoolHealth {
        let status = self.0.pool.status();
        let in_use = status.size.saturating_sub(status.available);
        PoolHealth { open: status.size, in_use, waiting: status.waiting }
    }

    async fn attempt<T, F>(&self, mode: Mode, body: &F) -> Result<T, Failure>
    where
        F: for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, EngineError>> + Send + Sync,
    {
        let since = Instant::now();
        let client = pool::get(&self.0.pool).await;
        measure::pool(self.0.is_home.then(|| self.pool()), since);
        let client = client.map_err(|refused| match refused {
            NoConnection::Here(error) => Failure { error, retry: Retry::Never },
            NoConnection::Standby => {
                Failure { error: error::unavailable(STANDBY), retry: Retry::UntilItHolds }
            }
            NoConnection::Refused(refused) => Failure {
                retry: Retry::when(
                    startup::is_passing(&refused) || error::is_connection_lost(&refused),
                ),
                error: error::not_connected(&refused),
            },
        })?;
        let mut connection = PostgresConnection::new(client, mode, Arc::clone(&self.0.pooling));
        let result = {
            let mut tx = Tx::postgres(&mut connection);
            let run = AssertUnwindSafe(async { body(&mut tx).await }).catch_unwind().await;
            match run {
                Ok(result) => tx.finish(result),
                Err(_) => Err(EngineError::Internal("a transaction panicked".to_owned())),
            }
        };
        // What isn't committed is rolled back when the connection is dropped.
        let result = match result {
            Ok(value) => connection.commit().await.map(|()| value),
            Err(error) => Err(error),
        };
        result.map_err(|error| {
            let remedy = connection.remedy();
            if remedy.needs_another_connection() {
                // The others lead to the same place.
                pool::let_go(&self.0.pool);
            }
            let retry = match remedy {
                Remedy::None if mode == Mode::Write && error.is_foreign_key_violation() => {
                    Retry::Once
                }
                remedy => Retry::when(remedy != Remedy::None || error.is_overtaken()),
            };
            Failure { error, retry }
        })
    }

    /// Waits for a random time, so that transactions that got into each other's way don't meet
    /// again.
    async fn pause(&self, attempt: u32) {
        let longest = FIRST_PAUSE_MS.saturating_mul(1 << attempt.min(16)).min(LONGEST_PAUSE_MS);
        let mut bytes = [0; 8];
        // Without a random number it is the longest pause.
        let part = match self.0.random.fill(&mut bytes) {
            Ok(()) => u64::from_le_bytes(bytes) % longest,
            Err(_) => longest,
        };
        time::sleep(Duration::from_millis(part)).await;
    }
}
